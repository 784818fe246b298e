//! Requests on the market-data stream.

use super::{MAX_PAIRS_PER_CONNECTION, Phase, ServerEvent, ServerSession, deciding, is_symbol};
use crate::channel::{Channel, Subscriptions, WILDCARD};
use crate::encode::encode_acknowledgement;
use crate::frame::{Codec, Frame};
use crate::message::Message;
use crate::request::{Request, decode_request};

impl ServerSession {
    /// Whether a message of `channel` about `symbol` is subscribed to, by name or by wildcard.
    #[must_use]
    pub fn wants(&self, channel: Channel, symbol: &str) -> bool {
        let channel = deciding(channel);
        self.subscriptions.covers(channel, symbol)
            || (channel == Channel::News && self.subscriptions.symbols(channel).any(|s| same_pair(s, symbol)))
    }

    /// Whether the client wants this message. News about no symbol goes to the wildcard only.
    #[must_use]
    pub fn wants_message(&self, message: &Message<'_>) -> bool {
        if self.phase != Phase::Authenticated {
            return false;
        }
        match (message, message.channel(), message.symbol()) {
            (Message::News(news), _, _) => {
                self.subscriptions.contains(Channel::News, WILDCARD)
                    || news.symbols.iter().any(|symbol| self.wants(Channel::News, symbol))
            }
            (_, Some(channel), Some(symbol)) => self.wants(channel, symbol),
            _ => false,
        }
    }

    pub(super) fn take_market_request(&mut self, frame: Frame<'_>) {
        if self.endpoint.is_options() && frame.codec() == Codec::Json {
            return self.say_error(412);
        }
        let Ok(request) = decode_request(frame) else { return self.say_error(400) };
        match request {
            Request::Auth(credentials, _) => match self.phase {
                Phase::Unknown => self.ask(credentials),
                _ => self.say_error(403),
            },
            Request::Subscribe(_) | Request::Unsubscribe(_) if self.phase != Phase::Authenticated => {
                self.say_error(401);
            }
            Request::Subscribe(pairs) => match self.check(&pairs) {
                Ok(()) => self.subscribe(&pairs),
                Err(code) => self.say_error(code),
            },
            Request::Unsubscribe(pairs) => match self.check_channels(&pairs) {
                Ok(()) => self.unsubscribe(&pairs),
                Err(code) => self.say_error(code),
            },
            _ => self.say_error(400),
        }
    }

    fn check_channels(&self, pairs: &Subscriptions) -> Result<(), u16> {
        let channels = self.endpoint.channels();
        // Lists that follow trades are let through and ignored: SDKs may repeat what an
        // acknowledgement told them.
        let foreign = pairs.iter().any(|(c, _)| !c.follows_trades() && !channels.contains(&c));
        if foreign { Err(410) } else { Ok(()) }
    }

    fn check(&self, pairs: &Subscriptions) -> Result<(), u16> {
        self.check_channels(pairs)?;
        if pairs.iter().any(|(_, s)| s != WILDCARD && !is_symbol(self.endpoint, s)) {
            return Err(400);
        }
        if self.endpoint.is_options() && pairs.contains(Channel::Quotes, WILDCARD) {
            return Err(413);
        }
        let added = pairs.iter().filter(|(c, s)| !c.follows_trades() && !self.subscriptions.contains(*c, s));
        let counted = if self.endpoint.is_options() {
            (self.plan.option_quotes, &[Channel::Quotes][..])
        } else {
            (self.plan.symbols, &[Channel::Trades, Channel::Quotes, Channel::OrderBooks][..])
        };
        let (mut all, mut limited) = (self.subscriptions.len(), 0);
        for channel in counted.1 {
            limited += self.subscriptions.symbols(*channel).count();
        }
        for (channel, symbol) in added {
            all += 1;
            if counted.1.contains(&channel) {
                limited += if symbol == WILDCARD { MAX_PAIRS_PER_CONNECTION } else { 1 };
            }
        }
        let over = all > MAX_PAIRS_PER_CONNECTION || counted.0.is_some_and(|limit| limited > limit);
        if over { Err(405) } else { Ok(()) }
    }

    fn subscribe(&mut self, pairs: &Subscriptions) {
        let mut added = Subscriptions::new();
        for (channel, symbol) in pairs.iter().filter(|(c, _)| !c.follows_trades()) {
            if self.subscriptions.insert(channel, symbol) {
                added.insert(channel, symbol);
            }
        }
        self.acknowledge();
        if !added.is_empty() {
            self.event(ServerEvent::Subscribed(added));
        }
    }

    fn unsubscribe(&mut self, pairs: &Subscriptions) {
        let mut removed = Subscriptions::new();
        for (channel, symbol) in pairs.iter() {
            if self.subscriptions.remove(channel, symbol) {
                removed.insert(channel, symbol);
            }
        }
        self.acknowledge();
        if !removed.is_empty() {
            self.event(ServerEvent::Unsubscribed(removed));
        }
    }

    fn acknowledge(&mut self) {
        let channels = self.endpoint.channels();
        let mut state = self.subscriptions.clone();
        for follower in channels.iter().filter(|c| c.follows_trades()) {
            for symbol in self.subscriptions.symbols(Channel::Trades) {
                state.insert(*follower, symbol);
            }
        }
        self.push_frame(encode_acknowledgement(self.codec, channels, &state));
    }
}

/// News writes `BTCUSD` where everything else writes `BTC/USD`.
fn same_pair(a: &str, b: &str) -> bool {
    a.bytes().filter(|c| *c != b'/').eq(b.bytes().filter(|c| *c != b'/'))
}
