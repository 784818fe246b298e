//! The closed choices of a layout, each with the key under which it is stored and the name on the
//! screen.

/// How bars are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SeriesKind {
    /// Body and wick, filled.
    #[default]
    Candles,
    /// Candles whose body is empty when it rises.
    Hollow,
    /// Averaged candles.
    HeikinAshi,
    /// Open, high, low and close as a bar with two ticks.
    Bars,
    /// A line through the closes.
    Line,
    /// A line that holds each close until the next.
    Step,
    /// A line with its area filled.
    Area,
    /// Filled above and below a base price.
    Baseline,
}

/// How prices are spread over the height of the pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScaleMode {
    /// Evenly.
    #[default]
    Linear,
    /// Equal ratios are equally high.
    Log,
    /// As change in percent from the first bar in view.
    Percent,
    /// The first bar in view is 100.
    Indexed,
}

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

/// A choice that a table describes.
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// Every value with its key in storage and its name on the screen, in the order of a menu.
    const TABLE: &'static [(Self, &'static str, &'static str)];

    /// The key in storage and in the address bar.
    fn key(self) -> &'static str {
        Self::TABLE.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// The value of a key.
    fn from_key(key: &str) -> Option<Self> {
        Self::TABLE.iter().find(|row| row.1 == key).map(|row| row.0)
    }

    /// The name on the screen.
    fn label(self) -> &'static str {
        Self::TABLE.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }
}

impl Choice for SeriesKind {
    const TABLE: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Candles, "candles", "Candles"),
        (Self::Hollow, "hollow", "Hollow candles"),
        (Self::HeikinAshi, "heikin-ashi", "Heikin Ashi"),
        (Self::Bars, "bars", "Bars"),
        (Self::Line, "line", "Line"),
        (Self::Step, "step", "Step line"),
        (Self::Area, "area", "Area"),
        (Self::Baseline, "baseline", "Baseline"),
    ];
}

impl Choice for ScaleMode {
    const TABLE: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Linear, "linear", "Linear"),
        (Self::Log, "log", "Logarithmic"),
        (Self::Percent, "percent", "Percent"),
        (Self::Indexed, "indexed", "Indexed to 100"),
    ];
}

impl Choice for ZoneChoice {
    const TABLE: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Exchange, "exchange", "Exchange"),
        (Self::Local, "local", "Local"),
        (Self::Utc, "utc", "UTC"),
    ];
}

impl Choice for Palette {
    const TABLE: &'static [(Self, &'static str, &'static str)] =
        &[(Self::Classic, "classic", "Classic"), (Self::Safe, "safe", "Colour-blind safe")];
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
        assert_eq!(T::TABLE.len(), count);
        for (value, key, label) in T::TABLE {
            assert_eq!((T::from_key(key), value.key(), value.label()), (Some(*value), *key, *label));
            assert!(key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{key}");
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
