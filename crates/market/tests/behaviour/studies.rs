//! A study that follows a series always has what a computation from the first row would give.

use wickwire_market::indicator::study::NEAR;
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

/// A study, and what it must be: computed at once from all rows since it last began anew, those
/// that have left the series included.
struct Follower {
    study: Study,
    rows: Vec<Bar>,
    gone: usize,
    outputs: Vec<Vec<f64>>,
    rebuilds: usize,
}

const CLASS: InstrumentClass = InstrumentClass::Crypto;

impl Follower {
    fn new(spec: StudySpec) -> Self {
        let study = Study::new(spec, CLASS);
        Self { study, rows: Vec::new(), gone: 0, outputs: Vec::new(), rebuilds: 0 }
    }

    fn follow(&mut self, series: &Series, what: &str) {
        let present: Vec<Bar> = series.iter().collect();
        let updated = self.study.update(series);
        assert_eq!(updated.len, series.len(), "{what}");
        if updated.rebuilt {
            self.gone = 0;
            self.rebuilds += 1;
            self.rows.clear();
            assert_eq!((updated.from, updated.evicted), (0, 0));
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
            assert!(equal(got, want), "{what}, output {index}: {got:?}, not {want:?}");
            if !updated.rebuilt {
                // A view that reads again what it is told to read has all.
                let mut view = self.outputs[index].split_off(updated.evicted);
                view.truncate(updated.from);
                view.extend_from_slice(&got[updated.from..]);
                assert!(equal(&view, got), "{what}, output {index}: more changed than was said");
            }
        }
        self.outputs = outputs;
        let again = self.study.update(series);
        assert!(again.is_empty(), "{what}: {again:?}");
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
