//! A view that follows [`Series::changes`] always has what the series has.

use wickwire_market::{Bar, Seen, Series};
use wickwire_proto::time::Timestamp;

use crate::support::{Rng, row};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Default)]
struct View {
    seen: Seen,
    rows: Vec<Bar>,
    read: usize,
}

impl View {
    fn follow(&mut self, series: &Series) {
        let changes = series.changes(&self.seen);
        if changes.rebuilt {
            self.rows = series.iter().collect();
            self.read += self.rows.len();
        } else {
            self.rows.drain(..changes.evicted);
            self.rows.splice(0..0, (0..changes.prepended).map(|_| Bar::default()));
            self.rows.resize(changes.len, Bar::default());
            for index in (0..changes.prepended).chain(changes.changed) {
                self.rows[index] = series.get(index).unwrap();
                self.read += 1;
            }
        }
        self.seen = series.seen();
        assert!(series.changes(&self.seen).is_empty());
        assert!(self.rows.iter().copied().eq(series.iter()));
    }
}

fn bar(minute: i64, value: f64) -> Bar {
    row(Timestamp::from_seconds(minute * 60), [value; 4], value)
}

/// Rows that came one by one, left, and were followed by a page in their place.
#[test]
fn a_page_in_place_of_rows_that_came_one_by_one_is_told_whole() {
    let mut series = Series::new(100);
    for minute in (10..20).chain((5..10).rev()) {
        series.put(&bar(minute, 2.0));
    }
    let mut view = View::default();
    view.follow(&series);
    series.set_limit(10);
    series.set_limit(100);
    let page: Vec<Bar> = (5..10).map(|minute| bar(minute, 3.0)).collect();
    assert_eq!(series.prepend(&page), 5);
    view.follow(&series);
}

#[test]
fn whatever_happens_between_two_looks() {
    for seed in 0..60 {
        let mut rng = Rng(seed);
        let mut series = Series::new(40);
        let mut views = [View::default(), View::default()];
        let (mut first, mut last) = (1_000_i64, 1_000_i64);
        for step in 0..600 {
            let value = f64::from(step);
            match rng.below(14) {
                0..=3 => series.put(&bar(last, value)),
                4..=6 => {
                    last += 1 + rng.below(3) as i64;
                    series.put(&bar(last, value))
                }
                7 => series.put(&bar(last - rng.below(20) as i64, value)),
                8 => {
                    series.remove(Timestamp::from_seconds((last - rng.below(20) as i64) * 60));
                    wickwire_market::series::Put::Nothing
                }
                9 => {
                    let front = series.time().first().map_or(first, |t| t / 60_000_000_000);
                    first = front - 1 - rng.below(5) as i64;
                    let page: Vec<Bar> = (first..front).map(|m| bar(m, value)).collect();
                    series.prepend(&page);
                    wickwire_market::series::Put::Nothing
                }
                13 => {
                    // History that comes bar by bar, newest first; now and then another bar changes in between.
                    let front = series.time().first().map_or(first, |t| t / 60_000_000_000);
                    for minute in (front - rng.below(8) as i64..front).rev() {
                        series.put(&bar(minute, value));
                        if rng.chance(20) {
                            series.put(&bar(minute + rng.below(3) as i64, value + 0.5));
                        }
                        if rng.chance(20) {
                            views[1].follow(&series);
                        }
                    }
                    wickwire_market::series::Put::Nothing
                }
                10 if rng.chance(10) => {
                    series.set_limit(10 + rng.below(50));
                    assert!(series.len() <= series.limit());
                    wickwire_market::series::Put::Nothing
                }
                11 if rng.chance(30) => {
                    last += 1;
                    let times: Vec<i64> = (last..last + 5).map(|minute| minute * 60_000_000_000).collect();
                    let taken = series.append(&times, [&[value; 5]; 5]);
                    assert_eq!(taken, 5.min(series.limit().saturating_sub(series.len() - taken)));
                    last += 4;
                    wickwire_market::series::Put::Nothing
                }
                11 if rng.chance(5) => {
                    series.clear();
                    wickwire_market::series::Put::Nothing
                }
                _ => wickwire_market::series::Put::Nothing,
            };
            if rng.chance(40) {
                views[0].follow(&series);
            }
            if rng.chance(3) {
                views[1].follow(&series);
            }
        }
    }
}

#[test]
fn appended_columns_are_rows_and_what_is_not_later_is_left_out() {
    let minutes = |range: std::ops::Range<i64>| range.map(|m| m * 60_000_000_000).collect::<Vec<_>>();
    let mut series = Series::new(8);
    let rows = [2.0; 8];
    let columns: [&[f64]; 5] = [&rows; 5];
    assert_eq!(series.append(&minutes(1..4), columns), 3);
    let mut put = Series::new(8);
    (1..4).for_each(|minute| {
        put.put(&bar(minute, 2.0));
    });
    assert!(series.iter().zip(put.iter()).all(|(a, b)| (a.time, a.close) == (b.time, b.close)));
    assert_eq!(series.iter().next().unwrap().vwap, None);
    assert_eq!(series.append(&minutes(3..6), columns), 0, "the first is not later");
    assert_eq!(series.append(&[4, 5, 5, 6].map(|m| m * 60_000_000_000), columns), 2);
    assert_eq!(series.append(&minutes(6..20), columns), 3, "as many as fit");
    assert_eq!(series.len(), 8);
}

#[test]
fn ticks_cost_one_row_a_look() {
    let mut series = Series::new(10_000);
    for minute in 0..5_000 {
        series.put(&bar(minute, 1.0));
    }
    let mut view = View::default();
    view.follow(&series);
    assert_eq!(view.read, 5_000);
    for frame in 0..100 {
        for tick in 0..50 {
            series.put(&bar(4_999, f64::from(frame * 100 + tick) + 2.0));
        }
        let changes = series.changes(&view.seen);
        assert!(changes.only_last());
        view.follow(&series);
    }
    assert_eq!(view.read, 5_100);
    let settled = series.settled_revision();
    series.put(&bar(4_999, -1.0));
    assert_eq!(series.settled_revision(), settled);
    series.put(&bar(5_000, 1.0));
    assert_ne!(series.settled_revision(), settled);
}
