//! All instruments and the news: messages in, state out.

use wickwire_proto::message::{Message, News};
use wickwire_proto::time::Timestamp;

use crate::bar::Bar;
use crate::change::Change;
use crate::instrument::Instrument;
use crate::limits::{Limits, MAX_SYMBOL_BYTES, MAX_TOO_FAR_AHEAD};
use crate::news::NewsList;
use crate::quality::{Bounds, Quality, Quarantine, Quarantined, Refusal};
use crate::status::cut;
use crate::symbol::{self, SymbolId, Symbols, is_plausible};
use crate::timeframe::Timeframe;

/// All instruments and the news.
#[derive(Debug, Default)]
pub struct Store {
    limits: Limits,
    symbols: Symbols,
    /// In the order of their first appearance.
    instruments: Vec<Instrument>,
    /// Where the instrument of each [`SymbolId`] is among them.
    places: Vec<usize>,
    news: NewsList,
    /// Those about what is shown, however many others come.
    shown_news: NewsList,
    quality: Quality,
    quarantine: Quarantine,
    clock: Clock,
    /// What is shown, by [`symbol::key`]; `None` until somebody said so.
    shown: Option<Vec<(String, Timeframe)>>,
    /// How often that was said.
    views: u64,
}

/// What is known of the time in the market.
#[derive(Debug, Default)]
struct Clock {
    bounds: Bounds,
    /// The time, if it is exact.
    now: Option<Timestamp>,
    loose: bool,
    /// Messages that a loose clock refused in a row.
    refused: u32,
}

impl Clock {
    /// A message was taken, or refused for `refusal`.
    fn judge(&mut self, refusal: Option<Refusal>) {
        if !self.loose || self.is_wrong() {
            return;
        }
        self.refused = if refusal == Some(Refusal::Time) { self.refused + 1 } else { 0 };
        if self.is_wrong() {
            self.bounds = Bounds::default();
        }
    }

