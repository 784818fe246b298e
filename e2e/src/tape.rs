//! A recording of our own making: a stock of which a test knows every bar beforehand.
//!
//! Prices climb and fall by whole cents, the same in every run. Up to [`Tape::OPENS`] there are
//! minute bars only, which the relay serves as history; what comes after is played. One tape is of
//! another month, in which New York's clocks change.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;
use serde_json::{Value, json};
use wickwire_proto::time::Timestamp;

use crate::recordings::minute;
use crate::screen::Figures;
use crate::site::{Play, Site};

/// The symbol on every tape.
pub const SYMBOL: &str = "IBM";
/// The coin beside it, where there is one.
pub const COIN: &str = "BTC/USD";
/// Minutes of a regular session.
pub const SESSION: usize = 390;
/// Minutes of trading before each of them that are on a tape.
pub const EARLY: usize = 30;
/// Minutes of trading after each of them on the tape over the change of clocks.
pub const LATE: usize = 30;
/// How far into the last session a tape begins to play, in seconds.
const INTO: i64 = 90 * 60;
/// 2024-01-12 14:30 UTC, a Friday; New York is at UTC−5.
const LAST_OPEN: i64 = 1_705_069_800;
/// Thursday 2024-03-07 and the day after at 14:30 UTC, Monday and Tuesday at 13:30: New York's clocks are
/// put forward on the Sunday between.
const CHANGE_OPENS: [i64; 4] = [1_709_821_800, 1_709_908_200, 1_710_163_800, 1_710_250_200];
const DAY: i64 = 24 * 3_600;
/// 2023-12-25 and 2024-01-01, 14:30 UTC.
const CLOSED: [i64; 2] = [1_703_514_600, 1_704_119_400];

static FILES: AtomicU32 = AtomicU32::new(0);

/// What is on a tape.
#[derive(Debug)]
pub struct Tape {
    /// Lines with the second in which they are due.
    lines: Vec<(i64, String)>,
    /// Minute bars in order, by time as the table "Bars" writes it in UTC.
    bars: Vec<(String, Figures)>,
    /// When it begins to play: in seconds, and as it is written in RFC 3339.
    opens: (i64, &'static str),
}

impl Tape {
    /// When a tape begins to play, as the table "Bars" would write it in UTC.
    pub const OPENS: &'static str = "2024-01-12 16:00:00";

    /// The history of so many sessions before the last day, and of its first ninety minutes.
    #[must_use]
    pub fn with_days(days: i64) -> Self {
        let mut opens: Vec<i64> = (0..)
            .map(|back| LAST_OPEN - back * DAY)
            .filter(|open| is_session(*open))
            .take(usize::try_from(days).unwrap_or(0) + 1)
            .collect();
        opens.reverse();
        Self::of_sessions(&opens, 0, "2024-01-12T16:00:00Z")
    }

    /// Two sessions before New York's clocks change and one after, and the first ninety minutes of a
    /// fourth; with trading after hours, too.
    #[must_use]
    pub fn over_the_change() -> Self {
        Self::of_sessions(&CHANGE_OPENS, LATE, "2024-03-12T15:00:00Z")
    }

    /// Sessions that open at these seconds, with so many minutes after hours; `from` is as far into the
    /// last as every tape begins to play.
    fn of_sessions(opens: &[i64], late: usize, from: &'static str) -> Self {
        let begins = opens.last().map_or(0, |open| open + INTO);
        let mut tape = Self { lines: Vec::new(), bars: Vec::new(), opens: (begins, from) };
        for open in opens {
            for minute in -(EARLY as i64)..(SESSION + late) as i64 {
                let start = open + minute * 60;
                if start < begins {
                    tape.bar(start);
                }
            }
        }
        tape
    }

    /// Nothing but a quote a second for so many minutes: the source is alive and no bar changes.
    #[must_use]
    pub fn quiet(mut self, minutes: i64) -> Self {
        let (_, [.., close, _]) = self.bars.last().cloned().unwrap_or_default();
        for second in 0..minutes * 60 {
            self.quote(self.opens.0 + second, close);
        }
        self
    }

    /// The same, but bid and ask are those of each pair in turn, so many seconds each.
    #[must_use]
    pub fn quoted(mut self, pairs: &[(f64, f64)], each: usize, minutes: i64) -> Self {
        let seconds = pairs.iter().cycle().flat_map(|pair| std::iter::repeat_n(*pair, each));
        for (second, (bid, ask)) in (0..minutes * 60).zip(seconds) {
            self.quote_of(self.opens.0 + second, bid, ask);
        }
        self
    }

