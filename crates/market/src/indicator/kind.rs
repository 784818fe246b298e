//! Which indicators there are: names, parameters, outputs, and where they belong on a chart.
//!
//! Plain tables. Nothing here computes; a menu, a legend and a stored layout need no more.

/// Parameters an indicator has at most.
pub const MAX_PARAMS: usize = 4;
/// Lines an indicator has at most.
pub const MAX_OUTPUTS: usize = 3;
/// The longest look-back, in bars. It bounds the memory of a window: 400 kB at the most.
pub const MAX_LENGTH: usize = 5_000;

/// A technical indicator. [`crate::indicator`] has the definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StudyKind {
    /// Simple moving average of the close.
    Sma,
    /// Exponential moving average of the close.
    Ema,
    /// Linearly weighted moving average of the close.
    Wma,
    /// Volume-weighted average price since the session began.
    Vwap,
    /// Bollinger bands: simple average and standard deviations of the close.
    Bollinger,
    /// Keltner channels: exponential average of the close and average true ranges.
    Keltner,
    /// Donchian channels: highest high and lowest low.
    Donchian,
    /// Relative strength index (Wilder).
    Rsi,
    /// Moving average convergence/divergence.
    Macd,
    /// Slow stochastic oscillator.
    Stochastic,
    /// Average true range (Wilder).
    Atr,
    /// Average directional index and both directional indicators (Wilder).
    Adx,
    /// On-balance volume.
    Obv,
    /// Cumulative volume delta: bought less sold.
    Cvd,
}

/// A number that the user sets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Param {
    /// The name in a stored layout.
    pub key: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// What it is at first.
    pub default: f64,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// Values are multiples of this; whole numbers have 1.
    pub step: f64,
}

/// How an output is usually shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A line.
    Line,
    /// Columns from zero.
    Histogram,
    /// A line that bounds a band; the band lies between the two an indicator has.
    BandEdge,
}

/// One of an indicator's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Output {
    /// The name for people.
    pub name: &'static str,
    /// How it is usually shown.
    pub shape: Shape,
}

/// Where an indicator belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Placement {
    /// Over the price, on its scale.
    Price,
    /// In a pane of its own.
    Own,
}

/// What an indicator's values are, for labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A price or a difference of prices.
    Price,
    /// A volume: shares, coins or contracts.
    Volume,
    /// A number without unit from 0 to 100.
    Index,
}

/// Everything that is known of a kind.
struct Info {
    key: &'static str,
    name: &'static str,
    short: &'static str,
    params: &'static [Param],
    outputs: &'static [Output],
    placement: Placement,
    unit: Unit,
    levels: &'static [f64],
}

const fn length(key: &'static str, name: &'static str, default: f64) -> Param {
    Param { key, name, default, min: 1.0, max: MAX_LENGTH as f64, step: 1.0 }
}

const fn multiplier(key: &'static str, name: &'static str, default: f64) -> Param {
    Param { key, name, default, min: 0.1, max: 50.0, step: 0.1 }
}

const fn line(name: &'static str) -> Output {
    Output { name, shape: Shape::Line }
}

const fn edge(name: &'static str) -> Output {
    Output { name, shape: Shape::BandEdge }
}

const BAND: &[Output] = &[edge("Upper"), line("Middle"), edge("Lower")];