    /// So many messages in a row are not wrong: the clock is.
    const fn is_wrong(&self) -> bool {
        self.refused >= MAX_TOO_FAR_AHEAD
    }
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
        self.clock = Clock { bounds: Bounds::exact(now), now: Some(now), ..Clock::default() };
    }

    /// Says what time it is in the market by a clock that may be slow by `slack` nanoseconds. Live
    /// messages that are farther ahead are refused, nothing else follows from it. Once
    /// [`MAX_TOO_FAR_AHEAD`] in a row are, the clock is taken to be wrong and refuses nothing any
    /// more.
    pub fn set_loose_clock(&mut self, now: Timestamp, slack: i64) {
        if !self.clock.is_wrong() {
            self.clock.bounds = Bounds::loose(now, slack);
            self.clock.now = None;
            self.clock.loose = true;
        }
    }

    /// Takes a message. Control messages change nothing; what is refused is counted.
    pub fn apply(&mut self, message: &Message<'_>) -> Change {
        if let Message::News(news) = message {
            self.quality.messages += 1;
            let new = self.news.apply(news);
            // What no longer names a symbol is no longer about it.
            let about = news.symbols.iter().any(|symbol| self.is_shown(symbol));
            let of_shown = (about || self.shown_news.get(news.id).is_some()) && self.shown_news.apply(news);
            return if new || of_shown { Change::NEWS } else { Change::NONE };
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
        let bounds = self.clock.bounds;
        let Some(instrument) = self.by_id_mut(id) else { return Change::NONE };
        instrument.quality_mut().messages += 1;
        let result = match message {
            Message::Trade(m) => instrument.trade(m, bounds),
            Message::Quote(m) => instrument.quote_message(m, bounds),
            Message::Bar(kind, m) => instrument.bar(*kind, m, bounds),
            Message::Status(m) => instrument.status(m, bounds),
            Message::Luld(m) => instrument.luld(m, bounds),
            Message::Imbalance(m) => instrument.set_imbalance(m, bounds),
            Message::Correction(m) => instrument.correction(m, bounds),
            Message::CancelError(m) => instrument.cancel(m, bounds),
            Message::OrderBook(m) => instrument.order_book(m, bounds),
            Message::Pricing(m) => instrument.set_pricing(m, bounds),
            Message::News(_)
            | Message::Connected
            | Message::Authenticated
            | Message::Error(_)
            | Message::Subscription(_) => Ok(Change::NONE),
        };
        let change = match result {
            Ok(change) => change,
            Err(refusal) => {
                instrument.quality_mut().refuse(refusal);
                let change = instrument.mark(Change::QUALITY);
                self.set_aside(symbol, time, refusal);
                change
            }
        };
        self.clock.judge(result.err());
        change
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
        self.instruments.get(*self.places.get(id.0 as usize)?)
    }

    fn by_id_mut(&mut self, id: SymbolId) -> Option<&mut Instrument> {
        self.instruments.get_mut(*self.places.get(id.0 as usize)?)
    }

    /// All instruments, in the order of their first appearance.
    pub fn instruments(&self) -> impl ExactSizeIterator<Item = &Instrument> {
        self.instruments.iter()
    }

    /// Makes sure that there is an instrument for `symbol`; `None` at the limits. One that is shown
    /// takes the place of the least recently shown.
    pub fn ensure(&mut self, symbol: &str) -> Option<SymbolId> {
        if let Some(id) = self.symbols.find(symbol) {
            return Some(id);
        }
        let full = self.symbols.len() >= self.limits.instruments;
        if full && is_plausible(symbol) && self.is_shown(symbol) {
            self.forget_least_recent();
        }
        let id = self.symbols.intern(symbol, self.limits.instruments)?;
        let name = self.symbols.name(id).to_owned();
        let mut instrument = Instrument::new(id, &name, self.limits.bars);
        if let Some(shown) = &self.shown {
            instrument.set_shown(&timeframes_of(shown, &name), self.views, &self.limits);
        }
        let index = id.0 as usize;
        if self.places.len() <= index {
            self.places.resize(index + 1, usize::MAX);
        }
        if let Some(place) = self.places.get_mut(index) {
            *place = self.instruments.len();
        }
        self.instruments.push(instrument);
        Some(id)
    }

    /// Says which series are shown from now on: symbol and timeframe of each. Those may grow to
    /// [`Limits::bars`]; others keep their newest [`Limits::idle_bars`], those of symbols that are
    /// not shown [`Limits::hidden_bars`]. Bars of seconds are built only where seconds are shown.
    ///
    /// A symbol that is shown gets an instrument even if there are as many as are allowed: the
    /// least recently shown is forgotten. Those shown never are.
    pub fn set_shown(&mut self, shown: &[(&str, Timeframe)]) -> Change {
        let shown: Vec<(String, Timeframe)> = shown
            .iter()
            .take(self.limits.instruments)
            .map(|(symbol, timeframe)| (symbol::key(symbol).into_owned(), *timeframe))
            .collect();
        self.views += 1;
        let (views, limits) = (self.views, &self.limits);
        let change = self.instruments.iter_mut().fold(Change::NONE, |change, instrument| {
            let timeframes = timeframes_of(&shown, instrument.symbol());
            change | instrument.set_shown(&timeframes, views, limits)
        });
        let same = self.shown.as_ref().is_some_and(|before| {
            before.iter().map(|(symbol, _)| symbol).eq(shown.iter().map(|(symbol, _)| symbol))
        });
        self.shown = Some(shown);
        if !same {
            let mut list = std::mem::take(&mut self.shown_news);
            list.take_from(&self.news, |article| article.symbols.iter().any(|symbol| self.is_shown(symbol)));
            self.shown_news = list;
        }
        change
    }

    fn is_shown(&self, symbol: &str) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.iter().any(|(key, _)| *key == symbol::key(symbol)))
    }

    fn forget_least_recent(&mut self) {
        let hidden = self.instruments.iter().filter(|i| !self.is_shown(i.symbol()));
        if let Some(symbol) = hidden.min_by_key(|i| i.shown_at()).map(|i| i.symbol().to_owned()) {
            self.forget(&symbol);
        }
    }

    /// Forgets everything about a symbol, but not what was counted; true if there was something.
    pub fn forget(&mut self, symbol: &str) -> bool {
        let Some(id) = self.symbols.find(symbol) else { return false };
        let Some(place) = self.places.get_mut(id.0 as usize).map(|p| std::mem::replace(p, usize::MAX)) else {
            return false;
        };
        if place >= self.instruments.len() {
            return false;
        }
        let gone = self.instruments.remove(place);
        self.quality.add(gone.quality());
        self.symbols.forget(id);
        for (place, instrument) in self.instruments.iter().enumerate().skip(place) {
            if let Some(slot) = self.places.get_mut(instrument.id().0 as usize) {
                *slot = place;
            }
        }
        true
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
        // A loose clock is not to keep a page of history away.
        let now = self.clock.now;
        let bounds = if self.clock.loose { Bounds::default() } else { self.clock.bounds };
        let quarantine = &mut self.quarantine;
        let place = self.places.get(id.0 as usize).copied().unwrap_or(usize::MAX);
        let Some(instrument) = self.instruments.get_mut(place) else { return Change::NONE };
        let mut refusals = Vec::new();
        let mut change = instrument.load(timeframe, bars, bounds, now, &mut |bar, refusal| {
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
        self.by_id_mut(id).map_or(Change::NONE, |i| i.set_previous_close(close))
    }

    /// Notes that data of `symbol` (of all symbols if `None`) may be missing from `from` to `to`;
    /// `to` is [`Timestamp::MAX`] while the connection is down, and a second call with the same
    /// `from` ends the gap. Order books become invalid.
    pub fn note_gap(&mut self, symbol: Option<&str>, from: Timestamp, to: Timestamp) -> Change {
        self.for_each(symbol, |i| i.note_gap(from, to))
    }

    /// When the gap of a symbol began that has not ended.
    #[must_use]
    pub fn open_gap(&self, symbol: &str) -> Option<Timestamp> {
        let mut gaps = self.instrument(symbol)?.gaps().unfilled();
        gaps.find(|gap| gap.to == Timestamp::MAX).map(|gap| gap.from)
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
        self.by_id_mut(id).map_or(Change::NONE, Instrument::take_dirty)
    }

    /// News, newest first.
    #[must_use]
    pub const fn news(&self) -> &NewsList {
        &self.news
    }

    /// News about what is shown, newest first: of the streamed articles and of those loaded by
    /// [`Self::load_shown_news`]. It has the limits of [`NewsList`] for itself.
    #[must_use]
    pub const fn shown_news(&self) -> &NewsList {
        &self.shown_news
    }

    /// Takes an article of the history (REST) of what is shown. The list of all news stays as it is.
    pub fn load_shown_news(&mut self, news: &News<'_>) -> Change {
        if self.shown_news.apply(news) { Change::NEWS } else { Change::NONE }
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

/// Which timeframes of a symbol are shown.
fn timeframes_of(shown: &[(String, Timeframe)], symbol: &str) -> Vec<Timeframe> {
    let key = symbol::key(symbol);
    shown.iter().filter(|(shown, _)| *shown == key).map(|(_, timeframe)| *timeframe).collect()
}
