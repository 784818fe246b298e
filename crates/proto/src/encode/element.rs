//! One message of a frame.

use crate::channel::{Channel, Subscriptions};
use crate::codec::Writer;
use crate::message::{Bar, BarKind, Conditions, Correction, Level, Message, News, Quote, Text, Trade};

/// The fields of a map, one after another.
struct Fields<'w> {
    writer: &'w mut (dyn Writer + 'w),
    map: usize,
}

impl<'w> Fields<'w> {
    /// Opens the map and writes `T`.
    fn new(writer: &'w mut (dyn Writer + 'w), type_name: &str) -> Self {
        let map = writer.map();
        let mut fields = Self { writer, map };
        fields.text("T", type_name);
        fields
    }

    fn put(&mut self, key: &str, write: impl FnOnce(&mut dyn Writer)) {
        self.writer.key(self.map, key);
        write(&mut *self.writer);
    }

    fn text(&mut self, key: &str, text: &str) {
        self.put(key, |w| w.text(text));
    }

    fn optional_text(&mut self, key: &str, text: &Option<Text<'_>>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    fn conditions(&mut self, key: &str, conditions: &Option<Conditions<'_>>) {
        match conditions {
            None => {}
            Some(Conditions { codes, as_text: true }) => {
                let text = if let [code] = codes.as_slice() { code.to_string() } else { codes.concat() };
                self.text(key, &text);
            }
            Some(Conditions { codes, as_text: false }) => {
                self.texts(key, codes.len(), &mut codes.iter().map(|c| &**c))
            }
        }
    }

    fn texts(&mut self, key: &str, len: usize, texts: &mut dyn Iterator<Item = &str>) {
        self.put(key, |w| {
            w.array(len);
            for text in texts {
                w.item();
                w.text(text);
            }
            w.end_array();
        });
    }

    fn levels(&mut self, key: &str, levels: &[Level]) {
        self.put(key, |w| {
            w.array(levels.len());
            for level in levels {
                w.item();
                let map = w.map();
                w.key(map, "p");
                w.float(level.price);
                w.key(map, "s");
                w.float(level.size);
                w.end_map();
            }
            w.end_array();
        });
    }

    fn end(self) {
        self.writer.end_map();
    }
}

/// Writes a message.
pub(super) fn write(w: &mut dyn Writer, message: &Message<'_>) {
    let fields = match message {
        Message::Connected | Message::Authenticated => {
            let mut f = Fields::new(w, "success");
            f.text("msg", if matches!(message, Message::Connected) { "connected" } else { "authenticated" });
            f
        }
        Message::Error(m) => {
            let mut f = Fields::new(w, "error");
            f.put("code", |w| w.unsigned(u64::from(m.code)));
            f.text("msg", &m.message);
            f
        }
        Message::Subscription(state) => {
            let channels: Vec<Channel> = state.listed().collect();
            return write_subscription(w, &channels, state);
        }
        Message::Trade(m) => trade(w, m),
        Message::Quote(m) => quote(w, m),
        Message::Bar(kind, m) => bar(w, *kind, m),
        Message::Correction(m) => correction(w, m),
        Message::News(m) => news(w, m),
        Message::Status(m) => {
            let mut f = Fields::new(w, "s");
            f.text("S", &m.symbol);
            f.text("sc", &m.status_code);
            f.text("sm", &m.status_message);
            f.text("rc", &m.reason_code);
            f.text("rm", &m.reason_message);
            f.put("t", |w| w.time(m.time));
            f.optional_text("z", &m.tape);
            f
        }
        Message::Luld(m) => {
            let mut f = Fields::new(w, "l");
            f.text("S", &m.symbol);
            f.put("u", |w| w.float(m.limit_up));
            f.put("d", |w| w.float(m.limit_down));
            f.text("i", &m.indicator);
            f.put("t", |w| w.time(m.time));
            f.optional_text("z", &m.tape);
            f
        }
        Message::Imbalance(m) => {
            let mut f = Fields::new(w, "i");
            f.text("S", &m.symbol);
            f.put("p", |w| w.float(m.price));
            f.optional_text("z", &m.tape);
            f.put("t", |w| w.time(m.time));
            f
        }
        Message::CancelError(m) => {
            let mut f = Fields::new(w, "x");
            f.text("S", &m.symbol);
            f.put("i", |w| w.unsigned(m.id));
            f.optional_text("x", &m.exchange);
            f.put("p", |w| w.float(m.price));
            f.put("s", |w| w.number(m.size));
            f.text("a", &m.action);
            f.put("t", |w| w.time(m.time));
            f.optional_text("z", &m.tape);
            f
        }
        Message::OrderBook(m) => {
            let mut f = Fields::new(w, "o");
            f.text("S", &m.symbol);
            f.put("t", |w| w.time(m.time));
            f.levels("b", &m.bids);
            f.levels("a", &m.asks);
            if m.reset {
                f.put("r", |w| w.boolean(true));
            }
            f
        }
        Message::Pricing(m) => {
            let mut f = Fields::new(w, "p");
            f.text("S", &m.symbol);
            f.optional_text("x", &m.exchange);
            f.put("ip", |w| w.float(m.index_price));
            f.put("mp", |w| w.float(m.mark_price));
            f.put("fr", |w| w.float(m.funding_rate));
            f.put("oi", |w| w.float(m.open_interest));
            f.put("t", |w| w.time(m.time));
            if let Some(time) = m.next_funding_time {
                f.put("ft", |w| w.time(time));
            }
            f
        }
    };
    fields.end();
}