const SMA: Info = Info {
    key: "sma",
    name: "Simple moving average",
    short: "SMA",
    params: &[length("length", "Length", 20.0)],
    outputs: &[line("SMA")],
    placement: Placement::Price,
    unit: Unit::Price,
    levels: &[],
};
const EMA: Info = Info {
    key: "ema",
    name: "Exponential moving average",
    short: "EMA",
    params: &[length("length", "Length", 20.0)],
    outputs: &[line("EMA")],
    ..SMA
};
const WMA: Info = Info {
    key: "wma",
    name: "Weighted moving average",
    short: "WMA",
    params: &[length("length", "Length", 20.0)],
    outputs: &[line("WMA")],
    ..SMA
};
const VWAP: Info = Info {
    key: "vwap",
    name: "Volume-weighted average price",
    short: "VWAP",
    params: &[],
    outputs: &[line("VWAP")],
    ..SMA
};
const BOLLINGER: Info = Info {
    key: "bollinger",
    name: "Bollinger bands",
    short: "BB",
    params: &[length("length", "Length", 20.0), multiplier("deviations", "Standard deviations", 2.0)],
    outputs: BAND,
    ..SMA
};
const KELTNER: Info = Info {
    key: "keltner",
    name: "Keltner channels",
    short: "KC",
    params: &[
        length("length", "Length", 20.0),
        multiplier("multiplier", "Multiplier", 2.0),
        length("atr_length", "ATR length", 10.0),
    ],
    outputs: BAND,
    ..SMA
};
const DONCHIAN: Info = Info {
    key: "donchian",
    name: "Donchian channels",
    short: "DC",
    params: &[length("length", "Length", 20.0)],
    outputs: BAND,
    ..SMA
};
const RSI: Info = Info {
    key: "rsi",
    name: "Relative strength index",
    short: "RSI",
    params: &[length("length", "Length", 14.0)],
    outputs: &[line("RSI")],
    placement: Placement::Own,
    unit: Unit::Index,
    levels: &[30.0, 70.0],
};
const MACD: Info = Info {
    key: "macd",
    name: "Moving average convergence/divergence",
    short: "MACD",
    params: &[
        length("fast", "Fast length", 12.0),
        length("slow", "Slow length", 26.0),
        length("signal", "Signal length", 9.0),
    ],
    outputs: &[line("MACD"), line("Signal"), Output { name: "Histogram", shape: Shape::Histogram }],
    placement: Placement::Own,
    unit: Unit::Price,
    levels: &[0.0],
};
const STOCHASTIC: Info = Info {
    key: "stochastic",
    name: "Stochastic oscillator",
    short: "Stoch",
    params: &[
        length("length", "%K length", 14.0),
        length("k_smoothing", "%K smoothing", 3.0),
        length("d_smoothing", "%D smoothing", 3.0),
    ],
    outputs: &[line("%K"), line("%D")],
    levels: &[20.0, 80.0],
    ..RSI
};
const ATR: Info = Info {
    key: "atr",
    name: "Average true range",
    short: "ATR",
    params: &[length("length", "Length", 14.0)],
    outputs: &[line("ATR")],
    placement: Placement::Own,
    unit: Unit::Price,
    levels: &[],
};
const ADX: Info = Info {
    key: "adx",
    name: "Average directional index",
    short: "ADX",
    params: &[length("length", "Length", 14.0)],
    outputs: &[line("ADX"), line("+DI"), line("\u{2212}DI")],
    levels: &[],
    ..RSI
};
const OBV: Info = Info {
    key: "obv",
    name: "On-balance volume",
    short: "OBV",
    params: &[],
    outputs: &[line("OBV")],
    placement: Placement::Own,
    unit: Unit::Volume,
    levels: &[],
};
const CVD: Info = Info {
    key: "cvd",
    name: "Cumulative volume delta",
    short: "CVD",
    params: &[],
    outputs: &[line("CVD")],
    levels: &[0.0],
    ..OBV
};

impl StudyKind {
    /// Every kind, in the order of a menu.
    pub const ALL: [Self; 14] = [
        Self::Sma,
        Self::Ema,
        Self::Wma,
        Self::Vwap,
        Self::Bollinger,
        Self::Keltner,
        Self::Donchian,
        Self::Rsi,
        Self::Macd,
        Self::Stochastic,
        Self::Atr,
        Self::Adx,
        Self::Obv,
        Self::Cvd,
    ];

