//! The legend: open, high, low, close, volume and change of the bar under the crosshair, or of the
//! last. On a canvas of its own, because it changes with every pointer move.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::HtmlCanvasElement;
use wickwire_chart::format::{bar_time, rounded_price, short_volume};
use wickwire_chart::{Chart, Color, Legend};

use crate::canvas::{CanvasError, FIGURE_GAP, Figure, Figures, NAME_GAP};
use crate::dom;
use crate::engine::handle::EngineHandle;
use crate::export::picture::Word;
use crate::ui::{El, Slot, el};

/// The figures' names: open, high, low, close, volume; change and time have none.
const NAMES: [&str; 7] = ["O", "H", "L", "C", "V", "", ""];
/// How many figures there are.
const FIGURES: usize = NAMES.len();
const CHANGE: usize = FIGURES - 2;
const TIME: usize = FIGURES - 1;
/// What the legend leaves free of the chart's width for the price axis and tools, CSS pixels, as in
/// the style sheet.
const FREE: f64 = 150.0;
/// The same on a phone, where the tools are elsewhere.
const FREE_NARROW: f64 = 76.0;

/// The legend's elements once they are built.
#[derive(Clone, Copy)]
pub(super) struct LegendNodes {
    canvas: Slot,
    text: StoredValue<Rc<RefCell<Option<LegendText>>>, LocalStorage>,
}

impl LegendNodes {
    pub(super) fn new() -> Self {
        Self { canvas: Slot::new(), text: StoredValue::new_local(Rc::default()) }
    }

    /// The elements.
    pub(super) fn view(self, engine: EngineHandle) -> El {
        let signals = engine.signals();
        // The table says the same, in order and in full.
        el("div", "")
            .attr("aria-hidden", "true")
            .child(el("span", "legend-symbol").text_of(move || signals.symbol.get()))
            .child(el("span", "legend-timeframe").text_of(move || signals.timeframe.get().label()))
            .child(el("canvas", "legend-figures").in_slot(self.canvas))
    }

    fn with<R>(&self, run: impl FnOnce(&mut Option<LegendText>) -> R) -> Option<R> {
        let text = self.text.try_with_value(Rc::clone)?;
        let mut text = text.try_borrow_mut().ok()?;
        Some(run(&mut text))
    }

    /// What stands there, line by line; names in the colour `names`.
    pub(super) fn lines(&self, names: Color) -> Vec<Vec<Word>> {
        self.with(|text| text.as_ref().map(|text| text.lines(names))).flatten().unwrap_or_default()
    }

    /// Writes what differs from what stands there, once the canvas is in the page.
    pub(super) fn write(&self, legend: Option<Legend>, chart: &Chart, ratio: f64) {
        self.with(|text| {
            if text.is_none() {
                *text = self.canvas.get().and_then(|canvas| LegendText::new(canvas).ok());
            }
            // Without its canvas the legend is still in the table.
            let _ = text.as_mut().map(|text| text.write(legend, chart, ratio));
        });
    }
}

/// The legend's figures, and what they say.
pub struct LegendText {
    figures: Figures,
    written: Option<Written>,
    /// How wide it may be, CSS pixels.
    room: f64,
    texts: [String; FIGURES],
}

/// What the texts were made from.
#[derive(Clone, Copy, PartialEq)]
struct Written {
    legend: Option<Legend>,
    decimals: usize,
    colors: [Color; 4],
    width: i32,
    ratio: f64,
}

impl LegendText {
    /// Writes on `canvas`.
    ///
    /// # Errors
    /// When it gives no 2D context.
    pub fn new(canvas: HtmlCanvasElement) -> Result<Self, CanvasError> {
        Ok(Self { figures: Figures::new(canvas)?, written: None, room: 0.0, texts: Default::default() })
    }

    /// Writes what differs from what stands there.
    ///
    /// # Errors
    /// What the canvas answers.
    pub fn write(&mut self, legend: Option<Legend>, chart: &Chart, ratio: f64) -> Result<(), CanvasError> {
        let theme = chart.theme();
        let (decimals, width) = (chart.options().decimals, chart.layout().all.w);
        let colors = [theme.up, theme.down, theme.secondary, theme.muted];
        let now = Written { legend, decimals, colors, width, ratio };
        if self.written == Some(now) && !self.figures.is_lost() {
            return Ok(());
        }
        if self.written.is_none_or(|written| (written.width, written.ratio) != (width, ratio)) {
            let narrow = dom::media_matches("(max-width: 760px)");
            self.room = f64::from(width) / ratio - if narrow { FREE_NARROW } else { FREE };
        }
        for (i, text) in self.texts.iter_mut().enumerate() {
            text.clear();
            match legend {
                Some(legend) if i < TIME => figure(text, i, &legend, decimals),
                Some(legend) if legend.pointed => {
                    bar_time(text, legend.time_ns, chart.zone(), chart.options().interval_ns);
                }
                _ => {}
            }
        }
        let direction = |rising: bool| if rising { theme.up } else { theme.down };
        let body = legend.map_or(theme.secondary, |legend| direction(legend.rising()));
        // The change has a way of its own: a bar may fall and yet end above the last.
        let change = legend.and_then(|legend| legend.change).filter(|change| *change != 0.0);
        let change = change.map_or(theme.secondary, |change| direction(change > 0.0));
        let figures: [Figure<'_>; FIGURES] = std::array::from_fn(|i| Figure {
            name: NAMES.get(i).copied().unwrap_or_default(),
            value: self.texts.get(i).map_or("", String::as_str),
            color: match i {
                CHANGE => change,
                TIME => theme.muted,
                _ => body,
            },
        });
        let done = self.figures.write(&figures, theme.muted, (self.room, ratio));
        self.written = done.is_ok().then_some(now);
        done
    }

    fn lines(&self, names: Color) -> Vec<Vec<Word>> {
        let mut lines: Vec<Vec<Word>> = Vec::new();
        for (i, (name, text)) in NAMES.iter().zip(&self.texts).enumerate() {
            if text.is_empty() {
                continue;
            }
            let (line, color) = self.figures.line_and_color(i);
            lines.resize_with(lines.len().max(line + 1), Vec::new);
            let Some(words) = lines.get_mut(line) else { continue };
            let named = !name.is_empty();
            if named {
                words.push(Word { text: (*name).to_owned(), color: names, gap: FIGURE_GAP });
            }
            words.push(Word { text: text.clone(), color, gap: if named { NAME_GAP } else { FIGURE_GAP } });
        }
        lines
    }
}

fn figure(out: &mut String, which: usize, legend: &Legend, decimals: usize) {
    match which {
        0 => legend.write_price(out, legend.open, decimals),
        1 => legend.write_price(out, legend.high, decimals),
        2 => legend.write_price(out, legend.low, decimals),
        3 => legend.write_price(out, legend.close, decimals),
        4 => short_volume(out, legend.volume),
        _ => {
            let Some(change) = legend.change else { return };
            out.push_str(if change > 0.0 {
                "▲ +"
            } else if change < 0.0 {
                "▼ "
            } else {
                ""
            });
            rounded_price(out, change, decimals);
            if let Some(percent) = legend.percent {
                out.push_str(if change > 0.0 { " (+" } else { " (" });
                rounded_price(out, percent, 2);
                out.push_str("%)");
            }
        }
    }
}
