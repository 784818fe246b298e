//! Everything known about one symbol.

use wickwire_proto::message::{Imbalance, Pricing};
use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use crate::aggregate::Aggregator;
use crate::bar::BarFlags;
use crate::book::Book;
use crate::calendar::SessionSpan;
use crate::change::Change;
use crate::gaps::Gaps;
use crate::limits::{Limits, MAX_HIDDEN_WINDOW_MINUTES};
use crate::minute::{Print, Window};
use crate::quality::Quality;
use crate::second::Seconds;
use crate::series::{Series, SeriesSet};
use crate::spread::{QuoteState, SpreadHistory};
use crate::status::Halts;
use crate::symbol::{InstrumentClass, SymbolId};
use crate::timeframe::Timeframe;

mod history;
mod ingest;
mod trades;

/// The latest trade that counts for the last price, after corrections.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LastTrade {
    /// When.
    pub time: Timestamp,
    /// Price.
    pub price: f64,
    /// Size as it came.
    pub size: Number,
}

/// The day against the previous close.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayChange {
    /// The close before this day.
    pub previous_close: f64,
    /// Last price minus previous close.
    pub change: f64,
    /// The same in percent of the previous close.
    pub percent: f64,
}

/// The latest order imbalance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImbalanceState {
    /// When.
    pub time: Timestamp,
    /// Reference price.
    pub price: f64,
}

impl From<&Imbalance<'_>> for ImbalanceState {
    fn from(message: &Imbalance<'_>) -> Self {
        Self { time: message.time, price: message.price }
    }
}

/// The latest pricing of a perpetual future.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PricingState {
    /// When.
    pub time: Timestamp,
    /// Index price.
    pub index_price: f64,
    /// Mark price.
    pub mark_price: f64,
    /// Funding rate, as a fraction.
    pub funding_rate: f64,
    /// Open interest.
    pub open_interest: f64,
    /// When funding is next exchanged.
    pub next_funding_time: Option<Timestamp>,
}

impl From<&Pricing<'_>> for PricingState {
    fn from(message: &Pricing<'_>) -> Self {
        Self {
            time: message.time,
            index_price: message.index_price,
            mark_price: message.mark_price,
            funding_rate: message.funding_rate,
            open_interest: message.open_interest,
            next_funding_time: message.next_funding_time,
        }
    }
}

/// Everything known about one symbol.
#[derive(Clone, Debug)]
pub struct Instrument {
    id: SymbolId,
    symbol: String,
    class: InstrumentClass,
    series: SeriesSet,
    aggregator: Aggregator,
    window: Window,
    spread: SpreadHistory,
    halts: Halts,
    book: Book,
    gaps: Gaps,
    /// Seconds in the making, while they are wanted.
    seconds: Option<Box<Seconds>>,
    /// Spans of which trades are missing. History fills gaps, but not these.
    unseen: Gaps,
    /// Trades are missing from here to the next one.
    unseen_from: Option<Timestamp>,
    /// Up to when seconds were built before they were no longer wanted.
    built_to: Option<Timestamp>,
    /// Quotes before this are from before an interruption: no trade is judged by them.
    quotes_since: Timestamp,
    quality: Quality,
    imbalance: Option<ImbalanceState>,
    pricing: Option<PricingState>,
    last_print: Option<(Print, Number)>,
    last_trade: Option<LastTrade>,
    previous_close: Option<f64>,
    dirty: Change,
    /// The latest time of a trade or quote, and of the end of a minute that the server closed.
    clock: Timestamp,
    /// The minute that is built from trades and has not ended.
    forming: Option<Timestamp>,
    /// Starts of the first and the last `b`.
    streamed: Option<(Timestamp, Timestamp)>,
    /// The session of the last trade, which is nearly always that of the next.
    session: Option<SessionSpan>,
    /// When it was last shown, in a count of views; 0 if never.
    shown_at: u64,
}

impl Instrument {
    pub(crate) fn new(id: SymbolId, symbol: &str, bars: usize) -> Self {
        let class = InstrumentClass::of(symbol);
        Self {
            id,
            symbol: symbol.to_owned(),
            class,
            series: SeriesSet::new(bars),
            aggregator: Aggregator::new(class),
            window: Window::default(),
            spread: SpreadHistory::default(),
            halts: Halts::default(),
            book: Book::default(),
            gaps: Gaps::default(),
            seconds: None,
            unseen: Gaps::default(),
            unseen_from: None,
            built_to: None,
            quotes_since: Timestamp::MIN,
            quality: Quality::default(),
            imbalance: None,
            pricing: None,
            last_print: None,
            last_trade: None,
            previous_close: None,
            dirty: Change::NONE,
            clock: Timestamp::MIN,
            forming: None,
            streamed: None,
            session: None,
            shown_at: 0,
        }
    }

    /// In which view of the store's count it was last shown; 0 if never.
    pub(crate) const fn shown_at(&self) -> u64 {
        self.shown_at
    }

