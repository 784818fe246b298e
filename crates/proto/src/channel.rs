//! Channels and sets of subscriptions.
//!
//! Source: <https://docs.alpaca.markets/docs/streaming-market-data>, "Subscription".

use crate::sorted::{SortedMap, sort_by};

/// A channel of the market-data stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// `t`
    Trades,
    /// `q`
    Quotes,
    /// `b`, minute bars
    Bars,
    /// `u`, minute bars that late trades changed
    UpdatedBars,
    /// `d`, the running day
    DailyBars,
    /// `s`, halts and resumptions
    Statuses,
    /// `l`, limit up / limit down bands
    Lulds,
    /// `i`, order imbalances
    Imbalances,
    /// `c`; follows trades and cannot be asked for
    Corrections,
    /// `x`; follows trades and cannot be asked for
    CancelErrors,
    /// `o`, crypto order books
    OrderBooks,
    /// `p`, perpetual futures pricing
    Pricing,
    /// `n`
    News,
}

impl Channel {
    /// Every channel there is.
    pub const ALL: [Self; 13] = [
        Self::Trades,
        Self::Quotes,
        Self::Bars,
        Self::UpdatedBars,
        Self::DailyBars,
        Self::Statuses,
        Self::Lulds,
        Self::Imbalances,
        Self::Corrections,
        Self::CancelErrors,
        Self::OrderBooks,
        Self::Pricing,
        Self::News,
    ];

    /// The key of this channel in subscribe messages and acknowledgements.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Trades => "trades",
            Self::Quotes => "quotes",
            Self::Bars => "bars",
            Self::UpdatedBars => "updatedBars",
            Self::DailyBars => "dailyBars",
            Self::Statuses => "statuses",
            Self::Lulds => "lulds",
            Self::Imbalances => "imbalances",
            Self::Corrections => "corrections",
            Self::CancelErrors => "cancelErrors",
            Self::OrderBooks => "orderbooks",
            Self::Pricing => "pricing",
            Self::News => "news",
        }
    }

    /// The channel of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.key() == key)
    }

    /// Whether this channel follows `trades` by itself and cannot be asked for.
    #[must_use]
    pub const fn follows_trades(self) -> bool {
        matches!(self, Self::Corrections | Self::CancelErrors)
    }
}

/// The symbol that stands for all of them.
pub const WILDCARD: &str = "*";

/// A set of (channel, symbol) pairs; the symbol may be [`WILDCARD`].
///
/// A channel may be listed without a symbol, as acknowledgements do; two sets are equal if their
/// pairs are.
#[derive(Clone, Debug, Default)]
pub struct Subscriptions(SortedMap<Channel, Vec<String>>);

impl PartialEq for Subscriptions {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Subscriptions {}

impl Subscriptions {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a pair; true if it was not there.
    pub fn insert(&mut self, channel: Channel, symbol: impl Into<String>) -> bool {
        let (list, symbol) = (self.0.get_or_insert_with(channel, Vec::new), symbol.into());
        match position(list, &symbol) {
            Ok(_) => false,
            Err(at) => {
                list.insert(at, symbol);
                true
            }
        }
    }

    /// Lists a channel, with or without symbols.
    pub fn list(&mut self, channel: Channel) {
        self.0.get_or_insert_with(channel, Vec::new);
    }

    /// Adds many symbols of a channel, in any order.
    pub fn extend(&mut self, channel: Channel, symbols: impl Iterator<Item = String>) {
        let list = self.0.get_or_insert_with(channel, Vec::new);
        list.extend(symbols);
        sort_by(list, |a, b| a < b);
        list.dedup();
    }

    /// The channels that are listed, empty ones too.
    pub fn listed(&self) -> impl Iterator<Item = Channel> {
        self.0.iter().map(|(channel, _)| *channel)
    }

    /// Takes a pair away; true if it was there.
    pub fn remove(&mut self, channel: Channel, symbol: &str) -> bool {
        let Some(symbols) = self.0.get_mut(&channel) else { return false };
        let Ok(at) = position(symbols, symbol) else { return false };
        symbols.remove(at);
        if symbols.is_empty() {
            self.0.remove(&channel);
        }
        true
    }

    /// Whether the very pair is in the set.
    #[must_use]
    pub fn contains(&self, channel: Channel, symbol: &str) -> bool {
        self.0.get(&channel).is_some_and(|list| position(list, symbol).is_ok())
    }

    /// Whether a message of `channel` about `symbol` is covered, by name or by wildcard.
    #[must_use]
    pub fn covers(&self, channel: Channel, symbol: &str) -> bool {
        self.contains(channel, symbol) || self.contains(channel, WILDCARD)
    }

    /// The symbols of a channel, sorted.
    pub fn symbols(&self, channel: Channel) -> impl Iterator<Item = &str> {
        self.0.get(&channel).into_iter().flatten().map(String::as_str)
    }

    /// Every pair, by channel and then by symbol.
    pub fn iter(&self) -> impl Iterator<Item = (Channel, &str)> {
        self.0.iter().flat_map(|(c, s)| s.iter().map(move |s| (*c, s.as_str())))
    }

    /// Pairs in `self` that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut out = Self::new();
        for (channel, symbol) in self.iter().filter(|(c, s)| !other.contains(*c, s)) {
            out.insert(channel, symbol);
        }
        out
    }

    /// How many pairs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|(_, list)| list.len()).sum()
    }

    /// Whether there is no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, list)| list.is_empty())
    }
}

/// Where a symbol is in a sorted list, or where it would be.
fn position(list: &[String], symbol: &str) -> Result<usize, usize> {
    match list.last() {
        // Most lists are filled in order.
        Some(last) if last.as_str() < symbol => Err(list.len()),
        _ => list.binary_search_by(|s| s.as_str().cmp(symbol)),
    }
}

impl<S: Into<String>> FromIterator<(Channel, S)> for Subscriptions {
    fn from_iter<I: IntoIterator<Item = (Channel, S)>>(iter: I) -> Self {
        let mut out = Self::new();
        for (channel, symbol) in iter {
            out.insert(channel, symbol);
        }
        out
    }
}
