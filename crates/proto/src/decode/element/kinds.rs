//! The kinds of message: which fields each has, and what it is made of.

use super::Read;
use super::fields::{Context, SYMBOL, Slot, Values, required, texts};
use crate::channel::{Channel, Subscriptions};
use crate::codec::{Flaw, Reader, Seq};
use crate::limits::MAX_SUBSCRIPTION_SYMBOLS;
use crate::message::{
    Bar, BarKind, CancelError, Correction, ErrorMessage, Imbalance, Luld, Message, News, OrderBook, Pricing,
    Quote, Status, Text, Trade,
};
use Slot::{Boolean, Conditions, Float, Levels, Number, Symbols, Time, Unsigned, Words};

type Table = &'static [(&'static str, Slot)];

const TRADE: Table = &[
    ("S", Words(SYMBOL)),
    ("i", Unsigned(0)),
    ("x", Words(1)),
    ("p", Float(0)),
    ("s", Number(0)),
    ("c", Conditions(0)),
    ("z", Words(2)),
    ("t", Time(0)),
    ("tks", Words(3)),
];
const QUOTE: Table = &[
    ("S", Words(SYMBOL)),
    ("bx", Words(1)),
    ("bp", Float(0)),
    ("bs", Number(0)),
    ("ax", Words(2)),
    ("ap", Float(1)),
    ("as", Number(1)),
    ("c", Conditions(0)),
    ("z", Words(3)),
    ("t", Time(0)),
];
const BAR: Table = &[
    ("S", Words(SYMBOL)),
    ("o", Float(0)),
    ("h", Float(1)),
    ("l", Float(2)),
    ("c", Float(3)),
    ("v", Number(0)),
    ("t", Time(0)),
    ("n", Unsigned(0)),
    ("vw", Float(4)),
];
const STATUS: Table = &[
    ("S", Words(SYMBOL)),
    ("sc", Words(1)),
    ("sm", Words(2)),
    ("rc", Words(3)),
    ("rm", Words(4)),
    ("t", Time(0)),
    ("z", Words(5)),
];
const LULD: Table = &[
    ("S", Words(SYMBOL)),
    ("u", Float(0)),
    ("d", Float(1)),
    ("i", Words(1)),
    ("t", Time(0)),
    ("z", Words(2)),
];
const IMBALANCE: Table = &[("S", Words(SYMBOL)), ("p", Float(0)), ("z", Words(1)), ("t", Time(0))];
const CORRECTION: Table = &[
    ("S", Words(SYMBOL)),
    ("x", Words(1)),
    ("oi", Unsigned(0)),
    ("op", Float(0)),
    ("os", Number(0)),
    ("oc", Conditions(0)),
    ("ci", Unsigned(1)),
    ("cp", Float(1)),
    ("cs", Number(1)),
    ("cc", Conditions(1)),
    ("t", Time(0)),
    ("z", Words(2)),
];
const CANCEL_ERROR: Table = &[
    ("S", Words(SYMBOL)),
    ("i", Unsigned(0)),
    ("x", Words(1)),
    ("p", Float(0)),
    ("s", Number(0)),
    ("a", Words(2)),
    ("t", Time(0)),
    ("z", Words(3)),
];
const ORDER_BOOK: Table =
    &[("S", Words(SYMBOL)), ("t", Time(0)), ("b", Levels(0)), ("a", Levels(1)), ("r", Boolean)];
const PRICING: Table = &[
    ("S", Words(SYMBOL)),
    ("t", Time(0)),
    ("x", Words(1)),
    ("ip", Float(0)),
    ("mp", Float(1)),
    ("fr", Float(2)),
    ("oi", Float(3)),
    ("ft", Time(1)),
];
const NEWS: Table = &[
    ("id", Unsigned(0)),
    ("headline", Words(1)),
    ("summary", Words(2)),
    ("author", Words(3)),
    ("created_at", Time(0)),
    ("updated_at", Time(1)),
    ("content", Words(4)),
    ("url", Words(5)),
    ("symbols", Symbols),
    ("source", Words(6)),
];
const SUCCESS: Table = &[("msg", Words(1))];
const ERROR: Table = &[("code", Unsigned(0)), ("msg", Words(1))];

/// Reads the fields of a message of this type and hands it on; false if we do not know the type.
/// The message is built where `sink` is called: it is large, and copies cost.
pub(super) fn read<'a>(
    type_name: &str,
    r: &mut dyn Reader<'a>,
    seq: &mut Seq,
    cx: &mut Context<'a>,
    sink: &mut dyn FnMut(Message<'a>),
) -> Read<bool> {
    let (table, make): (Table, fn(&mut Values<'a>) -> Read<Message<'a>>) = match type_name {
        "q" => (QUOTE, quote),
        "t" => (TRADE, trade),
        "b" => (BAR, |v| Ok(Message::Bar(BarKind::Minute, bar(v)?))),
        "u" => (BAR, |v| Ok(Message::Bar(BarKind::Updated, bar(v)?))),
        "d" => (BAR, |v| Ok(Message::Bar(BarKind::Daily, bar(v)?))),
        "o" => (ORDER_BOOK, order_book),
        "n" => (NEWS, news),
        "s" => (STATUS, status),
        "l" => (LULD, luld),
        "i" => (IMBALANCE, imbalance),
        "c" => (CORRECTION, correction),
        "x" => (CANCEL_ERROR, cancel_error),
        "p" => (PRICING, pricing),
        "error" => (ERROR, error),
        "success" => {
            let mut values = Values::default();
            values.read(r, seq, cx, SUCCESS)?;
            sink(match &*required(values.text(1), "msg")? {
                "connected" => Message::Connected,
                "authenticated" => Message::Authenticated,
                _ => return Ok(false),
            });
            return Ok(true);
        }
        "subscription" => {
            sink(Message::Subscription(subscription(r, seq, cx)?));
            return Ok(true);
        }
        _ => return Ok(false),
    };
    let mut values = Values::default();
    values.read(r, seq, cx, table)?;
    sink(make(&mut values)?);
    Ok(true)
}

fn trade<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    Ok(Message::Trade(Trade {
        symbol: v.symbol()?,
        price: required(v.floats[0], "p")?,
        size: required(v.numbers[0], "s")?,
        time: required(v.times[0], "t")?,
        id: v.unsigned[0],
        exchange: v.text(1),
        conditions: v.conditions[0].take(),
        tape: v.text(2),
        taker_side: v.text(3),
    }))
}

