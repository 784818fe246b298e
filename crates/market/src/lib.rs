//! Market state a chart can trust: series, quotes, spread, books, news.
//!
//! Messages of `wickwire-proto` go in through [`Store::apply`]; columns, quotes and lists come out.
//! The crate knows no browser, no clock, no runtime and no log: time is what messages say, and
//! [`Store::set_clock`] where the caller knows better.
//!
//! The final state does not depend on the order in which messages arrive, nor on repeats, as far
//! as the wire allows it (the rules are in [`minute`] and [`series`]).
//!
//! | module | what is in it |
//! | --- | --- |
//! | [`store`], [`instrument`] | everything there is, and everything about one symbol |
//! | [`series`], [`mod@column`] | bars in columns with a free gap at the front |
//! | `blocks` | the trades of the last minutes, in room that is used again |
//! | [`minute`] | minute bars: from the wire, and the forming one from trades; signed volume |
//! | `second` | bars of seconds from trades, while they are shown |
//! | [`aggregate`], [`bucket`] | longer timeframes from minutes and days, and where their bars start |
//! | [`indicator`] | technical indicators over a series, O(1) a tick |
//! | [`conditions`] | which prints count: the consolidated tapes' tables |
//! | [`calendar`] | New York time, sessions, holidays |
//! | [`spread`], [`book`], [`news`], [`status`] | quotes over time, order books, articles, halts |
//! | [`symbol`] | names to ids; `BTCUSD` and `BTC/USD` are one |
//! | [`quality`] | what was refused or odd, counted |

pub mod aggregate;
pub mod bar;
mod blocks;
pub mod book;
pub mod bucket;
pub mod calendar;
pub mod change;
pub mod column;
pub mod conditions;
pub mod gaps;
pub mod indicator;
pub mod instrument;
pub mod limits;
pub mod minute;
pub mod news;
pub mod quality;
mod second;
pub mod series;
mod sparse;
pub mod spread;
pub mod status;
pub mod store;
pub mod symbol;
pub mod timeframe;

pub use bar::{Bar, BarFlags};
pub use change::Change;
pub use instrument::Instrument;
pub use limits::Limits;
pub use series::{Changes, Seen, Series};
pub use spread::{QuoteState, SpreadHistory};
pub use store::Store;
pub use symbol::{InstrumentClass, SymbolId};
pub use timeframe::Timeframe;
