//! Indicators once more, in the plainest way, from their textbook definitions: each value from a list of
//! bars, nothing kept from one to the next. What is not defined yet is not a number.

use anyhow::{Result, ensure};

/// A bar of the table that the page exports.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// As the table on the page writes it.
    pub(crate) time: String,
    pub(crate) high: f64,
    pub(crate) low: f64,
    pub(crate) close: f64,
    pub(crate) volume: f64,
    pub(crate) vwap: f64,
}

/// Reads the table that the page exports.
pub(crate) fn rows(csv: &[u8]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for line in std::str::from_utf8(csv)?.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        ensure!(cells.len() == 9, "a row {line:?}");
        let number = |i: usize| cells[i].parse().unwrap_or(f64::NAN);
        let time = cells[0].replace('T', " ").trim_end_matches('Z').to_owned();
        let [high, low, close, volume, vwap] = [2, 3, 4, 5, 6].map(number);
        rows.push(Row { time, high, low, close, volume, vwap });
    }
    Ok(rows)
}

/// Every value of a list of which the last `length` are there.
fn over(values: &[f64], length: usize, of: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let window = |i: usize| (i + 1).checked_sub(length).map(|from| &values[from..=i]);
    (0..values.len()).map(|i| window(i).map_or(f64::NAN, &of)).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn highest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::MIN, f64::max)
}

fn lowest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::MAX, f64::min)
}

/// Applies `of` to the numbers of a list that begins with some that are none.
fn after_nans(values: &[f64], of: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let start = values.iter().position(|value| !value.is_nan()).unwrap_or(values.len());
    let mut out = vec![f64::NAN; start];
    out.extend(of(&values[start..]));
    out
}

/// Begins with the mean of the first values; then each moves it by a share of the distance.
fn smooth(values: &[f64], length: usize, share: f64) -> Vec<f64> {
    let of = |i: usize| match (i + 1).checked_sub(length) {
        None => f64::NAN,
        Some(later) => values[length..length + later]
            .iter()
            .fold(mean(&values[..length]), |average, value| (1.0 - share) * average + share * value),
    };
    (0..values.len()).map(of).collect()
}

fn exponential(values: &[f64], length: usize) -> Vec<f64> {
    smooth(values, length, 2.0 / (length as f64 + 1.0))
}

fn wilder(values: &[f64], length: usize) -> Vec<f64> {
    smooth(values, length, 1.0 / length as f64)
}

fn zip(a: &[f64], b: &[f64], of: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| of(*a, *b)).collect()
}

/// The bars as columns.
#[derive(Debug)]
pub(crate) struct Reference<'a> {
    rows: &'a [Row],
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
}

impl<'a> Reference<'a> {
    pub(crate) fn new(rows: &'a [Row]) -> Self {
        let column = |of: fn(&Row) -> f64| rows.iter().map(of).collect();
        Self {
            rows,
            high: column(|row| row.high),
            low: column(|row| row.low),
            close: column(|row| row.close),
        }
    }

    pub(crate) fn sma(&self, length: usize) -> Vec<f64> {
        over(&self.close, length, mean)
    }

    pub(crate) fn ema(&self, length: usize) -> Vec<f64> {
        exponential(&self.close, length)
    }

    pub(crate) fn wma(&self, length: usize) -> Vec<f64> {
        over(&self.close, length, |values| {
            let weights = (1..=length).sum::<usize>() as f64;
            values.iter().zip(1..).map(|(value, weight)| value * f64::from(weight)).sum::<f64>() / weights
        })
    }

    /// Since the day began; it is the same in New York and in UTC for all bars of a tape.
    pub(crate) fn vwap(&self) -> Vec<f64> {
        let of = |i: usize| {
            let row: &Row = &self.rows[i];
            let day = self.rows[..=i].iter().filter(|other| other.time[..10] == row.time[..10]);
            let (value, volume) = day.fold((0.0, 0.0), |(value, volume), row| {
                (value + row.vwap * row.volume, volume + row.volume)
            });
            value / volume
        };
        (0..self.rows.len()).map(of).collect()
    }

    pub(crate) fn bollinger(&self, length: usize, deviations: f64) -> [Vec<f64>; 3] {
        let middle = self.sma(length);
        let deviation = over(&self.close, length, |values| {
            let mean = mean(values);
            (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / length as f64).sqrt()
        });
        let [upper, lower] = [deviations, -deviations].map(|by| zip(&middle, &deviation, |m, d| m + by * d));
        [upper, middle, lower]
    }

    pub(crate) fn keltner(&self, length: usize, multiplier: f64, atr_length: usize) -> [Vec<f64>; 3] {
        let (average, range) = (self.ema(length), self.atr(atr_length));
        let [upper, middle, lower] =
            [multiplier, 0.0, -multiplier].map(|by| zip(&average, &range, |a, r| a + by * r));
        [upper, middle, lower]
    }