    /// Which of its series are shown from now on, in the view with this number; none if it is hidden.
    /// What is not shown keeps less.
    pub(crate) fn set_shown(&mut self, shown: &[Timeframe], view: u64, limits: &Limits) -> Change {
        if !shown.is_empty() {
            self.shown_at = view;
        }
        let others = if shown.is_empty() { limits.hidden_bars } else { limits.idle_bars };
        for (timeframe, series) in self.series.iter_mut() {
            series.set_limit(if shown.contains(&timeframe) { limits.bars } else { others });
        }
        let change = self.want_seconds(shown.iter().any(|t| t.is_seconds()));
        if shown.is_empty() {
            self.window.shrink(MAX_HIDDEN_WINDOW_MINUTES);
        }
        change
    }

    /// Its number.
    #[must_use]
    pub const fn id(&self) -> SymbolId {
        self.id
    }

    /// Its name, pairs with their slash.
    #[must_use]
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// What kind of thing it is.
    #[must_use]
    pub const fn class(&self) -> InstrumentClass {
        self.class
    }

    /// Its bars.
    #[must_use]
    pub const fn series(&self, timeframe: Timeframe) -> &Series {
        self.series.of(timeframe)
    }

    /// The start of the bar that `time` falls into.
    #[must_use]
    pub fn bucket_start(&self, timeframe: Timeframe, time: Timestamp) -> Timestamp {
        self.aggregator.buckets().start_of(timeframe, time)
    }

    /// The end of the bar that starts at `start`.
    #[must_use]
    pub fn bucket_end(&self, timeframe: Timeframe, start: Timestamp) -> Timestamp {
        self.aggregator.buckets().end_of(timeframe, start)
    }

    /// When no more trades go into the bar that starts at `start` ([`crate::bucket::Buckets::close_of`]).
    #[must_use]
    pub fn bucket_close(&self, timeframe: Timeframe, start: Timestamp) -> Option<Timestamp> {
        self.aggregator.buckets().close_of(timeframe, start)
    }

    /// The latest quote.
    #[must_use]
    pub const fn quote(&self) -> Option<&QuoteState> {
        self.spread.latest()
    }

    /// Quotes over time.
    #[must_use]
    pub const fn spread_history(&self) -> &SpreadHistory {
        &self.spread
    }

    /// Halts, resumptions and LULD bands.
    #[must_use]
    pub const fn halts(&self) -> &Halts {
        &self.halts
    }

    /// The order book.
    #[must_use]
    pub const fn book(&self) -> &Book {
        &self.book
    }

    /// Spans in which data may be missing.
    #[must_use]
    pub const fn gaps(&self) -> &Gaps {
        &self.gaps
    }

    /// Spans of which trades are missing, so that bars of seconds are: nothing fills them.
    #[must_use]
    pub const fn unseen(&self) -> &Gaps {
        &self.unseen
    }

    /// Counters.
    #[must_use]
    pub const fn quality(&self) -> &Quality {
        &self.quality
    }

    /// The latest order imbalance.
    #[must_use]
    pub const fn imbalance(&self) -> Option<&ImbalanceState> {
        self.imbalance.as_ref()
    }

    /// The latest pricing of a perpetual future.
    #[must_use]
    pub const fn pricing(&self) -> Option<&PricingState> {
        self.pricing.as_ref()
    }

    /// The latest trade that counts for the last price.
    #[must_use]
    pub const fn last_trade(&self) -> Option<&LastTrade> {
        self.last_trade.as_ref()
    }

    /// The latest time that a trade, a quote or the end of a closed minute told.
    #[must_use]
    pub fn clock(&self) -> Option<Timestamp> {
        (self.clock != Timestamp::MIN).then_some(self.clock)
    }

    /// The last price: of the latest trade, or of the newest minute if that is later.
    #[must_use]
    pub fn last_price(&self) -> Option<f64> {
        let bar = self.series(Timeframe::Min1).last();
        match (self.last_trade, bar) {
            (Some(trade), Some(bar)) if bar.time > trade.time => Some(bar.close),
            (Some(trade), _) => Some(trade.price),
            (None, bar) => bar.map(|b| b.close),
        }
    }

    /// The last price against the close of the day before, if both are known. The close is that of
    /// the server's daily bar, else what [`crate::Store::set_previous_close`] said, else of the
    /// regular session's last minute.
    #[must_use]
    pub fn day_change(&self) -> Option<DayChange> {
        let price = self.last_price()?;
        let days = self.series(Timeframe::Day1);
        let today = match self.clock() {
            Some(clock) => self.bucket_start(Timeframe::Day1, clock),
            None => days.last()?.time,
        };
        let index = days.find(today).unwrap_or_else(|i| i);
        let before = index.checked_sub(1).and_then(|i| days.get(i));
        let previous_close = match (before, self.previous_close) {
            (Some(bar), _) if !bar.flags.has(BarFlags::AGGREGATED) => bar.close,
            (_, Some(close)) => close,
            (Some(bar), None) => bar.close,
            (None, None) => return None,
        };
        let change = price - previous_close;
        Some(DayChange { previous_close, change, percent: change / previous_close * 100.0 })
    }

    pub(crate) const fn take_dirty(&mut self) -> Change {
        std::mem::replace(&mut self.dirty, Change::NONE)
    }

    pub(crate) const fn quality_mut(&mut self) -> &mut Quality {
        &mut self.quality
    }

    pub(crate) fn mark(&mut self, change: Change) -> Change {
        self.dirty |= change;
        change
    }
}
