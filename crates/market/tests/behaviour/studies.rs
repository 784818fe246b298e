//! A study that follows a series always has what a computation from the first row would give; where rows
//! came in front, but for the last digits of sums.

use wickwire_market::indicator::study::{MAX_FELT, NEAR, Updated};
use wickwire_market::indicator::{Study, StudyKind, StudySpec};
use wickwire_market::{Bar, InstrumentClass, Series};
use wickwire_proto::time::Timestamp;

use crate::support::{Rng, row};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// 23 November 2026, 12:00 UTC, in minutes.
const NOON: i64 = 29_924_640;

fn bar(minute: i64, rng: &mut Rng) -> Bar {
    let close = 100.0 + rng.below(2_000) as f64 / 100.0;
    let high = close + rng.below(100) as f64 / 100.0;
    let low = close - rng.below(100) as f64 / 100.0;
    let vwap = rng.chance(60).then_some(f64::midpoint(high, low));
    // Now and then what no source sends.
    let high = if rng.chance(1) { f64::NAN } else { high };
    let time = Timestamp::from_seconds((NOON + minute) * 60);
    let volume = rng.below(500) as f64;
    let delta = (volume >= 50.0).then_some(volume - 250.0);
    Bar { vwap, delta, ..row(time, [close, high, low, close], volume) }
}

fn spec(kind: StudyKind, rng: &mut Rng) -> StudySpec {
    let mut spec = StudySpec::new(kind);
    for index in 0..kind.params().len() {
        spec = spec.with(index, 1.0 + rng.below(30) as f64);
    }
    spec
}

fn equal(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
}

/// Equal but for the last digits of sums that were added in another order.
fn nearly_equal(a: &[f64], b: &[f64]) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(1.0);
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(*a, *b) || (a.is_nan() && b.is_nan()))
}

/// A study, and what it must be: computed at once from all rows that it has seen since it last began anew,
/// those that have left the series included, and those that came in front since.
struct Follower {
    study: Study,
    rows: Vec<Bar>,
    gone: usize,
    outputs: Vec<Vec<f64>>,
    rebuilds: usize,
    /// Times that rows came in front and it did not begin anew.
    led_in: usize,
    /// Whether none did since it last began anew: then all figures are equal to the last digit.
    exact: bool,
}

const CLASS: InstrumentClass = InstrumentClass::Crypto;

impl Follower {
    fn new(spec: StudySpec) -> Self {
        let study = Study::new(spec, CLASS);
        Self { study, rows: Vec::new(), gone: 0, outputs: Vec::new(), rebuilds: 0, led_in: 0, exact: true }
    }

    fn follow(&mut self, series: &Series, what: &str) -> Updated {
        let present: Vec<Bar> = series.iter().collect();
        let updated = self.study.update(series);
        assert_eq!(updated.len, series.len(), "{what}");
        if updated.rebuilt {
            self.gone = 0;
            self.rebuilds += 1;
            self.rows.clear();
            self.exact = true;
            assert_eq!((updated.from, updated.evicted, updated.prepended, updated.front), (0, 0, 0, 0));
        } else if updated.prepended > 0 {
            assert_eq!(self.gone, 0, "{what}: what has left is felt");
            self.rows.clear();
            self.led_in += 1;
            self.exact = false;
        } else {
            self.gone += updated.evicted;
            self.rows.truncate(self.gone);
        }
        self.rows.extend_from_slice(&present);

        let mut all = Series::new(self.rows.len());
        all.prepend(&self.rows);
        let mut fresh = Study::new(*self.study.spec(), CLASS);
        fresh.update(&all);
        let outputs: Vec<Vec<f64>> = self.study.outputs().map(<[f64]>::to_vec).collect();
        for (index, got) in outputs.iter().enumerate() {
            let want = fresh.output(index).get(self.gone..).unwrap_or_default();
            let same = if self.exact { equal(got, want) } else { nearly_equal(got, want) };
            assert!(same, "{what}, output {index}: {got:?}, not {want:?}");
            if !updated.rebuilt {
                // A view that reads again what it is told to read has all.
                let mut view = self.outputs[index].split_off(updated.evicted);
                view.splice(0..0, std::iter::repeat_n(f64::NAN, updated.prepended));
                view[..updated.front].copy_from_slice(&got[..updated.front]);
                view.truncate(updated.from);
                view.extend_from_slice(&got[updated.from..]);
                assert!(equal(&view, got), "{what}, output {index}: more changed than was said");
            }
        }
        self.outputs = outputs;
        let again = self.study.update(series);
        assert!(again.is_empty(), "{what}: {again:?}");
        updated
    }
}