    pub(crate) fn donchian(&self, length: usize) -> [Vec<f64>; 3] {
        let (upper, lower) = (over(&self.high, length, highest), over(&self.low, length, lowest));
        let middle = zip(&upper, &lower, f64::midpoint);
        [upper, middle, lower]
    }

    pub(crate) fn rsi(&self, length: usize) -> Vec<f64> {
        let mut changes = vec![f64::NAN];
        changes.extend(self.close.windows(2).map(|pair| pair[1] - pair[0]));
        let part = |sign: f64| {
            after_nans(&changes, |changes| {
                wilder(&changes.iter().map(|change| (sign * change).max(0.0)).collect::<Vec<_>>(), length)
            })
        };
        zip(&part(1.0), &part(-1.0), |gains, losses| 100.0 - 100.0 / (1.0 + gains / losses))
    }

    pub(crate) fn macd(&self, fast: usize, slow: usize, signal: usize) -> [Vec<f64>; 3] {
        // Both begin at the same bar: the fast one with the mean of the closes just before it.
        let mut quick = vec![f64::NAN; slow - fast];
        quick.extend(exponential(&self.close[slow - fast..], fast));
        let line = zip(&quick, &self.ema(slow), |fast, slow| fast - slow);
        let signal = after_nans(&line, |line| exponential(line, signal));
        let histogram = zip(&line, &signal, |line, signal| line - signal);
        [line, signal, histogram]
    }

    pub(crate) fn stochastic(&self, length: usize, k: usize, d: usize) -> [Vec<f64>; 2] {
        let [upper, _, lower] = self.donchian(length);
        let range = zip(&upper, &lower, |upper, lower| upper - lower);
        let place = zip(&zip(&self.close, &lower, |close, lower| close - lower), &range, |above, range| {
            100.0 * above / range
        });
        let k = after_nans(&place, |place| over(place, k, mean));
        let d = after_nans(&k, |k| over(k, d, mean));
        [k, d]
    }

    fn true_ranges(&self) -> Vec<f64> {
        let of = |i: usize| {
            let before = self.close[i - 1];
            self.high[i].max(before) - self.low[i].min(before)
        };
        std::iter::once(f64::NAN).chain((1..self.rows.len()).map(of)).collect()
    }

    pub(crate) fn atr(&self, length: usize) -> Vec<f64> {
        after_nans(&self.true_ranges(), |ranges| wilder(ranges, length))
    }

    pub(crate) fn adx(&self, length: usize) -> [Vec<f64>; 3] {
        // Wilder's sums: the plain sum of all but one, of which each further value takes a part away.
        let sums = |values: &[f64]| {
            after_nans(values, |values| {
                let part = 1.0 - 1.0 / length as f64;
                let of = |i: usize| {
                    (i + 1 >= length).then(|| {
                        let (first, later) = values[..=i].split_at(length - 1);
                        later.iter().fold(first.iter().sum::<f64>(), |sum, value| sum * part + value)
                    })
                };
                (0..values.len()).map(|i| of(i).unwrap_or(f64::NAN)).collect()
            })
        };
        let moves = |i: usize| (self.high[i] - self.high[i - 1], self.low[i - 1] - self.low[i]);
        let side = |of: fn((f64, f64)) -> f64| {
            let moved = (1..self.rows.len()).map(|i| of(moves(i)));
            std::iter::once(f64::NAN).chain(moved).collect::<Vec<f64>>()
        };
        let ranges = sums(&self.true_ranges());
        let plus = sums(&side(|(up, down)| if up > down { up.max(0.0) } else { 0.0 }));
        let minus = sums(&side(|(up, down)| if down > up { down.max(0.0) } else { 0.0 }));
        let [plus, minus] =
            [plus, minus].map(|moved| zip(&moved, &ranges, |moved, range| 100.0 * moved / range));
        let apart = zip(&plus, &minus, |plus, minus| 100.0 * (plus - minus).abs() / (plus + minus));
        [after_nans(&apart, |apart| wilder(apart, length)), plus, minus]
    }

    /// The volume of the first bar, and of each later one as its close is above or below the one before.
    pub(crate) fn obv(&self) -> Vec<f64> {
        let of = |i: usize| {
            let later = (1..=i).map(|i| match self.close[i] - self.close[i - 1] {
                by if by > 0.0 => self.rows[i].volume,
                by if by < 0.0 => -self.rows[i].volume,
                _ => 0.0,
            });
            self.rows[0].volume + later.sum::<f64>()
        };
        (0..self.rows.len()).map(of).collect()
    }
}
