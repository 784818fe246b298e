//! The legend: open, high, low, close, volume and change of the bar under the crosshair, or of the
//! last. Written straight into the page, because it changes with every pointer move.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::{Div, Span};
use leptos::prelude::*;
use wickwire_chart::format::{bar_time, exact_price, rounded_price, short_volume};
use wickwire_chart::{Chart, Legend};

use crate::engine::handle::EngineHandle;

/// How many figures there are: O H L C V, change.
const FIGURES: usize = 6;

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
        let [open, high, low, close, volume, change] = self.figures;
        let figure = |name: &'static str, node: NodeRef<Span>| {
            view! {
                <span class="legend-figure">
                    <span class="legend-name">{name}</span>
                    <span class="legend-value" node_ref=node></span>
                </span>
            }
        };
        // The table says the same, in order and in full.
        view! {
            <div class="legend" aria-hidden="true">
                <span class="legend-symbol">{move || signals.symbol.get()}</span>
                <span class="legend-timeframe">{move || signals.timeframe.get().label()}</span>
                <div class="legend-figures flat" node_ref=self.whole>
                    {figure("O", open)} {figure("H", high)} {figure("L", low)} {figure("C", close)}
                    {figure("V", volume)} <span class="legend-value" node_ref=change></span>
                    <span class="legend-time" node_ref=self.time></span>
                </div>
            </div>
        }
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