    const fn info(self) -> &'static Info {
        match self {
            Self::Sma => &SMA,
            Self::Ema => &EMA,
            Self::Wma => &WMA,
            Self::Vwap => &VWAP,
            Self::Bollinger => &BOLLINGER,
            Self::Keltner => &KELTNER,
            Self::Donchian => &DONCHIAN,
            Self::Rsi => &RSI,
            Self::Macd => &MACD,
            Self::Stochastic => &STOCHASTIC,
            Self::Atr => &ATR,
            Self::Adx => &ADX,
            Self::Obv => &OBV,
            Self::Cvd => &CVD,
        }
    }

    /// The name in a stored layout: lower case, no spaces.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.info().key
    }

    /// The kind of a [`StudyKind::key`].
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The name in a menu.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.info().name
    }

    /// The name in a legend.
    #[must_use]
    pub const fn short(self) -> &'static str {
        self.info().short
    }

    /// What the user sets; at most [`MAX_PARAMS`].
    #[must_use]
    pub const fn params(self) -> &'static [Param] {
        self.info().params
    }

    /// The lines it has; one to [`MAX_OUTPUTS`]. Bands are upper, middle, lower.
    #[must_use]
    pub const fn outputs(self) -> &'static [Output] {
        self.info().outputs
    }

    /// Where it belongs.
    #[must_use]
    pub const fn placement(self) -> Placement {
        self.info().placement
    }

    /// What its values are.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.info().unit
    }

    /// Values worth a horizontal line.
    #[must_use]
    pub const fn levels(self) -> &'static [f64] {
        self.info().levels
    }

    /// Between which values it is usually shown, where that does not depend on data.
    #[must_use]
    pub const fn range(self) -> Option<(f64, f64)> {
        match self {
            Self::Rsi | Self::Stochastic => Some((0.0, 100.0)),
            _ => None,
        }
    }

    /// Whether it needs the signed volume of bars, which only trades give.
    #[must_use]
    pub const fn needs_trades(self) -> bool {
        matches!(self, Self::Cvd)
    }
}

/// An indicator and its parameters. Always valid: parameters lie in their ranges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudySpec {
    /// Which indicator.
    pub kind: StudyKind,
    params: [f64; MAX_PARAMS],
}

impl StudySpec {
    /// With the default parameters.
    #[must_use]
    pub fn new(kind: StudyKind) -> Self {
        let mut params = [0.0; MAX_PARAMS];
        for (value, param) in params.iter_mut().zip(kind.params()) {
            *value = param.default;
        }
        Self { kind, params }
    }

    /// With another value of the parameter at `index` of [`StudyKind::params`], rounded to its
    /// step and brought into its range. Nothing changes if there is no such parameter or the value
    /// is no number.
    #[must_use]
    pub fn with(mut self, index: usize, value: f64) -> Self {
        if let (Some(slot), Some(param)) = (self.params.get_mut(index), self.kind.params().get(index))
            && !value.is_nan()
        {
            // Tenths by division: 23 / 10 is the number that people write 2.3, 23 × 0.1 is not.
            // And `clamp` would bring the formatter of floats along, for its panic.
            let steps = (1.0 / param.step).round();
            *slot = (value.max(param.min).min(param.max) * steps).round() / steps;
        }
        self
    }

    /// The same by the parameter's key.
    #[must_use]
    pub fn with_key(self, key: &str, value: f64) -> Self {
        match self.kind.params().iter().position(|param| param.key == key) {
            Some(index) => self.with(index, value),
            None => self,
        }
    }

    /// The value of the parameter at `index`; 0 if there is none.
    #[must_use]
    pub fn get(&self, index: usize) -> f64 {
        self.params.get(index).copied().unwrap_or(0.0)
    }

    /// The parameter at `index` as a number of bars, at least 1.
    #[must_use]
    pub fn length(&self, index: usize) -> usize {
        (self.get(index) as usize).clamp(1, MAX_LENGTH)
    }

    /// The values, in the order of [`StudyKind::params`].
    #[must_use]
    pub fn values(&self) -> &[f64] {
        self.params.get(..self.kind.params().len()).unwrap_or_default()
    }

