//! Trades that turn out to be wrong: an erroneous print, and half a minute later its correction or
//! its cancellation.

use std::borrow::Cow;

use wickwire_proto::message::{CancelError, Correction, Message};
use wickwire_proto::number::Number;
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

use crate::feed::Venue;

use super::bars::Counts;
use super::rng::Rng;
use super::stock::{Print, Stock};
use super::tables::{CENT, STOCK_UNITS};
use super::wire::{TradeIds, Wire};

/// Wrong trades waiting for their fix, at most.
pub(super) const MAX_FIXES: usize = 16;

/// The longest that a wrong print stands. Short enough that one updated bar, sent one and a half
/// minutes after the minute's start at the earliest, has everything.
const SLOWEST_SECONDS: u32 = 28;

/// How a wrong trade ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FixKind {
    /// `c`
    Correct,
    /// `x`
    Cancel,
}

/// A wrong trade that waits for its fix.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fix {
    /// When it is found out.
    pub(super) at: i64,
    /// Number of the stock.
    pub(super) stock: usize,
    kind: FixKind,
    /// The trade's name among the marked ones of its stock.
    seq: u64,
    wrong: Print,
    right: (i64, u32),
}

impl FixKind {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        if rng.percent(50) { Self::Correct } else { Self::Cancel }
    }
}

impl Fix {
    /// Turns a good trade into a wrong one: a price up to a quarter of a percent beyond the quote, or ten
    /// times the size. `None` if the stock has enough of them already.
    pub(super) fn plan(
        kind: FixKind,
        now: i64,
        number: usize,
        print: &mut Print,
        stock: &mut Stock,
    ) -> Option<Self> {
        let right = (print.price, print.size);
        let mut wrong = *print;
        let rng = &mut stock.rng;
        if rng.percent(70) {
            let off = stock.fair * (0.0005 + 0.002 * rng.unit());
            let cents =
                if rng.percent(50) { stock.touch.ask + off as i64 } else { stock.touch.bid - off as i64 };
            let (down, up) = stock.band.map_or((1, i64::MAX / CENT), |b| (b.down, b.up));
            wrong.price = cents.clamp(down, up) * CENT;
        } else {
            wrong.size *= 10;
        }
        let at = now + i64::from(rng.between(6, SLOWEST_SECONDS)) * NANOS_PER_SECOND;
        let seq =
            stock.bars.marked_trade(wrong.time, wrong.price, wrong.size.into(), Counts::All, Counts::All)?;
        *print = wrong;
        Some(Self { at, stock: number, kind, seq, wrong, right })
    }

    /// Sends the correction or the cancellation and puts the bars right.
    pub(super) fn settle(self, stock: &mut Stock, wire: &mut Wire<'_>, ids: &mut TradeIds) {
        let wrong = self.wrong;
        let symbol = Cow::Borrowed(stock.spec.symbol);
        let exchange = Some(Cow::Borrowed(wrong.exchange));
        let tape = Some(Cow::Borrowed(stock.spec.tape));
        let time = Timestamp(self.at);
        let message = match self.kind {
            FixKind::Cancel => {
                stock.bars.settle(self.seq, None);
                Message::CancelError(CancelError {
                    symbol,
                    id: wrong.id,
                    exchange,
                    price: wrong.price as f64 / STOCK_UNITS,
                    size: Number::Unsigned(wrong.size.into()),
                    action: Cow::Borrowed(if wrong.id.is_multiple_of(3) { "E" } else { "C" }),
                    time,
                    tape,
                })
            }
            FixKind::Correct => {
                let (price, size) = self.right;
                stock.bars.settle(self.seq, Some((price, size.into())));
                Message::Correction(Correction {
                    symbol,
                    exchange,
                    original_id: wrong.id,
                    original_price: wrong.price as f64 / STOCK_UNITS,
                    original_size: Number::Unsigned(wrong.size.into()),
                    original_conditions: Some(wrong.codes.to_wire()),
                    corrected_id: ids.next(wrong.exchange),
                    corrected_price: price as f64 / STOCK_UNITS,
                    corrected_size: Number::Unsigned(size.into()),
                    corrected_conditions: Some(wrong.codes.to_wire()),
                    time,
                    tape,
                })
            }
        };
        wire.tick(Venue::Stocks, &message);
    }
}