#[test]
fn whatever_happens_between_two_looks() {
    let mut rebuilds = 0;
    let mut looks = 0;
    for seed in 0..28 {
        let mut rng = Rng(seed);
        let kind = StudyKind::ALL[seed as usize % StudyKind::ALL.len()];
        let spec = spec(kind, &mut rng);
        // Below, between and above what is kept for near corrections.
        let limit = [20, NEAR + 30, 4 * NEAR][rng.below(3)];
        let mut series = Series::new(limit);
        let mut follower = Follower::new(spec);
        let mut last = 0_i64;
        for step in 0..600 {
            let minute = match rng.below(100) {
                0..=34 => last,
                35..=79 => {
                    last += 1 + rng.below(2) as i64 * rng.below(400) as i64;
                    last
                }
                80..=93 => last - rng.below(8) as i64,
                94..=95 => last - rng.below(300) as i64,
                96 => {
                    let front = series.time().first().map_or(0, |t| t / 60_000_000_000 - NOON);
                    let page: Vec<Bar> = (front - 20..front).map(|m| bar(m, &mut rng)).collect();
                    series.prepend(&page);
                    last
                }
                97 => {
                    let minute = last - rng.below(20) as i64;
                    series.remove(Timestamp::from_seconds((NOON + minute) * 60));
                    minute
                }
                98 => {
                    // A burst that no view could follow.
                    for _ in 0..rng.below(2 * limit) {
                        last += 1;
                        series.put(&bar(last, &mut rng));
                    }
                    last
                }
                _ => {
                    if rng.chance(30) {
                        series.clear();
                    }
                    last
                }
            };
            if rng.chance(95) {
                series.put(&bar(minute, &mut rng));
            }
            if rng.chance(40) {
                looks += 1;
                follower.follow(&series, &format!("seed {seed}, {}, step {step}", spec.label()));
            }
        }
        rebuilds += follower.rebuilds;
    }
    assert!(rebuilds > 100 && rebuilds * 4 < looks, "{rebuilds} of {looks} looks began anew");
}

#[test]
fn a_near_correction_begins_not_at_the_first_row() {
    let mut rng = Rng(5);
    for kind in StudyKind::ALL {
        let mut series = Series::new(1_000);
        for minute in 0..300 {
            series.put(&bar(minute, &mut rng));
        }
        let mut follower = Follower::new(StudySpec::new(kind));
        follower.follow(&series, kind.key());
        for minute in 300..400_i64 {
            series.put(&bar(minute, &mut rng));
            let back = rng.below(NEAR + 1) as i64;
            series.put(&bar(minute - back, &mut rng));
            follower.follow(&series, kind.key());
        }
        assert_eq!(follower.rebuilds, 1, "{kind:?}");
        series.put(&bar(100, &mut rng));
        follower.follow(&series, kind.key());
        assert_eq!(follower.rebuilds, 2, "{kind:?}: this one was far");
    }
}

