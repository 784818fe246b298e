//! Which prints count, and for what: the sale-condition tables of the consolidated tapes.
//!
//! Sources: the "Consolidated Processing Guidelines" of the *CTS Multicast Output Binary
//! Specification* (SIAC; tapes A and B, <https://www.ctaplan.com/tech-specs>) and of the *UTP Trade
//! Data Feed (UTDF) Specification*, "Sale Condition Matrix" (Nasdaq; tape C,
//! <https://www.utpplan.com/technical_specifications>). A print counts for something only if each
//! of its conditions lets it.
//!
//! Both tables are made for the day's figures. For minute bars these readings are added; each
//! concerns only bars that the server has not sent, since its own bars replace ours:
//!
//! - **Conditional last.** Where the tables let a print be the last price only if it is the only
//!   eligible one of the day (out of sequence, derivatively priced, prior reference price), it
//!   opens and closes a minute only if nothing else in that minute may. Alpaca names these among
//!   the prints that do not set a close
//!   (<https://alpaca.markets/learn/stock-minute-bars>, "Filter by trade condition").
//! - **Extended hours.** `T` (form T) marks nearly every print before 09:30 and after 16:00. The
//!   tables keep it out of the day's prices; minute bars of those hours exist all the same and are
//!   made of such prints, so outside regular hours `T` counts for everything. `U` (the same, out
//!   of sequence) is then conditional.
//! - **M and Q** (official close and open) repeat prints already reported: they count for nothing.
//! - **9** (corrected consolidated close) corrects the day's close, not a minute's: it counts for
//!   nothing here.
//!
//! Options: the message types of OPRA (*OPRA Data Recipient Interface Specification*): cancels
//! (A, C, E, G) count for nothing, late and out-of-sequence reports (B, F) do not set the last
//! price. Crypto has no conditions: every trade counts.

use wickwire_proto::message::Conditions;

use crate::symbol::InstrumentClass;

/// What a print counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Updates(u8);

impl Updates {
    /// Volume, number of trades, average price.
    pub const VOLUME: Self = Self(1);
    /// High and low.
    pub const HIGH_LOW: Self = Self(2);
    /// Open and close.
    pub const LAST: Self = Self(4);
    /// Open and close if nothing else in the minute sets them.
    pub const LAST_IF_ONLY: Self = Self(8);
    /// Nothing.
    pub const NOTHING: Self = Self(0);
    /// Everything.
    pub const ALL: Self = Self(1 | 2 | 4);
    /// Volume, high and low, and open and close if it is the only one.
    pub const CONDITIONAL: Self = Self(1 | 2 | 8);

    /// Whether any bit of `other` is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What a print with both conditions counts for.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        let both = self.0 & other.0 & Self::ALL.0;
        let last = Self(Self::LAST.0 | Self::LAST_IF_ONLY.0);
        let only = both & Self::LAST.0 == 0 && self.has(last) && other.has(last);
        Self(both | if only { Self::LAST_IF_ONLY.0 } else { 0 })
    }
}

/// Whose codes a print bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tape {
    /// Tapes A and B, and stocks whose tape is not told.
    Cta,
    /// Tape C, and O (over the counter), whose codes are the same.
    Utp,
    /// Options.
    Opra,
    /// Crypto: no codes.
    None,
}

impl Tape {
    /// The tape of an instrument's print, by the wire's `z`.
    #[must_use]
    pub fn of(class: InstrumentClass, tape: Option<&str>) -> Self {
        match (class, tape) {
            (InstrumentClass::Crypto | InstrumentClass::Perpetual, _) => Self::None,
            (InstrumentClass::Option, _) => Self::Opra,
            (InstrumentClass::Stock, Some("C" | "O")) => Self::Utp,
            (InstrumentClass::Stock, _) => Self::Cta,
        }
    }
}

/// What one condition lets a print count for, in regular hours or outside them.
///
/// A blank, `@` (regular) and codes that the tables do not have restrict nothing.
#[must_use]
pub fn updates_of(tape: Tape, code: u8, regular_hours: bool) -> Updates {
    const VOLUME: Updates = Updates::VOLUME;
    const CONDITIONAL: Updates = Updates::CONDITIONAL;
    match (tape, code) {
        (Tape::None, _) => Updates::ALL,
        (Tape::Opra, b'A' | b'C' | b'E' | b'G') => Updates::NOTHING,
        (Tape::Opra, b'B' | b'F') => CONDITIONAL,
        (Tape::Opra, _) => Updates::ALL,
        // Official open and close, corrected consolidated close.
        (_, b'M' | b'Q' | b'9') => Updates::NOTHING,
        // Form T, and the same out of sequence.
        (_, b'T') if !regular_hours => Updates::ALL,
        (_, b'U') if !regular_hours => CONDITIONAL,
        // Cash, price variation, odd lot, next day, form T in regular hours, contingent, qualified
        // contingent.
        (_, b'C' | b'H' | b'I' | b'N' | b'T' | b'U' | b'V' | b'7') => VOLUME,
        // Prior reference price, seller, sold out of sequence, derivatively priced.
        (_, b'P' | b'R' | b'Z' | b'4') => CONDITIONAL,
        // Average price; B is a bunched trade on tape C.
        (Tape::Cta, b'B') | (Tape::Utp, b'W') => VOLUME,
        // Bunched sold, stopped stock out of sequence.
        (Tape::Utp, b'G' | b'3') => CONDITIONAL,
        _ => Updates::ALL,
    }
}

