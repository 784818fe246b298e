//! The forms in which prices are drawn.

/// How the bars of the price pane are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum SeriesKind {
    /// Filled bodies from open to close, wicks from high to low.
    #[default]
    Candles,
    /// As candles, with the bodies of rising bars left open, and coloured by the way from the close before.
    Hollow,
    /// Candles of averaged prices ([`HeikinAshi`](super::heikin_ashi::HeikinAshi)).
    HeikinAshi,
    /// A line from high to low with a tick at the open (left) and at the close (right).
    Bars,
    /// A line through the closes.
    Line,
    /// A line that holds each close until the next.
    Step,
    /// A line through the closes, filled down to the axis.
    Area,
    /// A line through the closes, coloured and filled by the side of the middle it is on.
    Baseline,
}

impl SeriesKind {
    /// Every kind, in the order of a menu.
    pub const ALL: [Self; 8] = [
        Self::Candles,
        Self::Hollow,
        Self::HeikinAshi,
        Self::Bars,
        Self::Line,
        Self::Step,
        Self::Area,
        Self::Baseline,
    ];

    /// A name for addresses and stored layouts.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Candles => "candles",
            Self::Hollow => "hollow",
            Self::HeikinAshi => "heikin-ashi",
            Self::Bars => "bars",
            Self::Line => "line",
            Self::Step => "step",
            Self::Area => "area",
            Self::Baseline => "baseline",
        }
    }

    /// The kind of a [`key`](Self::key).
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The name people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Candles => "Candles",
            Self::Hollow => "Hollow candles",
            Self::HeikinAshi => "Heikin Ashi",
            Self::Bars => "Bars",
            Self::Line => "Line",
            Self::Step => "Step line",
            Self::Area => "Area",
            Self::Baseline => "Baseline",
        }
    }

    /// Whether only closes are drawn, so that highs and lows do not decide the price range.
    #[must_use]
    pub const fn closes_only(self) -> bool {
        matches!(self, Self::Line | Self::Step | Self::Area | Self::Baseline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_name_their_kind() {
        for kind in SeriesKind::ALL {
            assert_eq!(SeriesKind::from_key(kind.key()), Some(kind));
        }
        assert_eq!(SeriesKind::from_key("pie"), None);
    }
}
