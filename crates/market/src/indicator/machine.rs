//! What computes an indicator bar by bar.

use super::bands::{Bollinger, Donchian, Keltner};
use super::kind::{MAX_OUTPUTS, StudyKind, StudySpec};
use super::moving::{Average, Smooth, WeightedAverage};
use super::oscillator::{Macd, Rsi, Stochastic};
use super::trend::{Adx, Atr};
use super::volume::{Cvd, Obv, Vwap};
use crate::symbol::InstrumentClass;

/// An indicator's values at one bar, in the order of [`StudyKind::outputs`]; NaN where there is
/// none (yet).
pub type Values = [f64; MAX_OUTPUTS];

/// No values.
pub const NO_VALUES: Values = [f64::NAN; MAX_OUTPUTS];

/// What indicators read of a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BarInput {
    /// Start of the bar, nanoseconds since the epoch.
    pub time: i64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
    /// Volume.
    pub volume: f64,
    /// Volume-weighted average price; NaN if not known.
    pub vwap: f64,
    /// Bought less sold volume; NaN if not known.
    pub delta: f64,
}

impl BarInput {
    /// Whether it has prices.
    fn has_prices(&self) -> bool {
        self.high.is_finite() && self.low.is_finite() && self.close.is_finite()
    }
}

/// The state after some bars, and the newest bar, which may still change.
///
/// A bar without prices (NaN) has no values and leaves no trace. Every call is O(1) amortised;
/// once the windows are full nothing is allocated.
///
/// ```
/// # use wickwire_market::indicator::{BarInput, Calculator, StudyKind, StudySpec};
/// # use wickwire_market::InstrumentClass;
/// # let bar = |close: f64| BarInput { time: 0, high: close, low: close, close, volume: 1.0,
/// #     vwap: close, delta: 0.0 };
/// let spec = StudySpec::new(StudyKind::Sma).with(0, 2.0);
/// let mut calculator = Calculator::new(&spec, InstrumentClass::Stock);
/// assert!(calculator.push(&bar(1.0))[0].is_nan());
/// assert_eq!(calculator.push(&bar(2.0))[0], 1.5);
/// assert_eq!(calculator.replace_last(&bar(4.0))[0], 2.5);
/// ```
#[derive(Clone, Debug)]
pub struct Calculator {
    machine: Machine,
    last: Option<BarInput>,
}

impl Calculator {
    /// Has seen no bar. The class says when a session begins.
    #[must_use]
    pub fn new(spec: &StudySpec, class: InstrumentClass) -> Self {
        Self { machine: Machine::new(spec, class), last: None }
    }

    /// Takes the newest bar so far as final and begins another.
    pub fn push(&mut self, bar: &BarInput) -> Values {
        if let Some(last) = self.last.take() {
            self.settle(&last);
        }
        self.replace_last(bar)
    }

    /// The newest bar has other values than it had, or is the first.
    pub fn replace_last(&mut self, bar: &BarInput) -> Values {
        self.last = Some(*bar);
        self.machine.step(bar, false)
    }

    /// The newest bar has these values, and they are final. For who knows the bar after it and
    /// would else compute this one twice.
    pub(super) fn settle(&mut self, bar: &BarInput) -> Values {
        self.last = None;
        self.machine.step(bar, true)
    }

    /// Whether nothing that only this one has seen counts any more for what comes, where `later` is one of
    /// the same kind that began later and has settled the same bars since. What both say from then on is
    /// the same but for the last digits of sums.
    pub(super) fn has_met(&self, later: &Self) -> bool {
        self.machine.has_met(&later.machine)
    }
}

/// One state machine of those there are. `next` of each computes a bar's values from the settled
/// state, and takes the bar into that state if it is to settle: one formula for both.
#[derive(Clone, Debug)]
enum Machine {
    Sma(Average),
    Ema(Smooth),
    Wma(WeightedAverage),
    Vwap(Vwap),
    Bollinger(Bollinger),
    Keltner(Keltner),
    Donchian(Donchian),
    Rsi(Rsi),
    Macd(Macd),
    Stochastic(Stochastic),
    Atr(Atr),
    Adx(Adx),
    Obv(Obv),
    Cvd(Cvd),
}

