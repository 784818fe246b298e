//! Everything known about one symbol.

use wickwire_proto::number::Number;
use wickwire_proto::time::Timestamp;

use crate::book::Book;
use crate::change::Change;
use crate::gaps::Gaps;
use crate::quality::Quality;
use crate::series::Series;
use crate::spread::{QuoteState, SpreadHistory};
use crate::status::Halts;
use crate::symbol::{InstrumentClass, SymbolId};
use crate::timeframe::Timeframe;

/// The latest trade that counts for the last price.
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

/// Everything known about one symbol.
#[derive(Clone, Debug)]
pub struct Instrument {
    pub(crate) id: SymbolId,
    pub(crate) symbol: String,
    pub(crate) class: InstrumentClass,
    pub(crate) series: [Series; 6],
    pub(crate) spread: SpreadHistory,
    pub(crate) halts: Halts,
    pub(crate) book: Book,
    pub(crate) gaps: Gaps,
    pub(crate) quality: Quality,
    pub(crate) last_trade: Option<LastTrade>,
    pub(crate) dirty: Change,
}

impl Instrument {
    pub(crate) fn new(id: SymbolId, symbol: &str, bars: usize) -> Self {
        Self {
            id,
            symbol: symbol.to_owned(),
            class: InstrumentClass::of(symbol),
            series: Timeframe::ALL.map(|_| Series::new(bars)),
            spread: SpreadHistory::default(),
            halts: Halts::default(),
            book: Book::default(),
            gaps: Gaps::default(),
            quality: Quality::default(),
            last_trade: None,
            dirty: Change::NONE,
        }
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
    pub fn series(&self, timeframe: Timeframe) -> &Series {
        // The array has one series per timeframe, in their order.
        &self.series[timeframe.index()]
    }

    /// The latest quote.
    #[must_use]
    pub fn quote(&self) -> Option<&QuoteState> {
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

    /// Counters.
    #[must_use]
    pub const fn quality(&self) -> &Quality {
        &self.quality
    }

    /// The latest trade that counts for the last price.
    #[must_use]
    pub const fn last_trade(&self) -> Option<&LastTrade> {
        self.last_trade.as_ref()
    }

    /// The last price: of the latest trade, else of the newest bar.
    #[must_use]
    pub fn last_price(&self) -> Option<f64> {
        self.last_trade.map(|t| t.price).or_else(|| self.series(Timeframe::Min1).last().map(|b| b.close))
    }

    /// The day against the previous close, if that is known.
    #[must_use]
    pub fn day_change(&self) -> Option<DayChange> {
        None
    }
}
