//! From the layout that a person chose to what the chart is told.

use wickwire_chart::model::marks::Show;
use wickwire_chart::{ScaleMode, SeriesKind, Style};

use crate::layout::Layout;
use crate::layout::kinds::{Choice as _, Marks};

/// How the chart is drawn.
pub(super) fn style(layout: &Layout) -> Style {
    let shown = |mark| layout.marks.has(mark);
    Style {
        kind: SeriesKind::from_key(layout.series.key()).unwrap_or_default(),
        mode: ScaleMode::from_key(layout.scale.key()).unwrap_or_default(),
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
