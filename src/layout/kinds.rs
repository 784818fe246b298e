//! The closed choices of a layout, each with the key under which it is stored and the name on the
//! screen.

pub use wickwire_chart::{ScaleMode, SeriesKind};

/// Whose clock the time axis shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ZoneChoice {
    /// The exchange's: New York for stocks, UTC for crypto.
    #[default]
    Exchange,
    /// The browser's.
    Local,
    /// Coordinated universal time.
    Utc,
}

/// The colours of rising and falling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// Green and red.
    #[default]
    Classic,
    /// Blue and orange, which everybody can tell apart.
    Safe,
}

/// A closed choice.
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// Every value, in the order of a menu.
    const ALL: &'static [Self];

    /// The key in storage and in the address bar.
    fn key(self) -> &'static str;

    /// The name on the screen.
    fn label(self) -> &'static str;

    /// The value of a key.
    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.key() == key)
    }
}

impl Choice for SeriesKind {
    const ALL: &'static [Self] = &Self::ALL;

    fn key(self) -> &'static str {
        Self::key(self)
    }

    fn label(self) -> &'static str {
        self.name()
    }
}

impl Choice for ScaleMode {
    const ALL: &'static [Self] = &Self::ALL;

    fn key(self) -> &'static str {
        Self::key(self)
    }

    fn label(self) -> &'static str {
        self.name()
    }
}

impl Choice for ZoneChoice {
    const ALL: &'static [Self] = &[Self::Exchange, Self::Local, Self::Utc];

    fn key(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::Local => "local",
            Self::Utc => "utc",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Exchange => "Exchange",
            Self::Local => "Local",
            Self::Utc => "UTC",
        }
    }
}

impl Choice for Palette {
    const ALL: &'static [Self] = &[Self::Classic, Self::Safe];

    fn key(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Safe => "safe",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Classic => "Classic",
            Self::Safe => "Colour-blind safe",
        }
    }
}

/// What is drawn besides bars and indicators, as a set of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks(u16);

impl Marks {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The line and tag of the last price, with the time to the bar's close.
    pub const LAST: Self = Self(1);
    /// The lines of bid and ask, with the band of the spread.
    pub const QUOTE: Self = Self(1 << 1);
    /// The highest and the lowest price in view.
    pub const EXTREMES: Self = Self(1 << 2);
    /// Dots on the time axis where there are news.
    pub const NEWS: Self = Self(1 << 3);
    /// Halts and the bands of limit up and limit down.
    pub const HALTS: Self = Self(1 << 4);
    /// Lines between sessions.
    pub const BREAKS: Self = Self(1 << 5);
    /// A tint before and after the regular session.
    pub const EXTENDED: Self = Self(1 << 6);
    /// The grid.
    pub const GRID: Self = Self(1 << 7);
    /// Volume below the bars.
    pub const VOLUME: Self = Self(1 << 8);
    /// Everything.
    pub const ALL: Self = Self((1 << 9) - 1);

    /// Every mark with its key in storage and its name on the screen.
    pub const TABLE: [(Self, &'static str, &'static str); 9] = [
        (Self::LAST, "last", "Last price and countdown"),
        (Self::QUOTE, "quote", "Bid and ask lines"),
        (Self::EXTREMES, "extremes", "High and low of the view"),
        (Self::NEWS, "news", "News dots"),
        (Self::HALTS, "halts", "Halts and price bands"),
        (Self::BREAKS, "breaks", "Session breaks"),
        (Self::EXTENDED, "extended", "Extended-hours shading"),
        (Self::GRID, "grid", "Grid"),
        (Self::VOLUME, "volume", "Volume"),
    ];

    /// Whether any mark of `other` is shown.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// With the marks of `other` shown or not.
    #[must_use]
    pub const fn set(self, other: Self, shown: bool) -> Self {
        if shown { Self(self.0 | other.0) } else { Self(self.0 & !other.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete<T: Choice + std::fmt::Debug>(count: usize) {
        assert_eq!(T::ALL.len(), count);
        for value in T::ALL {
            let key = value.key();
            assert_eq!(T::from_key(key), Some(*value));
            assert!(key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{key}");
            assert_eq!(T::ALL.iter().filter(|other| other.label() == value.label()).count(), 1);
        }
        assert_eq!(T::from_key(""), None);
    }

    #[test]
    fn keys_are_one_to_one() {
        complete::<SeriesKind>(8);
        complete::<ScaleMode>(4);
        complete::<ZoneChoice>(3);
        complete::<Palette>(2);
    }

    #[test]
    fn marks_are_single_bits_and_all_of_them_are_in_the_table() {
        let mut all = Marks::NONE;
        for (mark, key, _) in Marks::TABLE {
            assert!(!all.has(mark), "{key}");
            all = all.set(mark, true);
        }
        assert_eq!(all, Marks::ALL);
        assert!(!all.set(Marks::GRID, false).has(Marks::GRID));
        assert!(all.set(Marks::GRID, false).has(Marks::VOLUME));
    }
}
