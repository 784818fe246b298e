//! The table "Bars": the chart's accessible twin, with every figure exactly as received.

use std::fmt::Write as _;
use std::ops::Range;

use leptos::html::Div;
use leptos::prelude::*;
use wickwire_chart::format::exact_price;
use wickwire_market::Series;
use wickwire_proto::time::Timestamp;

/// Newest bars that are in the table even when they are not in view.
pub const NEWEST_ROWS: usize = 500;
/// Rows at most, however many bars are in view.
pub const MAX_ROWS: usize = 2_000;

/// One row; equal rows are the same row and are not written again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Row {
    time: i64,
    figures: [u64; 5],
    decimals: usize,
}

/// The rows for `visible`, oldest first: those bars and the newest, in one stretch that ends with the
/// newest bar as long as the two are not too far apart, else with the last in view.
pub(super) fn rows(series: &Series, visible: &Range<usize>, decimals: usize) -> Vec<Row> {
    range(series.len(), visible)
        .filter_map(|i| {
            let bar = series.get(i)?;
            Some(Row {
                time: bar.time.nanos(),
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
        let time = crate::format::utc(Timestamp(self.time));
        [time, price(open), price(high), price(low), price(close), size]
    }
}

/// The table; out of sight unless `shown`, and always there for those who do not see.
#[component]
pub fn BarsTable(
    /// Rows, newest last.
    #[prop(into)]
    rows: Signal<Vec<Row>>,
    /// Whether it is in sight.
    #[prop(into)]
    shown: Signal<bool>,
) -> impl IntoView {
    let whole = NodeRef::<Div>::new();
    Effect::new(move |_| {
        // Newest last, so that is where to look.
        if shown.get()
            && let Some(whole) = whole.get()
        {
            whole.set_scroll_top(whole.scroll_height());
        }
    });
    view! {
        <div class="bars-table" node_ref=whole class:out-of-sight=move || !shown.get()>
            <table aria-label="Bars">
                <thead>
                    <tr>
                        <th scope="col">"Time (UTC)"</th>
                        <th scope="col">"Open"</th>
                        <th scope="col">"High"</th>
                        <th scope="col">"Low"</th>
                        <th scope="col">"Close"</th>
                        <th scope="col">"Volume"</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || rows.get()
                        key=|row| *row
                        children=|row| {
                            let [time, open, high, low, close, volume] = row.cells();
                            view! {
                                <tr>
                                    <th scope="row">{time}</th>
                                    <td>{open}</td>
                                    <td>{high}</td>
                                    <td>{low}</td>
                                    <td>{close}</td>
                                    <td>{volume}</td>
                                </tr>
                            }
                        }
                    />
                </tbody>
            </table>
        </div>
    }
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