fn quote<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    Ok(Message::Quote(Quote {
        symbol: v.symbol()?,
        bid_price: required(v.floats[0], "bp")?,
        bid_size: required(v.numbers[0], "bs")?,
        ask_price: required(v.floats[1], "ap")?,
        ask_size: required(v.numbers[1], "as")?,
        time: required(v.times[0], "t")?,
        bid_exchange: v.text(1),
        ask_exchange: v.text(2),
        conditions: v.conditions[0].take(),
        tape: v.text(3),
    }))
}

fn bar<'a>(v: &mut Values<'a>) -> Read<Bar<'a>> {
    let [open, high, low, close, vwap] = v.floats;
    Ok(Bar {
        symbol: v.symbol()?,
        open: required(open, "o")?,
        high: required(high, "h")?,
        low: required(low, "l")?,
        close: required(close, "c")?,
        volume: required(v.numbers[0], "v")?,
        time: required(v.times[0], "t")?,
        trade_count: v.unsigned[0],
        vwap,
    })
}

fn status<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    Ok(Message::Status(Status {
        symbol: v.symbol()?,
        status_code: required(v.text(1), "sc")?,
        time: required(v.times[0], "t")?,
        status_message: v.words(2),
        reason_code: v.words(3),
        reason_message: v.words(4),
        tape: v.text(5),
    }))
}

fn luld<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    Ok(Message::Luld(Luld {
        symbol: v.symbol()?,
        limit_up: required(v.floats[0], "u")?,
        limit_down: required(v.floats[1], "d")?,
        time: required(v.times[0], "t")?,
        indicator: v.words(1),
        tape: v.text(2),
    }))
}

fn imbalance<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    Ok(Message::Imbalance(Imbalance {
        symbol: v.symbol()?,
        price: required(v.floats[0], "p")?,
        time: required(v.times[0], "t")?,
        tape: v.text(1),
    }))
}

fn correction<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    Ok(Message::Correction(Correction {
        symbol: v.symbol()?,
        original_id: required(v.unsigned[0], "oi")?,
        original_price: required(v.floats[0], "op")?,
        original_size: required(v.numbers[0], "os")?,
        corrected_id: required(v.unsigned[1], "ci")?,
        corrected_price: required(v.floats[1], "cp")?,
        corrected_size: required(v.numbers[1], "cs")?,
        time: required(v.times[0], "t")?,
        exchange: v.text(1),
        original_conditions: v.conditions[0].take(),
        corrected_conditions: v.conditions[1].take(),
        tape: v.text(2),
    }))
}

fn cancel_error<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    Ok(Message::CancelError(CancelError {
        symbol: v.symbol()?,
        id: required(v.unsigned[0], "i")?,
        price: required(v.floats[0], "p")?,
        size: required(v.numbers[0], "s")?,
        time: required(v.times[0], "t")?,
        exchange: v.text(1),
        action: v.words(2),
        tape: v.text(3),
    }))
}

fn order_book<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    let [bids, asks] = std::mem::take(&mut v.levels);
    Ok(Message::OrderBook(OrderBook {
        symbol: v.symbol()?,
        time: required(v.times[0], "t")?,
        bids,
        asks,
        reset: v.boolean.unwrap_or_default(),
    }))
}

fn pricing<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    Ok(Message::Pricing(Pricing {
        symbol: v.symbol()?,
        time: required(v.times[0], "t")?,
        index_price: required(v.floats[0], "ip")?,
        mark_price: required(v.floats[1], "mp")?,
        funding_rate: required(v.floats[2], "fr")?,
        open_interest: required(v.floats[3], "oi")?,
        exchange: v.text(1),
        next_funding_time: v.times[1],
    }))
}

fn news<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    Ok(Message::News(News {
        id: required(v.unsigned[0], "id")?,
        headline: required(v.text(1), "headline")?,
        created_at: required(v.times[0], "created_at")?,
        updated_at: required(v.times[1], "updated_at")?,
        summary: v.words(2),
        author: v.words(3),
        content: v.words(4),
        url: v.words(5),
        source: v.words(6),
        symbols: std::mem::take(&mut v.symbols),
    }))
}

fn error<'a>(v: &mut Values<'a>) -> Read<Message<'a>> {
    let code = u16::try_from(required(v.unsigned[0], "code")?).map_err(|_| Flaw::NumberRange)?;
    Ok(Message::Error(ErrorMessage { code, message: v.words(1) }))
}

fn subscription<'a>(r: &mut dyn Reader<'a>, seq: &mut Seq, cx: &mut Context<'_>) -> Read<Subscriptions> {
    let mut lists: [Option<Vec<Text<'a>>>; Channel::ALL.len()] = Default::default();
    while let Some(key) = r.key(seq)? {
        let known = Channel::ALL.into_iter().zip(&mut lists).find(|(c, _)| c.key().as_bytes() == key);
        match known {
            Some((channel, list)) => *list = Some(texts(r, MAX_SUBSCRIPTION_SYMBOLS, channel.key())?),
            None => cx.other(key, r)?,
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