#[test]
fn whatever_happens_while_pages_come_in_front() {
    let (mut led_in, mut rebuilds) = (0, 0);
    for seed in 0..42 {
        let mut rng = Rng(seed);
        let kind = StudyKind::ALL[seed as usize % StudyKind::ALL.len()];
        let mut spec = spec(kind, &mut rng);
        if rng.chance(50) {
            spec = spec.with(0, 1.0 + rng.below(4) as f64);
        }
        let mut series = Series::new(900);
        let (mut first, mut last) = (0, 500_i64);
        for minute in first..last {
            series.put(&bar(minute, &mut rng));
        }
        let mut follower = Follower::new(spec);
        for step in 0..50 {
            for _ in 0..1 + rng.below(3) {
                match rng.below(10) {
                    0..=2 => {
                        // With a hole behind it, at times, and more than there is room for.
                        let to = first - rng.below(2) as i64 * rng.below(900) as i64;
                        first = to - 1 - rng.below(80) as i64;
                        let page: Vec<Bar> = (first..to).map(|minute| bar(minute, &mut rng)).collect();
                        series.prepend(&page);
                        first = series.time().first().map_or(0, |time| time / 60_000_000_000 - NOON);
                    }
                    3 => {
                        for _ in 0..rng.below(60) {
                            last += 1;
                            series.put(&bar(last, &mut rng));
                        }
                    }
                    pick => {
                        last += i64::from(pick > 7);
                        let minute = if pick == 4 { last - rng.below(100) as i64 } else { last };
                        series.put(&bar(minute, &mut rng));
                    }
                }
            }
            follower.follow(&series, &format!("seed {seed}, {}, step {step}", spec.label()));
        }
        led_in += follower.led_in;
        rebuilds += follower.rebuilds;
    }
    assert!(led_in > 200 && rebuilds > 100, "{led_in} led in, {rebuilds} began anew");
}

/// Pages of history in front of many bars: what is computed is the page and what still feels it.
#[test]
fn bars_in_front_cost_themselves_and_what_still_feels_them_but_for_sums_of_all() {
    const PAGE: i64 = 200;
    for kind in StudyKind::ALL {
        let mut rng = Rng(9);
        let mut series = Series::new(10_000);
        for minute in 0..5_000 {
            series.put(&bar(minute, &mut rng));
        }
        let mut follower = Follower::new(StudySpec::new(kind));
        follower.follow(&series, kind.key());
        for page in 1..=3 {
            let from = -page * PAGE;
            let bars: Vec<Bar> = (from..from + PAGE).map(|minute| bar(minute, &mut rng)).collect();
            series.prepend(&bars);
            // The newest may change in the same moment.
            if page == 2 {
                series.put(&bar(4_999, &mut rng));
            }
            let what = format!("{kind:?}, page {page}");
            let updated = follower.follow(&series, &what);
            let sums_all = matches!(kind, StudyKind::Obv | StudyKind::Cvd);
            assert_eq!(updated.rebuilt, sums_all, "{what}");
            // A session's sums go on to midnight. Of an average of 26 bars a 27th is left after 13, so that of
            // 53 binary digits none is after 480; those that are rounded otherwise take some time more.
            let felt = if kind == StudyKind::Vwap { 24 * 60 } else { 1_200 };
            let front = updated.front;
            let few = PAGE as usize + 1..PAGE as usize + felt;
            assert!(
                sums_all || (updated.prepended == PAGE as usize && few.contains(&front)),
                "{what}: {front}"
            );
        }
        assert_eq!(follower.rebuilds, if follower.led_in == 0 { 4 } else { 1 }, "{kind:?}");
    }
}

/// What the first rows are decides where averages begin: they may be without prices, and pages short.
#[test]
fn pages_of_any_length_come_before_any_first_row() {
    for kind in StudyKind::ALL {
        for (blank_first, blank_page) in [(true, false), (true, true), (false, true), (false, false)] {
            for count in [1, 2, 3, 14, 40_i64] {
                let mut rng = Rng(count as u64);
                let mut series = Series::new(10_000);
                for minute in 0..3_000 {
                    let blank = blank_first && minute == 0;
                    let close = if blank { f64::NAN } else { bar(minute, &mut rng).close };
                    series.put(&Bar { close, ..bar(minute, &mut rng) });
                }
                let mut follower = Follower::new(StudySpec::new(kind));
                follower.follow(&series, kind.key());
                for page in 1..=3 {
                    let from = -page * count;
                    let mut bars: Vec<Bar> = (from..from + count).map(|m| bar(m, &mut rng)).collect();
                    if blank_page {
                        let kept = bars[0];
                        bars.iter_mut().for_each(|bar| bar.close = f64::NAN);
                        bars[0] = kept;
                    }
                    series.prepend(&bars);
                    let what = format!("{kind:?}, {blank_first}, {blank_page}, page {page} of {count}");
                    let updated = follower.follow(&series, &what);
                    assert!(updated.rebuilt || updated.from == series.len(), "{what}: {updated:?}");
                    assert!(updated.rebuilt || updated.front < 2_000, "{what}: {updated:?}");
                }
                let sums_all = matches!(kind, StudyKind::Obv | StudyKind::Cvd);
                assert!(sums_all || follower.led_in == 3, "{kind:?}: {}", follower.led_in);
            }
        }
    }
}

