//! Halts, resumptions and LULD bands.

use std::collections::VecDeque;

use wickwire_proto::message::{Luld, Status};
use wickwire_proto::time::Timestamp;

use crate::limits::{MAX_LULDS, MAX_STATUS_TEXT_BYTES, MAX_STATUSES};

/// A trading status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatusState {
    /// When.
    pub time: Timestamp,
    /// `sc`; its meaning depends on the tape.
    pub code: String,
    /// `sm`
    pub message: String,
    /// `rc`
    pub reason_code: String,
    /// `rm`
    pub reason: String,
    /// `z`
    pub tape: String,
}

impl StatusState {
    /// Whether trading stands still after this message; `None` if it says nothing about that.
    ///
    /// Tapes A and B: `2` halts, `3` resumes. Tapes C and O: `H` and `P` (volatility pause) halt,
    /// `Q` lets quotes in but not yet trades, `T` resumes. Source: the tables of
    /// <https://docs.alpaca.markets/docs/real-time-stock-pricing-data>, "Trading status".
    #[must_use]
    pub fn halted(&self) -> Option<bool> {
        match (self.tape.as_str(), self.code.as_str()) {
            ("C" | "O", "H" | "P" | "Q") | ("A" | "B", "2") => Some(true),
            ("C" | "O", "T") | ("A" | "B", "3") => Some(false),
            _ => None,
        }
    }
}

impl From<&Status<'_>> for StatusState {
    fn from(message: &Status<'_>) -> Self {
        let text = |s: &str| cut(s, MAX_STATUS_TEXT_BYTES).to_owned();
        Self {
            time: message.time,
            code: text(&message.status_code),
            message: text(&message.status_message),
            reason_code: text(&message.reason_code),
            reason: text(&message.reason_message),
            tape: text(message.tape.as_deref().unwrap_or_default()),
        }
    }
}

/// Price bands: outside them no trade may happen.
#[derive(Clone, Debug, PartialEq)]
pub struct LuldState {
    /// When.
    pub time: Timestamp,
    /// Limit down; `None` where there is none.
    pub lower: Option<f64>,
    /// Limit up; `None` where there is none.
    pub upper: Option<f64>,
    /// `i`
    pub indicator: String,
}

impl From<&Luld<'_>> for LuldState {
    fn from(message: &Luld<'_>) -> Self {
        let price = |p: f64| (p.is_finite() && p > 0.0).then_some(p);
        Self {
            time: message.time,
            lower: price(message.limit_down),
            upper: price(message.limit_up),
            indicator: cut(&message.indicator, MAX_STATUS_TEXT_BYTES).to_owned(),
        }
    }
}

/// Statuses and bands of one symbol, sorted by time, bounded.
#[derive(Clone, Debug, Default)]
pub struct Halts {
    statuses: VecDeque<StatusState>,
    bands: VecDeque<LuldState>,
    /// Data may be missing since the latest status.
    interrupted: bool,
}

impl Halts {
    /// The latest status.
    #[must_use]
    pub fn status(&self) -> Option<&StatusState> {
        self.statuses.back()
    }

    /// Whether trading stands still now, by the latest status that says something about it; `None`
    /// if no status said so, or if data may be missing since: the end of a halt may have been missed.
    #[must_use]
    pub fn halted(&self) -> Option<bool> {
        if self.interrupted { None } else { self.last_halted() }
    }

    /// What the latest status that says something about it said, however old it is.
    #[must_use]
    pub fn last_halted(&self) -> Option<bool> {
        self.statuses.iter().rev().find_map(StatusState::halted)
    }