    /// So many further minutes of trading: four trades and as many quotes in each, then its bar.
    #[must_use]
    pub fn trading(self, minutes: i64) -> Self {
        self.trading_after(0, minutes)
    }

    /// The same after so many minutes in which nothing comes.
    #[must_use]
    pub fn trading_after(mut self, silent: i64, minutes: i64) -> Self {
        for minute in silent..silent + minutes {
            self.traded_minute(self.opens.0 + minute * 60);
        }
        self
    }

    /// Beside the stock a coin that trades every second, for so many seconds.
    #[must_use]
    pub fn with_coin(mut self, seconds: i64) -> Self {
        for second in 0..seconds {
            let at = self.opens.0 + second;
            self.line(
                at,
                &json!({
                    "T": "t", "S": COIN, "i": second + 1, "p": 50_000 + second % 7, "s": 0.25,
                    "t": rfc3339(at), "tks": "B",
                }),
            );
        }
        self
    }

    /// So many times three minutes of trading and a halt of three minutes.
    #[must_use]
    pub fn halting(mut self, times: i64) -> Self {
        for minute in 0..6 * times {
            match minute % 6 {
                0..3 => self.traded_minute(self.opens.0 + minute * 60),
                3 => {
                    self =
                        self.status("2", minute * 60).band(148.0 + minute as f64 / 10.0, 158.0, minute * 60)
                }
                _ => self.quote(self.opens.0 + minute * 60, 154.0),
            }
            if minute % 6 == 5 {
                self = self.status("3", minute * 60 + 59);
            }
        }
        self
    }

    /// The same, but trading is halted: whoever comes in these minutes hears of it within two seconds,
    /// and of the limits of the price.
    #[must_use]
    pub fn halted(mut self, minutes: i64) -> Self {
        self = self.quiet(minutes);
        for second in (0..minutes * 60).step_by(2) {
            self = self.status("2", second).band(154.0, 155.5, second);
        }
        self
    }

    /// An article about the symbol, `after` seconds from the opening; negative is before it.
    #[must_use]
    pub fn news(self, id: u32, after: i64, headline: &str) -> Self {
        self.news_about(SYMBOL, id, after, headline)
    }

    /// The same about another symbol.
    #[must_use]
    pub fn news_about(mut self, symbol: &str, id: u32, after: i64, headline: &str) -> Self {
        let (due, time) = (self.opens.0 + after, rfc3339(self.opens.0 + after));
        self.line(
            due,
            &json!({
                "T": "n", "id": id, "headline": headline, "summary": "", "author": "e2e", "content": "",
                "created_at": time, "updated_at": time, "url": format!("https://example.com/{id}"),
                "symbols": [symbol], "source": "wire",
            }),
        );
        self
    }

    /// A trading status of tape A: `2` halts, `3` resumes; `after` as in [`Self::news`].
    #[must_use]
    pub fn status(mut self, code: &str, after: i64) -> Self {
        let (due, time) = (self.opens.0 + after, rfc3339(self.opens.0 + after));
        self.line(due, &json!({
            "T": "s", "S": SYMBOL, "sc": code, "sm": "", "rc": "M", "rm": "volatility", "t": time, "z": "A",
        }));
        self
    }

    /// Limits of the price; `after` as in [`Self::news`].
    #[must_use]
    pub fn band(mut self, lower: f64, upper: f64, after: i64) -> Self {
        let (due, time) = (self.opens.0 + after, rfc3339(self.opens.0 + after));
        self.line(
            due,
            &json!({ "T": "l", "S": SYMBOL, "u": upper, "d": lower, "i": "B", "t": time, "z": "A" }),
        );
        self
    }

    /// Every minute bar in order.
    #[must_use]
    pub fn bars(&self) -> &[(String, Figures)] {
        &self.bars
    }

    /// Which bar begins at a time, as it is written in the table.
    #[must_use]
    pub fn index_of(&self, time: &str) -> Option<usize> {
        self.bars.binary_search_by(|(own, _)| own.as_str().cmp(time)).ok()
    }

    /// A relay that plays the tape from the opening.
    ///
    /// # Errors
    /// If the tape cannot be written or the relay does not start.
    pub async fn play(&self, speed: f64) -> Result<Site> {
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let file = format!("wickwire-e2e-tape-{}-{number}.ndjson", std::process::id());
        let file: PathBuf = std::env::temp_dir().join(file);
        let mut lines: Vec<_> = self.lines.iter().collect();
        lines.sort_by_key(|(due, _)| *due);
        let text: String = lines.iter().flat_map(|(_, line)| [line, "\n"]).collect();
        std::fs::write(&file, text)?;
        let play = Play { files: vec![file.clone()], from: Some(self.opens.1), to: None, speed };
        // It is in memory once the relay has started.
        let site = Site::playing(play).await;
        std::fs::remove_file(&file)?;
        site
    }