/// Rows that have left are felt until the study begins anew, so that it does before others take their place.
#[test]
fn pages_after_rows_have_left_begin_anew() {
    for kind in StudyKind::ALL {
        let mut rng = Rng(4);
        let mut series = Series::new(3_000);
        for minute in 0..3_000 {
            series.put(&bar(minute, &mut rng));
        }
        let mut follower = Follower::new(StudySpec::new(kind));
        follower.follow(&series, kind.key());
        series.set_limit(2_000);
        follower.follow(&series, kind.key());
        series.set_limit(4_000);
        let page: Vec<Bar> = (900..1_000).map(|minute| bar(minute, &mut rng)).collect();
        series.prepend(&page);
        assert!(follower.follow(&series, kind.key()).rebuilt, "{kind:?}");
        let page: Vec<Bar> = (800..900).map(|minute| bar(minute, &mut rng)).collect();
        series.prepend(&page);
        let rebuilt = follower.follow(&series, kind.key()).rebuilt;
        assert_eq!(rebuilt, matches!(kind, StudyKind::Obv | StudyKind::Cvd), "{kind:?}");
    }
}

/// An average of a thousand bars would need some twenty thousand.
#[test]
fn what_feels_too_many_bars_begins_anew() {
    let mut rng = Rng(6);
    let mut series = Series::new(7 * MAX_FELT);
    for minute in 0..6 * MAX_FELT as i64 {
        series.put(&bar(minute, &mut rng));
    }
    for (length, rebuilt) in [(100.0, false), (1_000.0, true)] {
        let mut follower = Follower::new(StudySpec::new(StudyKind::Ema).with(0, length));
        follower.follow(&series, "before");
        series.prepend(&[bar(-1 - length as i64, &mut rng)]);
        let updated = follower.follow(&series, "one in front");
        assert_eq!(updated.rebuilt, rebuilt, "{length}: {updated:?}");
    }
}

#[test]
fn an_update_says_which_rows_to_read_again() {
    let mut rng = Rng(8);
    let mut series = Series::new(100);
    series.put(&bar(0, &mut rng));
    let mut study = Study::new(StudySpec::new(StudyKind::Ema), CLASS);
    let look = |study: &mut Study, series: &Series| {
        let updated = study.update(series);
        (updated.rebuilt, updated.evicted, updated.from, updated.len)
    };
    assert_eq!(look(&mut study, &series), (true, 0, 0, 1));
    for (from, to) in [(1, 50), (50, 90)] {
        for minute in from..to {
            series.put(&bar(minute, &mut rng));
        }
        assert_eq!(look(&mut study, &series), (false, 0, from as usize, to as usize));
    }
    assert_eq!(look(&mut study, &series), (false, 0, 90, 90));
    series.put(&bar(89, &mut rng));
    assert_eq!(look(&mut study, &series), (false, 0, 89, 90));
    series.put(&bar(90, &mut rng));
    assert_eq!(look(&mut study, &series), (false, 0, 90, 91));
    series.put(&bar(88, &mut rng));
    assert_eq!(look(&mut study, &series), (false, 0, 88, 91));
    for minute in 91..105 {
        series.put(&bar(minute, &mut rng));
    }
    assert_eq!(look(&mut study, &series), (false, 5, 86, 100));
    series.put(&bar(6, &mut rng));
    assert_eq!(look(&mut study, &series), (true, 0, 0, 100));
    series.remove(Timestamp::from_seconds((NOON + 104) * 60));
    assert_eq!(look(&mut study, &series), (true, 0, 0, 99));
    study.reset();
    assert_eq!(look(&mut study, &series), (true, 0, 0, 99));
    assert_eq!((study.len(), study.at(98)[0]), (99, study.output(0)[98]));
    assert!(study.at(99)[0].is_nan() && study.output(1).is_empty() && study.output(3).is_empty());
}
