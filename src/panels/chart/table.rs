//! The table "Bars": the chart's accessible twin, with every figure exactly as received.

use std::fmt::Write as _;
use std::ops::Range;

use leptos::prelude::*;
use wickwire_chart::Zone;
use wickwire_chart::format::exact_price;
use wickwire_market::Series;
use wickwire_market::timeframe::SECOND;
use wickwire_proto::time::Timestamp;

use crate::ui::{El, after, el};

/// Newest bars that are in the table even when they are not in view.
pub const NEWEST_ROWS: usize = 500;
/// Rows at most, however many bars are in view.
pub const MAX_ROWS: usize = 2_000;

/// One row; equal rows are the same row and are not written again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Row {
    time: i64,
    /// What the zone adds to it, in seconds.
    offset: i32,
    figures: [u64; 5],
    decimals: usize,
}

/// What is in the table.
#[derive(Clone, Default, PartialEq)]
pub struct Rows {
    /// Whose clock tells the times.
    pub(super) zone: &'static str,
    pub(super) rows: Vec<Row>,
}

/// The rows for `visible`, oldest first: those bars and the newest, in one stretch that ends with the
/// newest bar as long as the two are not too far apart, else with the last in view.
pub(super) fn rows(series: &Series, visible: &Range<usize>, decimals: usize, zone: &dyn Zone) -> Vec<Row> {
    range(series.len(), visible)
        .filter_map(|i| {
            let bar = series.get(i)?;
            Some(Row {
                time: bar.time.nanos(),
                offset: zone.offset_seconds(bar.time.seconds()),
                figures: [bar.open, bar.high, bar.low, bar.close, bar.volume].map(f64::to_bits),
                decimals,
            })
        })
        .collect()
}

fn range(len: usize, visible: &Range<usize>) -> Range<usize> {
    let start = visible.start.min(len.saturating_sub(NEWEST_ROWS));
    if len - start <= MAX_ROWS {
        return start..len;
    }
    if visible.end < len {
        let end = visible.end.max(visible.start + 1).min(len);
        return visible.start.max(end.saturating_sub(MAX_ROWS))..end;
    }
    len - MAX_ROWS..len
}

impl Row {
    fn cells(&self) -> [String; 6] {
        let [open, high, low, close, volume] = self.figures.map(f64::from_bits);
        let price = |price: f64| {
            let mut out = String::new();
            exact_price(&mut out, price, self.decimals);
            out
        };
        let mut size = String::new();
        let _ = write!(size, "{volume}");
        let time = Timestamp(self.time).plus_nanos(i64::from(self.offset) * SECOND);
        let time = crate::format::utc(time);
        [time, price(open), price(high), price(low), price(close), size]
    }
}

/// The table; out of sight unless `shown`, and always there for those who do not see. Rows are newest
/// last.
#[must_use]
pub fn bars_table(rows: RwSignal<Rows>, shown: RwSignal<bool>) -> El {
    let head = |words| el("th", "").attr("scope", "col").text(words);
    let time = move || rows.with(|rows| ["Time (", rows.zone, ")"].concat());
    let heads = ["Open", "High", "Low", "Close", "Volume"].map(head);
    let row = |row: Row| {
        let [time, figures @ ..] = row.cells();
        el("tr", "")
            .child(el("th", "").attr("scope", "row").text(&time))
            .children(figures.map(|figure| el("td", "").text(&figure)))
    };
    let table = el("table", "")
        .attr("aria-label", "Bars")
        .child(el("thead", "").child(el("tr", "").child(head("").text_of(time)).children(heads)))
        .child(el("tbody", "").list(move || rows.with(|rows| rows.rows.clone()), |row| *row, row));
    let whole = el("div", "bars-table").class_if("out-of-sight", move || !shown.get()).child(table);
    let place = whole.clone();
    after(move || {
        // Newest last, so that is where to look.
        if shown.get() {
            place.node().set_scroll_top(place.node().scroll_height());
        }
    });
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hold_what_is_in_view_and_the_newest_and_are_bounded() {
        assert_eq!(range(0, &(0..0)), 0..0);
        assert_eq!(range(390, &(200..390)), 0..390);
        assert_eq!(range(5_000, &(4_800..5_000)), 4_500..5_000);
        assert_eq!(range(5_000, &(3_500..3_700)), 3_500..5_000, "still with the newest");
        assert_eq!(range(50_000, &(100..300)), 100..300, "too far apart");
        assert_eq!(range(50_000, &(0..50_000)), 48_000..50_000);
        assert_eq!(range(50_000, &(0..40_000)), 38_000..40_000);
    }
}