/// What a print counts for, in regular hours and outside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Eligibility {
    /// In regular hours.
    pub regular: Updates,
    /// Before and after.
    pub extended: Updates,
}

impl Eligibility {
    /// What a print with these conditions counts for.
    #[must_use]
    pub fn of(tape: Tape, conditions: Option<&Conditions<'_>>) -> Self {
        let mut out = Self { regular: Updates::ALL, extended: Updates::ALL };
        if tape == Tape::None {
            return out;
        }
        for code in conditions.iter().flat_map(|c| &c.codes) {
            // One text of several letters is a list written together.
            for code in code.bytes() {
                out.regular = out.regular.and(updates_of(tape, code, true));
                out.extended = out.extended.and(updates_of(tape, code, false));
            }
        }
        out
    }

    /// The one that holds.
    #[must_use]
    pub const fn at(self, regular_hours: bool) -> Updates {
        if regular_hours { self.regular } else { self.extended }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn at(tape: Tape, codes: &[&'static str], regular: bool) -> Updates {
        let codes = codes.iter().map(|c| (*c).into()).collect();
        Eligibility::of(tape, Some(&Conditions { codes, as_text: false })).at(regular)
    }

    /// The two specifications' tables, row by row: high and low, last, volume. `c` is conditional.
    #[test]
    fn the_tables_of_the_tapes() {
        let rows = [
            // code, tapes A and B, tape C
            ("@", "yyy", "yyy"),
            (" ", "yyy", "yyy"),
            ("B", "nny", "yyy"),
            ("C", "nny", "nny"),
            ("E", "yyy", "yyy"),
            ("F", "yyy", "yyy"),
            ("G", "yyy", "ycy"),
            ("H", "nny", "nny"),
            ("I", "nny", "nny"),
            ("K", "yyy", "yyy"),
            ("L", "yyy", "yyy"),
            ("M", "nnn", "nnn"),
            ("N", "nny", "nny"),
            ("O", "yyy", "yyy"),
            ("P", "ycy", "ycy"),
            ("Q", "nnn", "nnn"),
            ("R", "ycy", "ycy"),
            ("T", "nny", "nny"),
            ("U", "nny", "nny"),
            ("V", "nny", "nny"),
            ("W", "yyy", "nny"),
            ("X", "yyy", "yyy"),
            ("Z", "ycy", "ycy"),
            ("3", "yyy", "ycy"),
            ("4", "ycy", "ycy"),
            ("5", "yyy", "yyy"),
            ("6", "yyy", "yyy"),
            ("7", "nny", "nny"),
            ("9", "nnn", "nnn"),
        ];
        for (code, cta, utp) in rows {
            for (tape, want) in [(Tape::Cta, cta), (Tape::Utp, utp)] {
                let got = at(tape, &[code], true);
                let last = if got.has(Updates::LAST) {
                    'y'
                } else if got.has(Updates::LAST_IF_ONLY) {
                    'c'
                } else {
                    'n'
                };
                let yes = |b: bool| if b { 'y' } else { 'n' };
                let got: String =
                    [yes(got.has(Updates::HIGH_LOW)), last, yes(got.has(Updates::VOLUME))].iter().collect();
                assert_eq!(got, want, "{code} on {tape:?}");
            }
        }
    }

    #[test]
    fn every_condition_must_agree() {
        assert_eq!(at(Tape::Cta, &[" ", "F"], true), Updates::ALL);
        assert_eq!(at(Tape::Cta, &["F", "I"], true), Updates::VOLUME);
        assert_eq!(at(Tape::Cta, &["F", "4"], true), Updates::CONDITIONAL);
        assert_eq!(at(Tape::Cta, &["4", "Z"], true), Updates::CONDITIONAL);
        assert_eq!(at(Tape::Cta, &["4", "I"], true), Updates::VOLUME);
        assert_eq!(at(Tape::Cta, &["Q", "F"], true), Updates::NOTHING);
        assert_eq!(at(Tape::Cta, &[], true), Updates::ALL);
        assert_eq!(at(Tape::Cta, &[""], true), Updates::ALL);
    }

    #[test]
    fn form_t_counts_outside_regular_hours_unless_an_odd_lot() {
        assert_eq!(at(Tape::Cta, &[" ", "T"], false), Updates::ALL);
        assert_eq!(at(Tape::Utp, &["@", "T", "I"], false), Updates::VOLUME);
        assert_eq!(at(Tape::Utp, &["U"], false), Updates::CONDITIONAL);
    }

    #[test]
    fn options_and_crypto_have_their_own() {
        use InstrumentClass as C;
        assert_eq!(Tape::of(C::Option, Some("A")), Tape::Opra);
        assert_eq!(at(Tape::Opra, &["A"], true), Updates::NOTHING);
        assert_eq!(at(Tape::Opra, &["I"], true), Updates::ALL);
        assert_eq!(Tape::of(C::Crypto, None), Tape::None);
        assert_eq!(at(Tape::None, &["M"], true), Updates::ALL);
        assert_eq!(Tape::of(C::Stock, Some("C")), Tape::Utp);
        assert_eq!(Tape::of(C::Stock, None), Tape::Cta);
    }
}
