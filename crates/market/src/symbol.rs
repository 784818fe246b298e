//! Symbols: names to small ids, and what kind of thing a name names.
//!
//! Crypto pairs are written `BTC/USD` on the market-data stream and `BTCUSD` in news and trade
//! updates. Both are one instrument; the form with the slash is the one shown.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::limits::MAX_SYMBOL_BYTES;

/// A symbol's number in one [`crate::Store`], from 0 up. That of a forgotten symbol is given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolId(pub u32);

/// What kind of thing a symbol names; it decides sessions, days and which prints count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InstrumentClass {
    /// A stock or fund: New York's sessions, the tapes' sale conditions.
    Stock,
    /// A crypto pair: around the clock, UTC days, every trade counts.
    Crypto,
    /// A perpetual future: as crypto.
    Perpetual,
    /// An option contract: New York's sessions, OPRA's conditions.
    Option,
}

impl InstrumentClass {
    /// The class of a symbol, by its form alone.
    #[must_use]
    pub fn of(symbol: &str) -> Self {
        if symbol.ends_with("-PERP") {
            Self::Perpetual
        } else if symbol.contains('/') || split_pair(symbol).is_some() {
            Self::Crypto
        } else if is_occ(symbol) {
            Self::Option
        } else {
            Self::Stock
        }
    }

    /// Whether it trades around the clock.
    #[must_use]
    pub const fn around_the_clock(self) -> bool {
        matches!(self, Self::Crypto | Self::Perpetual)
    }
}

/// Quote currencies of pairs written without a slash, longest first.
const QUOTE_CURRENCIES: [&str; 3] = ["USDT", "USDC", "USD"];

/// A pair written without its slash: at least six capitals or digits ending in a dollar currency.
/// A stock's root has at most five letters, so the two do not collide.
fn split_pair(symbol: &str) -> Option<(&str, &str)> {
    let plain = symbol.len() >= 6
        && symbol.len() <= 12
        && symbol.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !plain {
        return None;
    }
    QUOTE_CURRENCIES.iter().find_map(|quote| {
        let base = symbol.strip_suffix(quote)?;
        (base.len() >= 2).then_some((base, *quote))
    })
}

/// Root of one to six characters, yymmdd, C or P, strike × 1000 in eight digits (OCC).
fn is_occ(symbol: &str) -> bool {
    let bytes = symbol.as_bytes();
    let Some(tail) = bytes.len().checked_sub(15).and_then(|root| bytes.get(root..)) else { return false };
    bytes.len() >= 16
        && bytes.len() <= 21
        && tail.iter().enumerate().all(|(i, b)| match i {
            6 => matches!(b, b'C' | b'P'),
            _ => b.is_ascii_digit(),
        })
}

/// The form in which two spellings of one symbol are equal: the slash of a pair left out.
#[must_use]
pub fn key(symbol: &str) -> std::borrow::Cow<'_, str> {
    if symbol.contains('/') { symbol.replace('/', "").into() } else { symbol.into() }
}

/// The form to show: a pair gets its slash (`BTCUSD` → `BTC/USD`), all else stays.
#[must_use]
pub fn display(symbol: &str) -> std::borrow::Cow<'_, str> {
    match split_pair(symbol) {
        Some((base, quote)) => format!("{base}/{quote}").into(),
        None => symbol.into(),
    }
}

/// Whether a name may be a symbol at all.
pub(crate) const fn is_plausible(symbol: &str) -> bool {
    !symbol.is_empty() && symbol.len() <= MAX_SYMBOL_BYTES
}

/// A hash for names of a few bytes (a multiplication for eight): the standard one costs more than all else
/// that is done for a quote. It does not withstand names made to collide; there are only as many as the
/// limits allow.
#[derive(Clone, Copy)]
struct NameHasher(u64);

impl Default for NameHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

type Names = HashMap<String, SymbolId, BuildHasherDefault<NameHasher>>;

/// Names to ids.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    ids: Names,
    /// The spelling that comes with nearly every message, found without building a key.
    exact: Names,
    names: Vec<String>,
    /// Numbers of forgotten symbols, to be given again.
    free: Vec<SymbolId>,
}

impl Symbols {
    /// The id of a symbol that is known, in either spelling.
    #[must_use]
    pub fn find(&self, symbol: &str) -> Option<SymbolId> {
        self.exact.get(symbol).or_else(|| self.ids.get(key(symbol).as_ref())).copied()
    }

