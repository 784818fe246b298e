//! All instruments and the news: messages in, state out.

use wickwire_proto::message::Message;
use wickwire_proto::time::Timestamp;

use crate::bar::Bar;
use crate::change::Change;
use crate::instrument::Instrument;
use crate::limits::Limits;
use crate::news::NewsList;
use crate::quality::{Quality, Quarantine};
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

    /// Takes a message.
    pub fn apply(&mut self, message: &Message<'_>) -> Change {
        let _ = message;
        Change::NONE
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

    /// Merges history (REST) into a series by time; bars need not be sorted.
    pub fn prepend_bars(
        &mut self,
        symbol: &str,
        timeframe: Timeframe,
        bars: impl IntoIterator<Item = Bar>,
    ) -> Change {
        let _ = (symbol, timeframe, bars.into_iter().count());
        Change::NONE
    }

    /// Says what the close before the current day was (a snapshot's `prevDailyBar`).
    pub fn set_previous_close(&mut self, symbol: &str, close: f64) -> Change {
        let _ = (symbol, close);
        Change::NONE
    }

    /// Notes that data of `symbol` (of all symbols if `None`) may be missing from `from` to `to`;
    /// `to` is [`Timestamp::MAX`] while the connection is down. Order books become invalid.
    pub fn note_gap(&mut self, symbol: Option<&str>, from: Timestamp, to: Timestamp) -> Change {
        let _ = (symbol, from, to);
        Change::NONE
    }

    /// Notes that history for `from..=to` of `symbol` (of all symbols if `None`) has been loaded.
    pub fn fill_gap(&mut self, symbol: Option<&str>, from: Timestamp, to: Timestamp) -> Change {
        let _ = (symbol, from, to);
        Change::NONE
    }

    /// What changed about `symbol` since this was last asked.
    pub fn take_changes(&mut self, symbol: &str) -> Change {
        let Some(id) = self.symbols.find(symbol) else { return Change::NONE };
        self.instruments.get_mut(id.0 as usize).map_or(Change::NONE, |i| i.dirty.take())
    }

    /// News, newest first.
    #[must_use]
    pub const fn news(&self) -> &NewsList {
        &self.news
    }

    /// Counters of everything; those of one symbol are in its [`Instrument::quality`].
    #[must_use]
    pub const fn quality(&self) -> &Quality {
        &self.quality
    }

    /// The newest refused messages.
    #[must_use]
    pub const fn quarantine(&self) -> &Quarantine {
        &self.quarantine
    }
}
