//! Who wants what, on one endpoint.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::channel::{Channel, Subscriptions, WILDCARD};
use crate::message::Message;
use crate::server::deciding;
use crate::sorted::{SortedMap, sort_by};

/// Slots by channel and symbol, each list sorted.
#[derive(Debug, Default)]
pub(super) struct Index(SortedMap<Channel, HashMap<String, Vec<u32>>>);

/// News writes `BTCUSD` where everything else writes `BTC/USD`: one key for both.
fn key(channel: Channel, symbol: &str) -> Cow<'_, str> {
    if channel == Channel::News && symbol.contains('/') {
        Cow::Owned(symbol.replace('/', ""))
    } else {
        Cow::Borrowed(symbol)
    }
}

impl Index {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(&mut self, slot: u32, pairs: &Subscriptions) {
        for (channel, symbol) in pairs.iter() {
            let symbols = self.0.get_or_insert_with(channel, HashMap::new);
            let slots = symbols.entry(key(channel, symbol).into_owned()).or_default();
            if let Err(at) = slots.binary_search(&slot) {
                slots.insert(at, slot);
            }
        }
    }

    pub(super) fn remove(&mut self, slot: u32, pairs: &Subscriptions) {
        for (channel, symbol) in pairs.iter() {
            let Some(symbols) = self.0.get_mut(&channel) else { continue };
            let key = key(channel, symbol);
            if let Some(slots) = symbols.get_mut(&*key) {
                if let Ok(at) = slots.binary_search(&slot) {
                    slots.remove(at);
                }
                if slots.is_empty() {
                    symbols.remove(&*key);
                }
            }
            if symbols.is_empty() {
                self.0.remove(&channel);
            }
        }
    }

    /// Appends everyone who wants `message` to `out`, each once.
    pub(super) fn find(&self, message: &Message<'_>, out: &mut Vec<u32>) {
        let Some(channel) = message.channel().map(deciding) else { return };
        let Some(symbols) = self.0.get(&channel) else { return };
        let mut lists = 0;
        let mut extend = |symbol: &str| {
            if let Some(slots) = symbols.get(symbol) {
                out.extend_from_slice(slots);
                lists += 1;
            }
        };
        extend(WILDCARD);
        match message {
            Message::News(news) => news.symbols.iter().for_each(|s| extend(&key(channel, s))),
            _ => message.symbol().into_iter().for_each(extend),
        }
        if lists > 1 {
            sort_by(out, |a, b| a < b);
            out.dedup();
        }
    }
}