    /// The id of a symbol; a new one if there are fewer than `limit`. None if it is full, or the
    /// name is empty or longer than [`MAX_SYMBOL_BYTES`].
    pub fn intern(&mut self, symbol: &str, limit: usize) -> Option<SymbolId> {
        if let Some(id) = self.find(symbol) {
            return Some(id);
        }
        if !is_plausible(symbol) || self.len() >= limit {
            return None;
        }
        let name = display(symbol).into_owned();
        let id = match self.free.pop() {
            Some(id) => id,
            None => {
                self.names.push(String::new());
                SymbolId(u32::try_from(self.names.len() - 1).ok()?)
            }
        };
        self.ids.insert(key(symbol).into_owned(), id);
        self.exact.insert(name.clone(), id);
        if let Some(slot) = self.names.get_mut(id.0 as usize) {
            *slot = name;
        }
        Some(id)
    }

    /// Forgets a symbol; its number will be another's.
    pub fn forget(&mut self, id: SymbolId) {
        let Some(name) = self.names.get_mut(id.0 as usize).map(std::mem::take) else { return };
        if self.exact.remove(&name).is_some() {
            self.ids.remove(key(&name).as_ref());
            self.free.push(id);
        }
    }

    /// The name to show.
    #[must_use]
    pub fn name(&self, id: SymbolId) -> &str {
        self.names.get(id.0 as usize).map_or("", String::as_str)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len() - self.free.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every name with its id, by id.
    pub fn iter(&self) -> impl Iterator<Item = (SymbolId, &str)> {
        let all = self.names.iter().enumerate().map(|(i, name)| (SymbolId(i as u32), name.as_str()));
        all.filter(|(_, name)| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn two_spellings_of_a_pair_are_one_instrument() {
        let mut symbols = Symbols::default();
        let id = symbols.intern("BTCUSD", 10);
        assert_eq!(symbols.intern("BTC/USD", 10), id);
        assert_eq!(id.map(|id| symbols.name(id)), Some("BTC/USD"));
        let other = symbols.intern("ETH/USD", 10);
        assert_eq!(symbols.find("ETHUSD"), other);
        assert_ne!(symbols.intern("BTC/USDT", 10), id);
        assert_eq!(symbols.find("BTCUSDT"), symbols.find("BTC/USDT"));
    }

    #[test]
    fn stocks_are_left_alone() {
        for name in ["USD", "BRK.B", "AAPL", "FUSD", "A/B", "é"] {
            assert_eq!(display(name), name);
        }
        assert_eq!(InstrumentClass::of("FUSD"), InstrumentClass::Stock);
        assert_eq!(InstrumentClass::of("FAKEPACA"), InstrumentClass::Stock);
    }

    #[test]
    fn classes_follow_from_the_form() {
        use InstrumentClass as C;
        for (name, class) in [
            ("IBM", C::Stock),
            ("BTC/USD", C::Crypto),
            ("BTCUSD", C::Crypto),
            ("BTC-PERP", C::Perpetual),
            ("AAPL240315C00172500", C::Option),
            ("AAPL240315X00172500", C::Stock),
        ] {
            assert_eq!(InstrumentClass::of(name), class, "{name}");
        }
    }

    #[test]
    fn the_number_and_length_of_names_are_bounded() {
        let mut symbols = Symbols::default();
        assert!(symbols.intern("A", 1).is_some());
        assert!(symbols.intern("B", 1).is_none());
        assert!(symbols.intern("A", 1).is_some());
        assert!(symbols.intern("", 9).is_none());
        assert!(symbols.intern(&"X".repeat(MAX_SYMBOL_BYTES + 1), 9).is_none());
    }

    #[test]
    fn numbers_are_given_again() {
        let mut symbols = Symbols::default();
        for round in 0..100 {
            let (a, b) =
                (symbols.intern("BTCUSD", 2).unwrap(), symbols.intern(&format!("S{round}"), 2).unwrap());
            assert!(a.0 < 2 && b.0 < 2 && symbols.len() == 2);
            assert!(symbols.intern("MORE", 2).is_none());
            symbols.forget(if round % 2 == 0 { a } else { b });
            symbols.forget(if round % 2 == 0 { a } else { b });
            assert_eq!((symbols.len(), symbols.iter().count()), (1, 1));
            assert_eq!(symbols.find("BTC/USD").is_some(), round % 2 == 1);
            symbols.forget(if round % 2 == 0 { b } else { a });
            assert!(symbols.is_empty());
        }
    }
}
