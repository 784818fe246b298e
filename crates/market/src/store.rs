//! All instruments and the news: messages in, state out.

use wickwire_proto::message::Message;
use wickwire_proto::time::Timestamp;

use crate::bar::Bar;
use crate::change::Change;
use crate::instrument::Instrument;
use crate::limits::{Limits, MAX_SYMBOL_BYTES};
use crate::news::NewsList;
use crate::quality::{Quality, Quarantine, Quarantined, Refusal};
use crate::status::cut;
use crate::symbol::{SymbolId, Symbols};
use crate::timeframe::Timeframe;

/// All instruments and the news.
#[derive(Debug, Default)]
pub struct Store {
    limits: Limits,
    symbols: Symbols,
    instruments: Vec<Instrument>,
    news: NewsList,
    quality: Quality,
    quarantine: Quarantine,
    clock: Option<Timestamp>,
}

impl Store {
    /// An empty store.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits: limits.clamped(), ..Self::default() }
    }

    /// Says what time it is in the market (a replay's own clock in a replay). Turns on the checks
    /// of [`crate::quality`] against times ahead of and far behind it.
    pub fn set_clock(&mut self, now: Timestamp) {
        self.clock = Some(now);
    }

    /// Takes a message. Control messages change nothing; what is refused is counted.
    pub fn apply(&mut self, message: &Message<'_>) -> Change {
        if let Message::News(news) = message {
            self.quality.messages += 1;
            let new = self.news.apply(news);
            return if new { Change::NEWS } else { Change::NONE };
        }
        let Some(symbol) = message.symbol() else { return Change::NONE };
        let time = message.time().unwrap_or_default();
        let Some(id) = self.ensure(symbol) else {
            let full = self.instruments.len() >= self.limits.instruments;
            let refusal = if full { Refusal::Instruments } else { Refusal::Symbol };
            self.quality.messages += 1;
            self.quality.refuse(refusal);
            self.set_aside(symbol, time, refusal);
            return Change::QUALITY;
        };
        let now = self.clock;
        let Some(instrument) = self.instruments.get_mut(id.0 as usize) else { return Change::NONE };
        instrument.quality_mut().messages += 1;
        let result = match message {
            Message::Trade(m) => instrument.trade(m, now),
            Message::Quote(m) => instrument.quote_message(m, now),
            Message::Bar(kind, m) => instrument.bar(*kind, m, now),
            Message::Status(m) => instrument.status(m, now),
            Message::Luld(m) => instrument.luld(m, now),
            Message::Imbalance(m) => instrument.set_imbalance(m, now),
            Message::Correction(m) => instrument.correction(m, now),
            Message::CancelError(m) => instrument.cancel(m, now),
            Message::OrderBook(m) => instrument.order_book(m, now),
            Message::Pricing(m) => instrument.set_pricing(m, now),
            Message::News(_)
            | Message::Connected
            | Message::Authenticated
            | Message::Error(_)
            | Message::Subscription(_) => Ok(Change::NONE),
        };
        match result {
            Ok(change) => change,
            Err(refusal) => {
                instrument.quality_mut().refuse(refusal);
                let change = instrument.mark(Change::QUALITY);
                self.set_aside(symbol, time, refusal);
                change
            }
        }
    }

    fn set_aside(&mut self, symbol: &str, time: Timestamp, refusal: Refusal) {
        let symbol = cut(symbol, MAX_SYMBOL_BYTES).to_owned();
        self.quarantine.push(Quarantined { symbol, time, refusal });
    }

    /// What there is about a symbol, in either spelling of a pair.
    #[must_use]
    pub fn instrument(&self, symbol: &str) -> Option<&Instrument> {
        self.by_id(self.symbols.find(symbol)?)
    }

    /// What there is about the symbol with this number.
    #[must_use]
    pub fn by_id(&self, id: SymbolId) -> Option<&Instrument> {
        self.instruments.get(id.0 as usize)
    }

    /// All instruments, in the order of their first appearance.
    pub fn instruments(&self) -> impl ExactSizeIterator<Item = &Instrument> {
        self.instruments.iter()
    }

    /// Makes sure that there is an instrument for `symbol`; `None` at the limits.
    pub fn ensure(&mut self, symbol: &str) -> Option<SymbolId> {
        let id = self.symbols.intern(symbol, self.limits.instruments)?;
        if self.instruments.len() <= id.0 as usize {
            let name = self.symbols.name(id).to_owned();
            self.instruments.push(Instrument::new(id, &name, self.limits.bars));
        }
        Some(id)
    }

    /// Merges history (REST) into a series by time; bars need not be sorted. Older bars go in front
    /// at the cost of what is added. Marks of the bars are set here, whatever they were.
    ///
    /// Load the minutes of the running bucket too when a longer timeframe is loaded in mid-bucket
    /// (see [`crate::aggregate`]), and set the clock first: a minute that still runs is left to
    /// its trades.
    pub fn prepend_bars(
        &mut self,
        symbol: &str,
        timeframe: Timeframe,
        bars: impl IntoIterator<Item = Bar>,
    ) -> Change {
        let Some(id) = self.ensure(symbol) else {
            self.quality.refuse(Refusal::Symbol);
            return Change::QUALITY;
        };
        let now = self.clock;
        let quarantine = &mut self.quarantine;
        let Some(instrument) = self.instruments.get_mut(id.0 as usize) else { return Change::NONE };
        let mut refusals = Vec::new();
        let mut change = instrument.load(timeframe, bars, now, &mut |bar, refusal| {
            refusals.push(refusal);
            let symbol = cut(symbol, MAX_SYMBOL_BYTES).to_owned();
            quarantine.push(Quarantined { symbol, time: bar.time, refusal });
        });
        for refusal in refusals {
            instrument.quality_mut().refuse(refusal);
            change |= instrument.mark(Change::QUALITY);
        }
        change
    }

    /// Says what the close before the current day was (a snapshot's `prevDailyBar`).
    pub fn set_previous_close(&mut self, symbol: &str, close: f64) -> Change {
        let Some(id) = self.ensure(symbol) else { return Change::NONE };
        self.instruments.get_mut(id.0 as usize).map_or(Change::NONE, |i| i.set_previous_close(close))
    }

    /// Notes that data of `symbol` (of all symbols if `None`) may be missing from `from` to `to`;
    /// `to` is [`Timestamp::MAX`] while the connection is down, and a second call with the same
    /// `from` ends the gap. Order books become invalid.
    pub fn note_gap(&mut self, symbol: Option<&str>, from: Timestamp, to: Timestamp) -> Change {
        self.for_each(symbol, |i| i.note_gap(from, to))
    }

    /// Notes that history for `from..=to` of `symbol` (of all symbols if `None`) has been loaded.
    pub fn fill_gap(&mut self, symbol: Option<&str>, from: Timestamp, to: Timestamp) -> Change {
        self.for_each(symbol, |i| i.fill_gap(from, to))
    }

    fn for_each(&mut self, symbol: Option<&str>, mut work: impl FnMut(&mut Instrument) -> Change) -> Change {
        let only = symbol.map(|s| self.symbols.find(s));
        self.instruments
            .iter_mut()
            .filter(|i| only.is_none_or(|id| id == Some(i.id())))
            .fold(Change::NONE, |change, i| change | work(i))
    }

    /// What changed about `symbol` since this was last asked.
    pub fn take_changes(&mut self, symbol: &str) -> Change {
        let Some(id) = self.symbols.find(symbol) else { return Change::NONE };
        self.instruments.get_mut(id.0 as usize).map_or(Change::NONE, Instrument::take_dirty)
    }

    /// News, newest first.
    #[must_use]
    pub const fn news(&self) -> &NewsList {
        &self.news
    }

    /// Counters of everything; those of one symbol are in its [`Instrument::quality`].
    #[must_use]
    pub fn quality(&self) -> Quality {
        let mut sum = self.quality.clone();
        self.instruments.iter().for_each(|i| sum.add(i.quality()));
        sum
    }

    /// The newest refused messages.
    #[must_use]
    pub const fn quarantine(&self) -> &Quarantine {
        &self.quarantine
    }
}