fn trade<'w>(w: &'w mut (dyn Writer + 'w), m: &Trade<'_>) -> Fields<'w> {
    let mut f = Fields::new(w, "t");
    f.text("S", &m.symbol);
    if let Some(id) = m.id {
        f.put("i", |w| w.unsigned(id));
    }
    f.optional_text("x", &m.exchange);
    f.put("p", |w| w.float(m.price));
    f.put("s", |w| w.number(m.size));
    f.conditions("c", &m.conditions);
    f.optional_text("z", &m.tape);
    f.put("t", |w| w.time(m.time));
    f.optional_text("tks", &m.taker_side);
    f
}

fn quote<'w>(w: &'w mut (dyn Writer + 'w), m: &Quote<'_>) -> Fields<'w> {
    let mut f = Fields::new(w, "q");
    f.text("S", &m.symbol);
    f.optional_text("bx", &m.bid_exchange);
    f.put("bp", |w| w.float(m.bid_price));
    f.put("bs", |w| w.number(m.bid_size));
    f.optional_text("ax", &m.ask_exchange);
    f.put("ap", |w| w.float(m.ask_price));
    f.put("as", |w| w.number(m.ask_size));
    f.conditions("c", &m.conditions);
    f.optional_text("z", &m.tape);
    f.put("t", |w| w.time(m.time));
    f
}

fn bar<'w>(w: &'w mut (dyn Writer + 'w), kind: BarKind, m: &Bar<'_>) -> Fields<'w> {
    let type_name = match kind {
        BarKind::Minute => "b",
        BarKind::Updated => "u",
        BarKind::Daily => "d",
    };
    let mut f = Fields::new(w, type_name);
    f.text("S", &m.symbol);
    f.put("o", |w| w.float(m.open));
    f.put("h", |w| w.float(m.high));
    f.put("l", |w| w.float(m.low));
    f.put("c", |w| w.float(m.close));
    f.put("v", |w| w.number(m.volume));
    f.put("t", |w| w.time(m.time));
    if let Some(count) = m.trade_count {
        f.put("n", |w| w.unsigned(count));
    }
    if let Some(vwap) = m.vwap {
        f.put("vw", |w| w.float(vwap));
    }
    f
}

fn correction<'w>(w: &'w mut (dyn Writer + 'w), m: &Correction<'_>) -> Fields<'w> {
    let mut f = Fields::new(w, "c");
    f.text("S", &m.symbol);
    f.optional_text("x", &m.exchange);
    f.put("oi", |w| w.unsigned(m.original_id));
    f.put("op", |w| w.float(m.original_price));
    f.put("os", |w| w.number(m.original_size));
    f.conditions("oc", &m.original_conditions);
    f.put("ci", |w| w.unsigned(m.corrected_id));
    f.put("cp", |w| w.float(m.corrected_price));
    f.put("cs", |w| w.number(m.corrected_size));
    f.conditions("cc", &m.corrected_conditions);
    f.put("t", |w| w.time(m.time));
    f.optional_text("z", &m.tape);
    f
}

fn news<'w>(w: &'w mut (dyn Writer + 'w), m: &News<'_>) -> Fields<'w> {
    let mut f = Fields::new(w, "n");
    f.put("id", |w| w.unsigned(m.id));
    f.text("headline", &m.headline);
    f.text("summary", &m.summary);
    f.text("author", &m.author);
    f.put("created_at", |w| w.time(m.created_at));
    f.put("updated_at", |w| w.time(m.updated_at));
    f.text("url", &m.url);
    f.text("content", &m.content);
    f.texts("symbols", m.symbols.len(), &mut m.symbols.iter().map(|s| &**s));
    f.text("source", &m.source);
    f
}

/// Writes a subscription's state with exactly these lists.
pub(super) fn write_subscription(w: &mut dyn Writer, channels: &[Channel], state: &Subscriptions) {
    let mut f = Fields::new(w, "subscription");
    for channel in channels {
        f.texts(channel.key(), state.symbols(*channel).count(), &mut state.symbols(*channel));
    }
    f.end();
}