    /// Whether trading is known to stand still now.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.halted() == Some(true)
    }

    /// Data is missing from here to the next status.
    pub(crate) const fn interrupt(&mut self) {
        self.interrupted = true;
    }

    /// Statuses, oldest first, at most [`MAX_STATUSES`].
    pub fn statuses(&self) -> impl DoubleEndedIterator<Item = &StatusState> + ExactSizeIterator {
        self.statuses.iter()
    }

    /// The latest bands.
    #[must_use]
    pub fn luld(&self) -> Option<&LuldState> {
        self.bands.back()
    }

    /// Bands, oldest first, at most [`MAX_LULDS`].
    pub fn lulds(&self) -> impl DoubleEndedIterator<Item = &LuldState> + ExactSizeIterator {
        self.bands.iter()
    }

    pub(crate) fn add_status(&mut self, status: StatusState) -> bool {
        let index = self.statuses.partition_point(|s| *s < status);
        if self.statuses.get(index) == Some(&status) {
            return false;
        }
        // An older one that comes late says nothing about now.
        self.interrupted &= index < self.statuses.len();
        self.statuses.insert(index, status);
        if self.statuses.len() > MAX_STATUSES {
            self.statuses.pop_front();
        }
        true
    }

    pub(crate) fn add_luld(&mut self, bands: LuldState) -> bool {
        let index = self.bands.partition_point(|b| b.time < bands.time);
        if self.bands.range(index..).take_while(|b| b.time == bands.time).any(|b| *b == bands) {
            return false;
        }
        let end = self.bands.partition_point(|b| b.time <= bands.time);
        self.bands.insert(end, bands);
        if self.bands.len() > MAX_LULDS {
            self.bands.pop_front();
        }
        true
    }
}

/// `text` cut to at most `limit` bytes, at a character's end.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn status(seconds: i64, code: &str, tape: &str) -> StatusState {
        StatusState::from(&Status {
            status_code: code.to_owned().into(),
            tape: Some(tape.to_owned().into()),
            time: Timestamp::from_seconds(seconds),
            ..Status::default()
        })
    }

    #[test]
    fn halts_depend_on_the_tape_and_not_on_the_order() {
        let mut halts = Halts::default();
        assert!(halts.add_status(status(20, "T", "C")));
        assert!(halts.add_status(status(10, "H", "C")));
        assert!(!halts.add_status(status(10, "H", "C")));
        assert!(!halts.is_halted());
        halts.add_status(status(30, "P", "C"));
        assert!(halts.is_halted());
        halts.add_status(status(31, "Q", "C"));
        assert!(halts.is_halted());
        assert_eq!(status(1, "2", "A").halted(), Some(true));
        assert_eq!(status(1, "3", "B").halted(), Some(false));
        assert_eq!(status(1, "T", "A").halted(), None);
    }

    #[test]
    fn after_an_interruption_nothing_is_known_until_the_next_status() {
        let mut halts = Halts::default();
        assert_eq!(halts.halted(), None);
        halts.add_status(status(20, "H", "C"));
        assert_eq!(halts.halted(), Some(true));
        halts.interrupt();
        assert_eq!((halts.halted(), halts.last_halted(), halts.is_halted()), (None, Some(true), false));
        halts.add_status(status(10, "T", "C"));
        assert_eq!(halts.halted(), None, "older than the halt");
        halts.add_status(status(30, "T", "C"));
        assert_eq!(halts.halted(), Some(false));
    }

    #[test]
    fn both_lists_are_bounded() {
        let mut halts = Halts::default();
        for i in 0..2_000 {
            halts.add_status(status(i, "H", "C"));
            halts.add_luld(LuldState::from(&Luld {
                limit_up: 11.0,
                time: Timestamp::from_seconds(i),
                ..Luld::default()
            }));
        }
        assert_eq!(halts.statuses().len(), MAX_STATUSES);
        assert_eq!(halts.lulds().len(), MAX_LULDS);
        assert_eq!(halts.luld().map(|b| (b.time, b.lower)), Some((Timestamp::from_seconds(1_999), None)));
    }

    #[test]
    fn texts_are_bounded() {
        let long = "é".repeat(MAX_STATUS_TEXT_BYTES);
        let status = StatusState::from(&Status {
            status_code: long.clone().into(),
            status_message: long.clone().into(),
            reason_code: long.clone().into(),
            reason_message: long.clone().into(),
            tape: Some(long.clone().into()),
            ..Status::default()
        });
        let luld = LuldState::from(&Luld { indicator: long.into(), ..Luld::default() });
        let StatusState { time: _, code, message, reason_code, reason, tape } = status;
        for text in [code, message, reason_code, reason, tape, luld.indicator] {
            assert_eq!(text.len(), MAX_STATUS_TEXT_BYTES);
        }
    }

    #[test]
    fn text_is_cut_at_a_characters_end() {
        assert_eq!(cut("aé", 2), "a");
        assert_eq!(cut("aé", 3), "aé");
    }
}