impl Machine {
    fn new(spec: &StudySpec, class: InstrumentClass) -> Self {
        let length = spec.length(0);
        match spec.kind {
            StudyKind::Sma => Self::Sma(Average::new(length)),
            StudyKind::Ema => Self::Ema(Smooth::exponential(length)),
            StudyKind::Wma => Self::Wma(WeightedAverage::new(length)),
            StudyKind::Vwap => Self::Vwap(Vwap::new(class)),
            StudyKind::Bollinger => Self::Bollinger(Bollinger::new(length, spec.get(1))),
            StudyKind::Keltner => Self::Keltner(Keltner::new(length, spec.get(1), spec.length(2))),
            StudyKind::Donchian => Self::Donchian(Donchian::new(length)),
            StudyKind::Rsi => Self::Rsi(Rsi::new(length)),
            StudyKind::Macd => Self::Macd(Macd::new(length, spec.length(1), spec.length(2))),
            StudyKind::Stochastic => {
                Self::Stochastic(Stochastic::new(length, spec.length(1), spec.length(2)))
            }
            StudyKind::Atr => Self::Atr(Atr::new(length)),
            StudyKind::Adx => Self::Adx(Adx::new(length)),
            StudyKind::Obv => Self::Obv(Obv::default()),
            StudyKind::Cvd => Self::Cvd(Cvd::default()),
        }
    }

    fn has_met(&self, later: &Self) -> bool {
        match (self, later) {
            (Self::Sma(one), Self::Sma(later)) => one.has_met(later),
            (Self::Ema(one), Self::Ema(later)) => one.has_met(later),
            (Self::Wma(one), Self::Wma(later)) => one.has_met(later),
            (Self::Vwap(one), Self::Vwap(later)) => one.has_met(later),
            (Self::Bollinger(one), Self::Bollinger(later)) => one.has_met(later),
            (Self::Keltner(one), Self::Keltner(later)) => one.has_met(later),
            (Self::Donchian(one), Self::Donchian(later)) => one.has_met(later),
            (Self::Rsi(one), Self::Rsi(later)) => one.has_met(later),
            (Self::Macd(one), Self::Macd(later)) => one.has_met(later),
            (Self::Stochastic(one), Self::Stochastic(later)) => one.has_met(later),
            (Self::Atr(one), Self::Atr(later)) => one.has_met(later),
            (Self::Adx(one), Self::Adx(later)) => one.has_met(later),
            (Self::Cvd(one), Self::Cvd(later)) => one.has_met(later),
            _ => false,
        }
    }

    fn step(&mut self, bar: &BarInput, settle: bool) -> Values {
        if !bar.has_prices() {
            return NO_VALUES;
        }
        let one = |value| [value, f64::NAN, f64::NAN];
        match self {
            Self::Sma(machine) => one(machine.next(bar.close, settle)),
            Self::Ema(machine) => one(machine.next(bar.close, settle)),
            Self::Wma(machine) => one(machine.next(bar.close, settle)),
            Self::Vwap(machine) => one(machine.next(bar, settle)),
            Self::Bollinger(machine) => machine.next(bar, settle),
            Self::Keltner(machine) => machine.next(bar, settle),
            Self::Donchian(machine) => machine.next(bar, settle),
            Self::Rsi(machine) => one(machine.next(bar, settle)),
            Self::Macd(machine) => machine.next(bar, settle),
            Self::Stochastic(machine) => machine.next(bar, settle),
            Self::Atr(machine) => one(machine.next(bar, settle)),
            Self::Adx(machine) => machine.next(bar, settle),
            Self::Obv(machine) => one(machine.next(bar, settle)),
            Self::Cvd(machine) => one(machine.next(bar, settle)),
        }
    }
}
