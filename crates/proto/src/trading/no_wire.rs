//! Stands for `wire` where there is no trading stream: nothing is understood and nothing said.

use super::TradingMessage;
use crate::error::Error;
use crate::frame::{Codec, Frame};

pub(super) const fn read(_: Frame<'_>) -> Result<Option<TradingMessage>, Error> {
    Err(Error::MalformedTrading)
}

pub(super) const fn write(_: Codec, _: &TradingMessage) -> Vec<u8> {
    Vec::new()
}

pub(super) const fn canonical(_: &TradingMessage) -> String {
    String::new()
}
