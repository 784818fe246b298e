//! How much is kept. On reaching a limit the oldest goes, unless the item says otherwise.

/// Bars of one series (symbol and timeframe): two weeks of minutes around the clock, 1.4 MB.
pub const MAX_BARS: usize = 20_000;
/// Bars of a series that is not shown, of a symbol that is: a week of minutes around the clock.
pub const MAX_IDLE_BARS: usize = 10_000;
/// Bars of a series of a symbol that is not shown: what a view opens with.
pub const MAX_HIDDEN_BARS: usize = 2_000;
/// The most that [`Limits::bars`] may ask for.
pub const MAX_BARS_CEILING: usize = 1_000_000;
/// Instruments; a message about one more is refused and counted.
pub const MAX_INSTRUMENTS: usize = 1_024;
/// Bytes of a symbol; a longer one is refused and counted.
pub const MAX_SYMBOL_BYTES: usize = 64;
/// Minutes whose trades are kept, counted back from the newest trade: for that long a correction
/// or a late trade changes a bar that the server has not closed.
pub const MAX_WINDOW_MINUTES: i64 = 8;
/// Minutes whose trades are kept of a symbol when it is no longer shown: the one that forms, if it is
/// shown again at once, and the one before.
pub const MAX_HIDDEN_WINDOW_MINUTES: i64 = 2;
/// Trades kept of one instrument, 5 MB; over it the oldest minute is frozen as it is.
pub const MAX_WINDOW_TRADES: usize = 65_536;
/// Corrections and cancels kept of one instrument, so that they find trades that come after them.
pub const MAX_AMENDMENTS: usize = 1_024;
/// Points of the spread history: ten minutes at ten a second.
pub const MAX_SPREAD_POINTS: usize = 6_000;
/// Levels of one side of an order book; the farthest from the top goes.
pub const MAX_BOOK_LEVELS: usize = 2_000;
/// News articles of one list: there is one of all, and one of those about what is shown.
pub const MAX_NEWS: usize = 500;
/// Bytes of one text of an article; what is longer is cut at a character's end.
pub const MAX_NEWS_TEXT_BYTES: usize = 64 * 1024;
/// Bytes of all texts of all articles of one list.
pub const MAX_NEWS_BYTES: usize = 8 * 1024 * 1024;
/// Symbols of one article.
pub const MAX_NEWS_SYMBOLS: usize = 128;
/// Statuses (halts, resumptions) remembered of one instrument.
pub const MAX_STATUSES: usize = 256;
/// LULD bands remembered of one instrument.
pub const MAX_LULDS: usize = 1_024;
/// Bytes of a text in a status.
pub const MAX_STATUS_TEXT_BYTES: usize = 256;
/// Gaps remembered of one instrument; over it the two oldest become one.
pub const MAX_GAPS: usize = 64;
/// Refused messages remembered, for display.
pub const MAX_QUARANTINE: usize = 64;
/// Messages that a loose clock refuses in a row before it is the clock that is not believed.
pub const MAX_TOO_FAR_AHEAD: u32 = 8;

/// What can be chosen; the rest is constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bars of one series, 1 to [`MAX_BARS_CEILING`].
    pub bars: usize,
    /// Bars of a series that is not shown, of a symbol that is ([`crate::Store::set_shown`]); 1 to
    /// `bars`.
    pub idle_bars: usize,
    /// Bars of a series of a symbol that is not shown, 1 to `idle_bars`.
    pub hidden_bars: usize,
    /// Instruments, 1 to [`MAX_INSTRUMENTS`].
    pub instruments: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bars: MAX_BARS,
            idle_bars: MAX_IDLE_BARS,
            hidden_bars: MAX_HIDDEN_BARS,
            instruments: MAX_INSTRUMENTS,
        }
    }
}

impl Limits {
    /// These limits, brought into their ranges.
    #[must_use]
    pub fn clamped(self) -> Self {
        let bars = self.bars.clamp(1, MAX_BARS_CEILING);
        let idle_bars = self.idle_bars.clamp(1, bars);
        Self {
            bars,
            idle_bars,
            hidden_bars: self.hidden_bars.clamp(1, idle_bars),
            instruments: self.instruments.clamp(1, MAX_INSTRUMENTS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_is_chosen_is_brought_into_its_range() {
        let all = |value: usize| {
            Limits { bars: value, idle_bars: value, hidden_bars: value, instruments: value }.clamped()
        };
        let most = Limits {
            bars: MAX_BARS_CEILING,
            idle_bars: MAX_BARS_CEILING,
            hidden_bars: MAX_BARS_CEILING,
            instruments: MAX_INSTRUMENTS,
        };
        assert_eq!(all(usize::MAX), most);
        assert_eq!(all(0), Limits { bars: 1, idle_bars: 1, hidden_bars: 1, instruments: 1 });
        let default = Limits::default();
        assert_eq!(default.clamped(), default);
        let by_name = (default.bars, default.idle_bars, default.hidden_bars, default.instruments);
        assert_eq!(by_name, (MAX_BARS, MAX_IDLE_BARS, MAX_HIDDEN_BARS, MAX_INSTRUMENTS));
        let narrow = Limits { bars: 5, idle_bars: 9, hidden_bars: 9, instruments: 3 }.clamped();
        assert_eq!((narrow.idle_bars, narrow.hidden_bars), (5, 5), "no more than what is shown");
    }
}