    fn line(&mut self, due: i64, message: &Value) {
        self.lines.push((due, message.to_string()));
    }

    fn bar(&mut self, start: i64) -> Figures {
        let figures = figures(self.bars.len() as i64);
        let ([open, high, low, close, volume], time) = (figures, rfc3339(start));
        self.line(
            start + 60,
            &json!({
                "T": "b", "S": SYMBOL, "o": open, "h": high, "l": low, "c": close, "v": volume, "t": time,
                "n": 4, "vw": cents(((open + high + low + close) * 25.0).round() as i64),
            }),
        );
        self.bars.push((minute(&time), figures));
        figures
    }

    fn quote(&mut self, at: i64, price: f64) {
        let price = (price * 100.0).round() as i64;
        self.quote_of(at, cents(price - 1), cents(price + 2));
    }

    fn quote_of(&mut self, at: i64, bid: f64, ask: f64) {
        self.line(
            at,
            &json!({
                "T": "q", "S": SYMBOL, "bx": "V", "bp": bid, "bs": 2, "ax": "V", "ap": ask, "as": 3,
                "t": rfc3339(at), "c": ["R"], "z": "A",
            }),
        );
    }

    fn traded_minute(&mut self, start: i64) {
        let [open, high, low, close, volume] = self.bar(start);
        let id = self.bars.len() * 4;
        let sizes = [100.0, 100.0, 100.0, volume - 300.0];
        for (i, (price, size)) in [open, high, low, close].into_iter().zip(sizes).enumerate() {
            let at = start + 5 + 12 * i as i64;
            self.line(
                at,
                &json!({
                    "T": "t", "S": SYMBOL, "i": id + i, "x": "V", "p": price, "s": size, "t": rfc3339(at),
                    "c": ["@"], "z": "A",
                }),
            );
            self.quote(at + 3, price);
        }
    }
}

/// The bar of a number. Rises for an hour and falls for an hour, with smaller waves, so that the
/// extremes of a view tell where it is.
fn figures(number: i64) -> Figures {
    let close = |number: i64| {
        let wave = |period: i64, height: i64| {
            let at = number.rem_euclid(period);
            height * at.min(period - at) * 2 / period
        };
        15_000 + number / 20 + wave(120, 400) + wave(22, 60) + number * 7 % 5
    };
    let (open, close) = (close(number - 1), close(number));
    let high = open.max(close) + 2 + number * 13 % 11;
    let low = open.min(close) - 2 - number * 5 % 9;
    [cents(open), cents(high), cents(low), cents(close), (1_000 + number * 137 % 900) as f64]
}

/// The number that is written with two decimals.
fn cents(cents: i64) -> f64 {
    cents as f64 / 100.0
}

/// Whether the exchange opened then; Christmas and New Year are as far back as tapes go.
fn is_session(open: i64) -> bool {
    // 1970-01-01 was a Thursday.
    !matches!((open.div_euclid(DAY) + 4) % 7, 0 | 6) && !CLOSED.contains(&open)
}

fn rfc3339(seconds: i64) -> String {
    Timestamp::from_seconds(seconds).to_rfc3339()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_in_order_and_sound() {
        let tape = Tape::with_days(5).trading(3);
        let day = EARLY + SESSION;
        assert_eq!(tape.bars().len(), 5 * day + EARLY + 93);
        assert_eq!(tape.bars()[0].0, "2024-01-05 14:00:00", "a weekend lies between");
        assert_eq!(tape.bars()[5 * day + EARLY + 90].0, Tape::OPENS);
        assert_eq!(tape.index_of("2024-01-08 14:30:00"), Some(day + EARLY));
        let change = Tape::over_the_change();
        assert_eq!(change.bars().len(), 3 * (day + LATE) + EARLY + 90);
        let starts = [0, day + LATE, 2 * (day + LATE), 3 * (day + LATE)].map(|i| &change.bars()[i].0[..]);
        assert_eq!(starts[..2], ["2024-03-07 14:00:00", "2024-03-08 14:00:00"]);
        assert_eq!(starts[2..], ["2024-03-11 13:00:00", "2024-03-12 13:00:00"]);
        assert!(tape.bars().windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1[3] == pair[1].1[0]));
        for (time, [open, high, low, close, volume]) in tape.bars() {
            assert!(low < open && low < close && high > open && high > close && *volume > 300.0, "{time}");
        }
    }
}
