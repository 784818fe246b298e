//! What the region "Quote" shows; text ready to be shown, so that equal text is written once.

/// The way of the last change of a price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// No change, or nothing to compare with.
    #[default]
    Flat,
    /// Up.
    Up,
    /// Down.
    Down,
}

impl Way {
    /// From a difference.
    #[must_use]
    pub fn of(difference: f64) -> Self {
        if difference > 0.0 {
            Self::Up
        } else if difference < 0.0 {
            Self::Down
        } else {
            Self::Flat
        }
    }

    /// The CSS class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// The sign shown beside the colour.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Flat => "",
            Self::Up => "▲",
            Self::Down => "▼",
        }
    }
}

/// The quote of the shown symbol. Empty text means not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuoteView {
    /// Best bid.
    pub bid: String,
    /// Its size.
    pub bid_size: String,
    /// Best ask.
    pub ask: String,
    /// Its size.
    pub ask_size: String,
    /// The middle between them.
    pub mid: String,
    /// Ask less bid in cents (of the quote currency).
    pub spread_cents: String,
    /// Ask less bid in basis points of the middle.
    pub spread_bps: String,
    /// Bid above ask.
    pub crossed: bool,
    /// Last trade.
    pub last: String,
    /// The way from the trade before.
    pub last_way: Way,
    /// Change since the previous close, or since the open if no earlier close is known, with sign.
    pub change: String,
    /// The same in percent, with sign.
    pub change_percent: String,
    /// Its way.
    pub change_way: Way,
    /// From what the change counts: `from previous close` or `from open`.
    pub change_from: &'static str,
    /// Trading halts and bands, in words; empty in ordinary trading.
    pub notice: String,
}
