//! The stock that halts: it runs into its price band, is paused for five minutes, and resumes with
//! an auction. Outside the regular session there are no bands, and the pause is for pending news.

use std::borrow::Cow;

use wickwire_proto::message::{Imbalance, Luld, Message, Status, Text};
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

use crate::feed::Venue;

use super::session::NewYorkDay;
use super::stock::{Band, Stock};
use super::tables::{CENT, STOCK_UNITS};
use super::wire::{TradeIds, Wire};

/// From the start to the first run at the band: a viewer sees the halt within three minutes.
const FIRST_RUN_SECONDS: i64 = 70;
/// How long the price takes to get to the band.
const RUN_SECONDS: i64 = 60;
/// How long it stays in the limit state before the pause, as the LULD plan has it.
const LIMIT_STATE_SECONDS: i64 = 15;
/// The pause.
pub(super) const PAUSE_SECONDS: i64 = 300;
/// From a resumption to the next run.
const CALM_SECONDS: i64 = 420;
/// Half width of a band as a part of the reference price: tier 1 of the LULD plan above 3 dollars.
const BAND: f64 = 0.05;
/// A reference price moves when the mean of the last minutes is so far away.
const REFERENCE_MOVE: f64 = 0.01;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Calm,
    Run,
    Limit,
    Paused,
}

/// The cycle of halts of one stock.
#[derive(Clone, Debug)]
pub(super) struct Halts {
    stage: Stage,
    /// When the next stage begins.
    pub(super) at: i64,
    upwards: bool,
    reason: (&'static str, &'static str),
}

/// What changed, for those who write about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    Halted,
    Resumed,
}

impl Halts {
    pub(super) const fn new(start: i64) -> Self {
        Self {
            stage: Stage::Calm,
            at: start + FIRST_RUN_SECONDS * NANOS_PER_SECOND,
            upwards: false,
            reason: ("", ""),
        }
    }

    /// Goes on to the next stage.
    pub(super) fn step(
        &mut self,
        now: i64,
        stock: &mut Stock,
        day: &NewYorkDay,
        wire: &mut Wire<'_>,
        ids: &mut TradeIds,
    ) -> Change {
        let (stage, seconds, change) = match self.stage {
            Stage::Calm => {
                self.upwards = !self.upwards;
                if let Some(band) = stock.band {
                    let target = if self.upwards { band.up } else { band.down };
                    stock.push = (target as f64 - stock.fair) / RUN_SECONDS as f64;
                }
                (Stage::Run, RUN_SECONDS, Change::Nothing)
            }
            Stage::Run => {
                if let Some(band) = stock.band {
                    // What is left of the way, and then some, so that it stays at the band.
                    stock.fair = if self.upwards { band.up as f64 } else { band.down as f64 };
                    stock.requote(now, day.is_regular(now));
                    stock.send_quote(wire);
                }
                (Stage::Limit, LIMIT_STATE_SECONDS, Change::Nothing)
            }
            Stage::Limit => {
                stock.push = 0.0;
                stock.halted = true;
                self.reason = if stock.band.is_some() {
                    ("M", "Limit Up-Limit Down (LULD) Trading Pause")
                } else {
                    ("P", "News Pending")
                };
                self.send(now, stock, ("2", "Trading Halt"), wire);
                if let Some(band) = stock.band {
                    send_band(now, stock, band, "D", wire);
                }
                (Stage::Paused, PAUSE_SECONDS, Change::Halted)
            }
            Stage::Paused => {
                stock.halted = false;
                stock.not_before = now;
                stock.mean = stock.fair;
                let regular = day.is_regular(now);
                stock.band = regular.then(|| band_around(stock.fair));
                self.send(now, stock, ("3", "Resume"), wire);
                if let Some(band) = stock.band {
                    send_band(now, stock, band, "E", wire);
                }
                stock.auction(now, "5", regular, wire, ids);
                (Stage::Calm, CALM_SECONDS, Change::Resumed)
            }
        };
        self.stage = stage;
        self.at = now + seconds * NANOS_PER_SECOND;
        change
    }

    fn send(&self, now: i64, stock: &Stock, (code, text): (&'static str, &'static str), wire: &mut Wire<'_>) {
        wire.keep(
            Venue::Stocks,
            &Message::Status(Status {
                symbol: Cow::Borrowed(stock.spec.symbol),
                status_code: Text::Borrowed(code),
                status_message: Text::Borrowed(text),
                reason_code: Text::Borrowed(self.reason.0),
                reason_message: Text::Borrowed(self.reason.1),
                time: Timestamp(now),
                tape: Some(Cow::Borrowed(stock.spec.tape)),
            }),
        );
    }
}

fn band_around(reference: f64) -> Band {
    Band {
        up: (reference * (1.0 + BAND)).floor() as i64,
        down: (reference * (1.0 - BAND)).ceil() as i64,
        reference,
    }
}

fn send_band(now: i64, stock: &Stock, band: Band, indicator: &'static str, wire: &mut Wire<'_>) {
    wire.tick(
        Venue::Stocks,
        &Message::Luld(Luld {
            symbol: Cow::Borrowed(stock.spec.symbol),
            limit_up: (band.up * CENT) as f64 / STOCK_UNITS,
            limit_down: (band.down * CENT) as f64 / STOCK_UNITS,
            indicator: Text::Borrowed(indicator),
            time: Timestamp(now),
            tape: Some(Cow::Borrowed(stock.spec.tape)),
        }),
    );
}

/// Puts the band of a stock where the rules want it: none outside the regular session, a first one
/// when it opens (`A`), a new one when the price has moved (`B`), else the old one again if
/// `restate` (`C`).
pub(super) fn update_band(now: i64, stock: &mut Stock, regular: bool, restate: bool, wire: &mut Wire<'_>) {
    if !regular {
        stock.band = None;
        return;
    }
    if stock.halted {
        return;
    }
    let (band, indicator) = match stock.band {
        None => (band_around(stock.fair), "A"),
        // A run at the band must find it where it was.
        Some(band) if stock.push != 0.0 => (band, "C"),
        Some(band) if (stock.mean - band.reference).abs() >= REFERENCE_MOVE * band.reference => {
            (band_around(stock.mean), "B")
        }
        Some(band) => (band, "C"),
    };
    stock.band = Some(band);
    stock.keep_in_band();
    if indicator != "C" || restate {
        send_band(now, stock, band, indicator, wire);
    }
}

/// An order imbalance before an auction.
pub(super) fn send_imbalance(now: i64, stock: &Stock, wire: &mut Wire<'_>) {
    wire.tick(
        Venue::Stocks,
        &Message::Imbalance(Imbalance {
            symbol: Cow::Borrowed(stock.spec.symbol),
            price: (stock.fair.round() as i64 * CENT) as f64 / STOCK_UNITS,
            tape: Some(Cow::Borrowed(stock.spec.tape)),
            time: Timestamp(now),
        }),
    );
}
