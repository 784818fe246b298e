//! What the market says beside the bars, in the form in which the chart draws it.

use wickwire_chart::Marks;
use wickwire_chart::model::marks::{Band, Halt, NewsMark};
use wickwire_market::news::NewsList;
use wickwire_market::{Instrument, Timeframe};
use wickwire_proto::sorted::sort_by;
use wickwire_proto::time::Timestamp;

/// Lists that are made anew when what they are made from changed.
#[derive(Default)]
pub(super) struct MarketMarks {
    halts: Vec<Halt>,
    bands: Vec<Band>,
    news: Vec<NewsMark>,
    /// What they were made from: latest halt and band, and how many; the news.
    made_from: Option<Made>,
    revision: u64,
}

#[derive(Clone, Copy, PartialEq)]
struct Made {
    halts: (usize, Option<Timestamp>),
    bands: (usize, Option<Timestamp>),
    news: u64,
}

impl MarketMarks {
    /// Another symbol is shown.
    pub(super) fn reset(&mut self) {
        self.made_from = None;
    }

    /// Brings the lists up to date.
    pub(super) fn update(&mut self, instrument: &Instrument, news: &NewsList) {
        let halts = instrument.halts();
        let made = Made {
            halts: (halts.statuses().len(), halts.status().map(|status| status.time)),
            bands: (halts.lulds().len(), halts.luld().map(|band| band.time)),
            news: news.revision(),
        };
        if self.made_from == Some(made) {
            return;
        }
        let before = self.made_from.replace(made);
        self.revision += 1;
        if before.is_none_or(|before| before.halts != made.halts) {
            self.halts.clear();
            for status in halts.statuses() {
                let open = self.halts.last_mut().filter(|halt| halt.to_ns.is_none());
                match (status.halted(), open) {
                    (Some(true), None) => {
                        self.halts.push(Halt { from_ns: status.time.nanos(), to_ns: None });
                    }
                    (Some(false), Some(halt)) => halt.to_ns = Some(status.time.nanos()),
                    _ => {}
                }
            }
        }
        if before.is_none_or(|before| before.bands != made.bands) {
            self.bands.clear();
            self.bands.extend(halts.lulds().map(|band| Band {
                from_ns: band.time.nanos(),
                lower: band.lower.unwrap_or(f64::NAN),
                upper: band.upper.unwrap_or(f64::NAN),
            }));
        }
        if before.is_none_or(|before| before.news != made.news) {
            self.news.clear();
            let about = news.iter().filter(|article| article.is_about(instrument.symbol()));
            self.news.extend(about.map(|a| NewsMark { time_ns: a.created_at.nanos(), id: a.id }));
            sort_by(&mut self.news, |a, b| (a.time_ns, a.id) < (b.time_ns, b.id));
        }
    }

    /// The marks for a frame.
    pub(super) fn marks(&self, instrument: Option<&Instrument>, countdown: Option<u32>) -> Marks<'_> {
        let quote = instrument
            .and_then(Instrument::quote)
            .map(|quote| (quote.point.bid.unwrap_or(f64::NAN), quote.point.ask.unwrap_or(f64::NAN)));
        Marks {
            quote,
            countdown,
            news: &self.news,
            halts: &self.halts,
            bands: &self.bands,
            revision: self.revision,
        }
    }

    /// The numbers of the headlines from `first` on.
    pub(super) fn headlines(&self, first: usize, count: usize) -> Vec<u64> {
        self.news.iter().skip(first).take(count).map(|mark| mark.id).collect()
    }
}

/// Seconds until the bar that began at `start` is over; nothing if it is, or where that is not known.
pub(super) fn countdown(
    instrument: &Instrument,
    timeframe: Timeframe,
    start: Timestamp,
    now: Timestamp,
) -> Option<u32> {
    const NANOS: i64 = 1_000_000_000;
    let left = instrument.bucket_close(timeframe, start)?.nanos().saturating_sub(now.nanos());
    let running = start <= now && left > 0;
    // Rounded up: zero is when it is over.
    running.then(|| u32::try_from((left + NANOS - 1) / NANOS).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use wickwire_market::Store;

    use super::*;

    #[test]
    fn the_countdown_runs_while_the_bar_does() {
        let mut store = Store::default();
        store.ensure("IBM");
        store.ensure("BTC/USD");
        let [stock, coin] = ["IBM", "BTC/USD"].map(|symbol| store.instrument(symbol));
        let at = |seconds: i64| Timestamp::from_seconds(seconds);
        let of = |instrument: Option<&Instrument>, timeframe, start, now| {
            countdown(instrument?, timeframe, start, now)
        };
        let left = |now: i64| of(stock, Timeframe::Min1, at(60), at(now));
        assert_eq!(
            [left(59), left(60), left(61), left(119), left(120)],
            [None, Some(60), Some(59), Some(1), None]
        );
        let half = of(stock, Timeframe::Min1, at(60), at(119).plus_nanos(500_000_000));
        assert_eq!(half, Some(1));
        // Monday 2013-10-07: New York's session ends at 20:00 UTC, the coin's day at midnight.
        let (midnight, day) = (1_381_104_000, 86_400);
        let seen = |instrument, timeframe, start: i64, now: i64| {
            of(instrument, timeframe, at(midnight + start), at(midnight + now))
        };
        let hour = 3_600;
        assert_eq!(seen(stock, Timeframe::Day1, 4 * hour, 19 * hour), Some(3_600));
        assert_eq!(seen(stock, Timeframe::Day1, 4 * hour, 20 * hour), None, "after hours");
        assert_eq!(seen(stock, Timeframe::Week1, 4 * hour, 21 * hour), Some(3_600 * 23 + 3 * 86_400));
        assert_eq!(seen(stock, Timeframe::Day1, 4 * hour - 2 * day, -30 * hour), None, "a Saturday");
        assert_eq!(seen(coin, Timeframe::Day1, 0, 21 * hour), Some(3 * 3_600));
        assert_eq!(seen(coin, Timeframe::Week1, 0, 21 * hour), Some(3 * 3_600 + 6 * 86_400));
    }
}
