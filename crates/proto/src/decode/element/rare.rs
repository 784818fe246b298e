//! The kinds of message that are few, or not many at a time.

use super::{Context, Read, Refusal, conditions};
use crate::channel::{Channel, Subscriptions};
use crate::codec::{Flaw, Reader, Seq};
use crate::limits::{MAX_BOOK_LEVELS, MAX_NEWS_SYMBOLS, MAX_SUBSCRIPTION_SYMBOLS};
use crate::message::{
    CancelError, Correction, ErrorMessage, Imbalance, Level, Luld, Message, News, OrderBook, Pricing, Status,
    Text,
};

/// Reads the fields of a message of this type; `None` if we do not know the type.
pub(super) fn read<'a>(
    type_name: &str,
    reader: &mut dyn Reader<'a>,
    seq: &mut Seq,
    context: &mut Context<'_>,
) -> Read<Option<Message<'a>>> {
    Ok(Some(match type_name {
        "o" => Message::OrderBook(order_book(reader, seq, context)?),
        "n" => Message::News(news(reader, seq, context)?),
        "s" => Message::Status(status(reader, seq, context)?),
        "l" => Message::Luld(luld(reader, seq, context)?),
        "i" => Message::Imbalance(imbalance(reader, seq, context)?),
        "c" => Message::Correction(correction(reader, seq, context)?),
        "x" => Message::CancelError(cancel_error(reader, seq, context)?),
        "p" => Message::Pricing(pricing(reader, seq, context)?),
        "success" => return success(reader, seq, context),
        "error" => Message::Error(error(reader, seq, context)?),
        "subscription" => Message::Subscription(subscription(reader, seq, context)?),
        _ => return Ok(None),
    }))
}

fn status<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<Status<'a>> {
    let (mut symbol, mut time, mut tape) = (None, None, None);
    let (mut status_code, mut status_message, mut reason_code, mut reason_message) = (None, None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = r.opt_text()?,
        [b's', b'c'] => status_code = r.opt_text()?,
        [b's', b'm'] => status_message = r.opt_text()?,
        [b'r', b'c'] => reason_code = r.opt_text()?,
        [b'r', b'm'] => reason_message = r.opt_text()?,
        [b't'] => time = r.opt_time()?,
        [b'z'] => tape = r.opt_text()?,
    });
    Ok(Status {
        symbol: required!(symbol, "S"),
        status_code: required!(status_code, "sc"),
        time: required!(time, "t"),
        status_message: status_message.unwrap_or_default(),
        reason_code: reason_code.unwrap_or_default(),
        reason_message: reason_message.unwrap_or_default(),
        tape,
    })
}

fn luld<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<Luld<'a>> {
    let (mut symbol, mut limit_up, mut limit_down) = (None, None, None);
    let (mut indicator, mut time, mut tape) = (None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = r.opt_text()?,
        [b'u'] => limit_up = r.opt_float()?,
        [b'd'] => limit_down = r.opt_float()?,
        [b'i'] => indicator = r.opt_text()?,
        [b't'] => time = r.opt_time()?,
        [b'z'] => tape = r.opt_text()?,
    });
    Ok(Luld {
        symbol: required!(symbol, "S"),
        limit_up: required!(limit_up, "u"),
        limit_down: required!(limit_down, "d"),
        time: required!(time, "t"),
        indicator: indicator.unwrap_or_default(),
        tape,
    })
}

fn imbalance<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<Imbalance<'a>> {
    let (mut symbol, mut price, mut time, mut tape) = (None, None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = r.opt_text()?,
        [b'p'] => price = r.opt_float()?,
        [b'z'] => tape = r.opt_text()?,
        [b't'] => time = r.opt_time()?,
    });
    Ok(Imbalance {
        symbol: required!(symbol, "S"),
        price: required!(price, "p"),
        time: required!(time, "t"),
        tape,
    })
}

