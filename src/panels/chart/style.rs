//! From the layout that a person chose to what the chart is told.

use wickwire_chart::Style;
use wickwire_chart::model::marks::Show;

use crate::layout::Layout;
use crate::layout::kinds::Marks;

/// How the chart is drawn.
pub(super) fn style(layout: &Layout) -> Style {
    let shown = |mark| layout.marks.has(mark);
    Style {
        kind: layout.series,
        mode: layout.scale,
        show: Show {
            grid: shown(Marks::GRID),
            volume: shown(Marks::VOLUME),
            session_breaks: shown(Marks::BREAKS),
            extended_hours: shown(Marks::EXTENDED),
            last_price: shown(Marks::LAST),
            quote: shown(Marks::QUOTE),
            extremes: shown(Marks::EXTREMES),
            news: shown(Marks::NEWS),
            halts: shown(Marks::HALTS),
        },
    }
}
