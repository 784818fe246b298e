//! The legend: open, high, low, close, volume and change of the bar under the crosshair, or of the
//! last. Written straight into the page, because it changes with every pointer move.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::{Div, Span};
use leptos::prelude::*;
use wickwire_chart::format::{bar_time, exact_price, rounded_price, short_volume};
use wickwire_chart::{Chart, Legend};

use crate::engine::handle::EngineHandle;

/// The figures' names: open, high, low, close, volume; the change has none.
const NAMES: [&str; 6] = ["O", "H", "L", "C", "V", ""];
/// How many figures there are.
const FIGURES: usize = NAMES.len();

/// The legend's elements, and what stands in them.
#[derive(Clone, Copy)]
pub(super) struct LegendNodes {
    whole: NodeRef<Div>,
    time: NodeRef<Span>,
    figures: [NodeRef<Span>; FIGURES],
    written: StoredValue<Rc<RefCell<Written>>, LocalStorage>,
}

#[derive(Default)]
struct Written {
    legend: Option<Legend>,
    texts: [String; FIGURES],
    text: String,
}

impl LegendNodes {
    pub(super) fn new() -> Self {
        Self {
            whole: NodeRef::new(),
            time: NodeRef::new(),
            figures: std::array::from_fn(|_| NodeRef::new()),
            written: StoredValue::new_local(Rc::default()),
        }
    }

    /// The elements.
    pub(super) fn view(self, engine: EngineHandle) -> impl IntoView {
        let signals = engine.signals();
        let figure = |(name, node): (&'static str, NodeRef<Span>)| {
            view! {
                <span class="legend-figure">
                    {(!name.is_empty()).then(|| view! { <span class="legend-name">{name}</span> })}
                    <span class="legend-value" node_ref=node></span>
                </span>
            }
        };
        let figures: Vec<_> = NAMES.into_iter().zip(self.figures).map(figure).collect();
        // The table says the same, in order and in full.
        view! {
            <div aria-hidden="true">
                <span class="legend-symbol">{move || signals.symbol.get()}</span>
                <span class="legend-timeframe">{move || signals.timeframe.get().label()}</span>
                <div class="legend-figures flat" node_ref=self.whole>
                    {figures} <span class="legend-time" node_ref=self.time></span>
                </div>
            </div>
        }
    }

    /// What stands there, in one line.
    pub(super) fn text(&self) -> String {
        let time = self.time.get_untracked().and_then(|time| time.text_content()).unwrap_or_default();
        let written = self.written.try_with_value(Rc::clone);
        let Some(Ok(written)) = written.as_ref().map(|written| written.try_borrow()) else { return time };
        let mut out = String::new();
        for (name, text) in NAMES.iter().zip(&written.texts).filter(|(_, text)| !text.is_empty()) {
            for part in [name, " ", text, "  "].into_iter().skip(if name.is_empty() { 2 } else { 0 }) {
                out.push_str(part);
            }
        }
        out + &time
    }

    /// Writes what differs from what stands there.
    pub(super) fn write(&self, legend: Option<Legend>, chart: &Chart) {
        let written = self.written.try_with_value(Rc::clone);
        let Some(Ok(mut written)) = written.as_ref().map(|written| written.try_borrow_mut()) else { return };
        if written.legend == legend {
            return;
        }
        let Written { texts, text, legend: before } = &mut *written;
        let moved = before.map(|l| (l.time_ns, l.pointed)) != legend.map(|l| (l.time_ns, l.pointed));
        *before = legend;
        let decimals = chart.options().decimals;
        for (i, (node, old)) in self.figures.iter().zip(texts).enumerate() {
            text.clear();
            if let Some(legend) = legend {
                figure(text, i, &legend, decimals);
            }
            if old != text
                && let Some(node) = node.get_untracked()
            {
                node.set_text_content(Some(text));
                old.clone_from(text);
                if i == FIGURES - 1 {
                    // The change has a way of its own: a bar may fall and yet end above the last.
                    node.set_class_name(match legend.and_then(|legend| legend.change) {
                        Some(change) if change > 0.0 => "legend-value up",
                        Some(change) if change < 0.0 => "legend-value down",
                        _ => "legend-value flat",
                    });
                }
            }
        }
        if let Some(whole) = self.whole.get_untracked() {
            let class = match legend {
                None => "legend-figures flat",
                Some(legend) if legend.rising() => "legend-figures up",
                Some(_) => "legend-figures down",
            };
            if whole.class_name() != class {
                whole.set_class_name(class);
            }
        }
        if moved && let Some(time) = self.time.get_untracked() {
            text.clear();
            if let Some(legend) = legend.filter(|legend| legend.pointed) {
                bar_time(text, legend.time_ns, chart.zone(), chart.options().interval_ns);
            }
            time.set_text_content(Some(text));
        }
    }
}

fn figure(out: &mut String, which: usize, legend: &Legend, decimals: usize) {
    match which {
        0 => exact_price(out, legend.open, decimals),
        1 => exact_price(out, legend.high, decimals),
        2 => exact_price(out, legend.low, decimals),
        3 => exact_price(out, legend.close, decimals),
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