fn correction<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<Correction<'a>> {
    let (mut symbol, mut exchange, mut time, mut tape) = (None, None, None, None);
    let (mut original_id, mut original_price, mut original_size) = (None, None, None);
    let (mut corrected_id, mut corrected_price, mut corrected_size) = (None, None, None);
    let (mut original_conditions, mut corrected_conditions) = (None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = r.opt_text()?,
        [b'x'] => exchange = r.opt_text()?,
        [b'o', b'i'] => original_id = r.opt_unsigned()?,
        [b'o', b'p'] => original_price = r.opt_float()?,
        [b'o', b's'] => original_size = r.opt_number()?,
        [b'o', b'c'] => original_conditions = conditions(r)?,
        [b'c', b'i'] => corrected_id = r.opt_unsigned()?,
        [b'c', b'p'] => corrected_price = r.opt_float()?,
        [b'c', b's'] => corrected_size = r.opt_number()?,
        [b'c', b'c'] => corrected_conditions = conditions(r)?,
        [b't'] => time = r.opt_time()?,
        [b'z'] => tape = r.opt_text()?,
    });
    Ok(Correction {
        symbol: required!(symbol, "S"),
        original_id: required!(original_id, "oi"),
        original_price: required!(original_price, "op"),
        original_size: required!(original_size, "os"),
        corrected_id: required!(corrected_id, "ci"),
        corrected_price: required!(corrected_price, "cp"),
        corrected_size: required!(corrected_size, "cs"),
        time: required!(time, "t"),
        exchange,
        original_conditions,
        corrected_conditions,
        tape,
    })
}

fn cancel_error<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<CancelError<'a>> {
    let (mut symbol, mut id, mut exchange, mut price) = (None, None, None, None);
    let (mut size, mut action, mut time, mut tape) = (None, None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = r.opt_text()?,
        [b'i'] => id = r.opt_unsigned()?,
        [b'x'] => exchange = r.opt_text()?,
        [b'p'] => price = r.opt_float()?,
        [b's'] => size = r.opt_number()?,
        [b'a'] => action = r.opt_text()?,
        [b't'] => time = r.opt_time()?,
        [b'z'] => tape = r.opt_text()?,
    });
    Ok(CancelError {
        symbol: required!(symbol, "S"),
        id: required!(id, "i"),
        price: required!(price, "p"),
        size: required!(size, "s"),
        time: required!(time, "t"),
        exchange,
        action: action.unwrap_or_default(),
        tape,
    })
}

fn order_book<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<OrderBook<'a>> {
    let (mut symbol, mut time) = (None, None);
    let (mut bids, mut asks, mut reset) = (Vec::new(), Vec::new(), None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = r.opt_text()?,
        [b't'] => time = r.opt_time()?,
        [b'b'] => bids = levels(r, cx, "b")?,
        [b'a'] => asks = levels(r, cx, "a")?,
        [b'r'] => reset = r.opt_boolean()?,
    });
    Ok(OrderBook {
        symbol: required!(symbol, "S"),
        time: required!(time, "t"),
        bids,
        asks,
        reset: reset.unwrap_or_default(),
    })
}

fn levels<'a>(r: &mut dyn Reader<'a>, cx: &mut Context<'_>, field: &'static str) -> Read<Vec<Level>> {
    let mut out = Vec::new();
    if r.null()? {
        return Ok(out);
    }
    let mut items = r.array()?;
    while r.item(&mut items)? {
        if out.len() == MAX_BOOK_LEVELS {
            return Err(Refusal::TooMany(field));
        }
        let (mut price, mut size) = (None, None);
        let mut seq = r.map()?;
        while let Some(key) = r.key(&mut seq)? {
            match key {
                [b'p'] => price = r.opt_float()?,
                [b's'] => size = r.opt_float()?,
                _ => cx.unknown(r)?,
            }
        }
        out.push(Level { price: required!(price, "p"), size: required!(size, "s") });
    }
    Ok(out)
}

fn pricing<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<Pricing<'a>> {
    let (mut symbol, mut time, mut exchange, mut next_funding_time) = (None, None, None, None);
    let (mut index_price, mut mark_price, mut funding_rate, mut open_interest) = (None, None, None, None);
    fields!(r, seq, cx, {
        [b'S'] => symbol = r.opt_text()?,
        [b't'] => time = r.opt_time()?,
        [b'x'] => exchange = r.opt_text()?,
        [b'i', b'p'] => index_price = r.opt_float()?,
        [b'm', b'p'] => mark_price = r.opt_float()?,
        [b'f', b'r'] => funding_rate = r.opt_float()?,
        [b'o', b'i'] => open_interest = r.opt_float()?,
        [b'f', b't'] => next_funding_time = r.opt_time()?,
    });
    Ok(Pricing {
        symbol: required!(symbol, "S"),
        time: required!(time, "t"),
        index_price: required!(index_price, "ip"),
        mark_price: required!(mark_price, "mp"),
        funding_rate: required!(funding_rate, "fr"),
        open_interest: required!(open_interest, "oi"),
        exchange,
        next_funding_time,
    })
}