    /// For a legend: `SMA 20`, `BB 20 2`, `MACD 12 26 9`.
    #[must_use]
    pub fn label(&self) -> String {
        let mut label = String::from(self.kind.short());
        for value in self.values() {
            label.push(' ');
            push_tenths(&mut label, *value);
        }
        label
    }
}

/// Writes a parameter: whole numbers and tenths are all there are, and the formatter of floats is
/// not worth its size for them.
fn push_tenths(text: &mut String, value: f64) {
    let tenths = (value * 10.0).round() as u64;
    text.push_str(&(tenths / 10).to_string());
    let rest = (tenths % 10) as u8;
    if rest != 0 {
        text.push('.');
        text.push(char::from(b'0' + rest));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_tables_keep_their_limits() {
        for (index, kind) in StudyKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
            assert_eq!(StudyKind::from_key(kind.key()), Some(kind));
            assert_eq!(StudyKind::ALL.iter().filter(|k| k.key() == kind.key()).count(), 1);
            assert_eq!(StudyKind::ALL.iter().filter(|k| k.short() == kind.short()).count(), 1);
            assert!(kind.params().len() <= MAX_PARAMS);
            assert!((1..=MAX_OUTPUTS).contains(&kind.outputs().len()));
            let edges = kind.outputs().iter().filter(|o| o.shape == Shape::BandEdge).count();
            assert!(edges == 0 || edges == 2);
            for param in kind.params() {
                assert!(param.min <= param.default && param.default <= param.max);
                assert!(param.step == 1.0 || param.step == 0.1, "labels write tenths");
                for value in [param.default, param.min, param.max] {
                    let spec = StudySpec::new(kind).with_key(param.key, value);
                    assert!(spec.values().contains(&value), "{value} is a multiple of the step");
                }
                assert_eq!(kind.params().iter().filter(|p| p.key == param.key).count(), 1);
            }
            if let Some((low, high)) = kind.range() {
                assert!(kind.levels().iter().all(|level| (low..=high).contains(level)));
                assert_eq!(kind.unit(), Unit::Index);
            }
            assert!(kind.placement() == Placement::Own || kind.unit() == Unit::Price);
        }
        assert_eq!(StudyKind::from_key("SMA"), None);
    }

    #[test]
    fn values_are_clamped_and_rounded_to_their_step() {
        let spec = StudySpec::new(StudyKind::Bollinger);
        assert_eq!(spec.values(), [20.0, 2.0]);
        assert_eq!(spec.with(0, 7.4).get(0), 7.0);
        assert_eq!(spec.with(0, -3.0).length(0), 1);
        assert_eq!(spec.with(0, f64::INFINITY).length(0), MAX_LENGTH);
        assert_eq!(spec.with(0, f64::NAN), spec);
        assert_eq!(spec.with(1, 2.31).get(1), 2.3);
        assert_eq!(spec.with(1, 0.0).get(1), 0.1);
        assert_eq!(spec.with(2, 9.0), spec, "there is no third");
        assert_eq!(spec.with_key("deviations", 3.0), spec.with(1, 3.0));
        assert_eq!(spec.with_key("smoothing", 3.0), spec);
        assert_eq!(spec.get(9), 0.0);
    }

    #[test]
    fn labels_are_short() {
        for (kind, label) in [
            (StudyKind::Sma, "SMA 20"),
            (StudyKind::Bollinger, "BB 20 2"),
            (StudyKind::Keltner, "KC 20 2 10"),
            (StudyKind::Macd, "MACD 12 26 9"),
            (StudyKind::Stochastic, "Stoch 14 3 3"),
            (StudyKind::Vwap, "VWAP"),
        ] {
            assert_eq!(StudySpec::new(kind).label(), label);
        }
        assert_eq!(StudySpec::new(StudyKind::Bollinger).with(1, 2.5).label(), "BB 20 2.5");
        assert_eq!(StudySpec::new(StudyKind::Bollinger).with(1, 0.1).label(), "BB 20 0.1");
    }
}
