//! Requests on the trading stream.

use super::{Phase, ServerEvent, ServerSession};
use crate::frame::Frame;
use crate::request::{Request, decode_request};
use crate::trading::{Authorization, TRADE_UPDATES, TradeUpdate, TradingMessage, encode_trading};

impl ServerSession {
    pub(super) fn take_trading_request(&mut self, frame: Frame<'_>) {
        let Ok(request) = decode_request(frame) else {
            // There is no code for it on this stream, and its only error ends the connection.
            return self.say_authorization(self.phase == Phase::Authenticated, "authenticate");
        };
        match request {
            Request::Auth(credentials, _) => match self.phase {
                Phase::Unknown => self.ask(credentials),
                Phase::Authenticated => self.say_authorization(true, "authenticate"),
                Phase::Verifying | Phase::Closed => {}
            },
            Request::Listen(_) if self.phase != Phase::Authenticated => {
                self.say_authorization(false, "listen")
            }
            // The list is the whole set; unknown names are left out.
            Request::Listen(streams) => self.listen(streams.iter().any(|s| s == TRADE_UPDATES)),
            Request::Unlisten(streams) if self.phase == Phase::Authenticated => {
                self.listen(self.listening && !streams.iter().any(|s| s == TRADE_UPDATES));
            }
            _ if self.phase == Phase::Authenticated => self.listen(self.listening),
            _ => self.say_authorization(false, "listen"),
        }
    }

    fn listen(&mut self, listening: bool) {
        let changed = self.listening != listening;
        self.listening = listening;
        let streams = if listening { vec![TRADE_UPDATES.to_owned()] } else { Vec::new() };
        self.push_frame(encode_trading(self.codec, &TradingMessage::Listening { streams }));
        if changed {
            self.event(ServerEvent::Listening(listening));
        }
    }

    pub(super) fn say_authorization(&mut self, authorized: bool, action: &str) {
        let status = if authorized { "authorized" } else { "unauthorized" };
        let answer = Authorization { status: status.to_owned(), action: action.to_owned() };
        self.push_frame(encode_trading(self.codec, &TradingMessage::Authorization(answer)));
    }

    pub(super) fn say_trading_error(&mut self, message: &str) {
        self.push_frame(encode_trading(self.codec, &TradingMessage::Error { message: message.to_owned() }));
    }

    pub(super) fn send_trade_update(&mut self, update: &TradeUpdate) {
        let message = TradingMessage::TradeUpdate(Box::new(update.clone()));
        self.push_frame(encode_trading(self.codec, &message));
    }
}