fn news<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<News<'a>> {
    let (mut id, mut created_at, mut updated_at, mut symbols) = (None, None, None, Vec::new());
    let (mut headline, mut summary, mut author) = (None, None, None);
    let (mut content, mut url, mut source) = (None, None, None);
    while let Some(key) = r.key(seq)? {
        match key {
            [b'i', b'd'] => id = r.opt_unsigned()?,
            b"headline" => headline = r.opt_text()?,
            b"summary" => summary = r.opt_text()?,
            b"author" => author = r.opt_text()?,
            b"created_at" => created_at = r.opt_time()?,
            b"updated_at" => updated_at = r.opt_time()?,
            b"content" => content = r.opt_text()?,
            [b'u', b'r', b'l'] => url = r.opt_text()?,
            b"symbols" => symbols = texts(r, MAX_NEWS_SYMBOLS, "symbols")?,
            b"source" => source = r.opt_text()?,
            [b'T'] => cx.type_again(r)?,
            _ => cx.unknown(r)?,
        }
    }
    Ok(News {
        id: required!(id, "id"),
        headline: required!(headline, "headline"),
        created_at: required!(created_at, "created_at"),
        updated_at: required!(updated_at, "updated_at"),
        summary: summary.unwrap_or_default(),
        author: author.unwrap_or_default(),
        content: content.unwrap_or_default(),
        url: url.unwrap_or_default(),
        source: source.unwrap_or_default(),
        symbols,
    })
}

fn success<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<Option<Message<'a>>> {
    let mut message: Option<Text<'a>> = None;
    fields!(r, seq, cx, {
        [b'm', b's', b'g'] => message = r.opt_text()?,
    });
    Ok(match &*required!(message, "msg") {
        "connected" => Some(Message::Connected),
        "authenticated" => Some(Message::Authenticated),
        _ => None,
    })
}

fn error<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<ErrorMessage<'a>> {
    let (mut number, mut message) = (None, None);
    while let Some(key) = r.key(seq)? {
        match key {
            b"code" => number = r.opt_unsigned()?,
            [b'm', b's', b'g'] => message = r.opt_text()?,
            [b'T'] => cx.type_again(r)?,
            _ => cx.unknown(r)?,
        }
    }
    let code = u16::try_from(required!(number, "code")).map_err(|_| Flaw::NumberRange)?;
    Ok(ErrorMessage { code, message: message.unwrap_or_default() })
}

fn subscription<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<Subscriptions> {
    let mut lists: [Option<Vec<Text<'a>>>; Channel::ALL.len()] = Default::default();
    while let Some(key) = r.key(seq)? {
        let known = Channel::ALL.into_iter().zip(&mut lists).find(|(c, _)| c.key().as_bytes() == key);
        match known {
            Some((channel, list)) => *list = Some(texts(r, MAX_SUBSCRIPTION_SYMBOLS, channel.key())?),
            None if key == [b'T'] => cx.type_again(r)?,
            None => cx.unknown(r)?,
        }
    }
    let mut state = Subscriptions::new();
    for (channel, list) in Channel::ALL.into_iter().zip(lists) {
        if let Some(list) = list {
            state.extend(channel, list.into_iter().map(Text::into_owned));
        }
    }
    Ok(state)
}

/// A list of texts; null is an empty one.
fn texts<'a>(r: &mut dyn Reader<'a>, limit: usize, field: &'static str) -> Read<Vec<Text<'a>>> {
    let mut out = Vec::new();
    if r.null()? {
        return Ok(out);
    }
    let mut seq = r.array()?;
    while r.item(&mut seq)? {
        if out.len() == limit {
            return Err(Refusal::TooMany(field));
        }
        out.push(r.text()?);
    }
    Ok(out)
}
