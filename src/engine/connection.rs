//! One session with its socket and its timer, and how they are driven.

use std::rc::{Rc, Weak};
use std::time::Duration;

use gloo_timers::callback::Timeout;
use wickwire_market::Change;
use wickwire_proto::channel::{Channel, Subscriptions};
use wickwire_proto::client::{Action, ClientConfig, ClientSession, Event, State};
use wickwire_proto::endpoint::Endpoint;
use wickwire_proto::time::Timestamp;

use super::{Engine, Inner};
use crate::dom;
use crate::frame::Dirty;
use crate::state::HistoryState;
use crate::transport::{Link, LinkEvent, LinkSink};

/// Longest timer that is set, in milliseconds; a later deadline sets another.
const MAX_TIMER_MS: f64 = 60_000.0;

/// One endpoint's session.
pub(super) struct Connection {
    pub(super) endpoint: Endpoint,
    /// The symbol that it is subscribed to; a wildcard for news.
    pub(super) symbol: String,
    pub(super) session: ClientSession,
    pub(super) meter: RateMeter,
    /// What ended the last connection, in words, and when that was.
    pub(super) fault: Option<(Duration, String)>,
    /// What the server did not take, in words; empty if it took all.
    pub(super) refusal: String,
    link: Option<Box<dyn Link>>,
    link_id: u64,
    timer: Option<(Duration, Timeout)>,
}

/// Work found while a session was driven, done when nothing is borrowed any more.
enum Job {
    /// The hole that began at this time has ended.
    Backfill(Option<Timestamp>),
    /// Articles may have been missed.
    News,
    /// The stream has begun after the history was asked for.
    CatchUp,
}

impl Engine {
    /// Makes sure that `endpoint` is connected and has exactly these subscriptions of `symbol`.
    pub(super) fn want(&self, endpoint: Endpoint, symbol: &str, subscriptions: Subscriptions) {
        let now = dom::now();
        {
            let mut inner = self.inner.borrow_mut();
            let inner = &mut *inner;
            let existing = inner.connections.iter_mut().find(|c| c.endpoint == endpoint);
            if let Some(connection) = existing {
                // What was refused is asked for again.
                connection.refusal.clear();
                symbol.clone_into(&mut connection.symbol);
                connection.session.set_wanted(now, subscriptions);
            } else {
                let (Some(credentials), Some(transport)) = (inner.credentials.clone(), &inner.transport)
                else {
                    return;
                };
                let mut config = ClientConfig::new(endpoint, credentials, subscriptions);
                config.codec = transport.codec();
                config.seed = dom::random_seed();
                let mut session = ClientSession::new(config);
                session.start(now);
                inner.connections.push(Connection {
                    endpoint,
                    symbol: symbol.to_owned(),
                    session,
                    meter: RateMeter::default(),
                    fault: None,
                    refusal: String::new(),
                    link: None,
                    link_id: 0,
                    timer: None,
                });
            }
        }
        self.update_expectations();
        self.drive(endpoint);
    }

    /// Stops a session; its socket closes at once.
    pub(super) fn stop_connection(&self, endpoint: Endpoint) {
        if let Some(connection) = self.inner.borrow_mut().connection(endpoint) {
            connection.session.stop(dom::now());
        }
        self.drive(endpoint);
    }

    /// Does what the session asks for, until it asks for nothing.
    pub(super) fn drive(&self, endpoint: Endpoint) {
        let now = dom::now();
        let mut dirty = Dirty::NONE;
        let mut jobs = Vec::new();
        {
            let mut inner = self.inner.borrow_mut();
            let inner = &mut *inner;
            let Some(index) = inner.connections.iter().position(|c| c.endpoint == endpoint) else { return };
            let Some(connection) = inner.connections.get_mut(index) else { return };
            let is_news = endpoint == Endpoint::News;
            let is_shown = connection.symbol == inner.symbol;
            // What came last is the newest thing known to be whole; if nothing has come yet, the history that
            // is shown.
            let loaded = matches!(inner.history, HistoryState::Loaded(_)).then_some(inner.loaded_at);
            let loaded = loaded.filter(|_| is_shown && !is_news);
            while let Some(action) = connection.session.poll_action() {
                dirty |= Dirty::CONNECTION;
                match action {
                    Action::Connect => {
                        inner.next_link += 1;
                        connection.link_id = inner.next_link;
                        let sink = sink(Weak::clone(&self.this), endpoint, connection.link_id);
                        connection.link = inner.transport.as_ref().map(|t| t.connect(endpoint, sink));
                    }
                    Action::Send(frame) => {
                        if let Some(link) = &connection.link {
                            link.send(frame);
                        }
                    }
                    Action::Close { code, reason } => {
                        connection.link_id = 0;
                        if let Some(link) = connection.link.take() {
                            link.close(code, reason);
                        }
                    }
                }
            }
            while let Some(event) = connection.session.poll_event() {
                dirty |= Dirty::CONNECTION;
                match event {
                    Event::Gap(gap) => {
                        if let Some(from) = gap_start(gap.from.or(loaded)).filter(|_| !is_news) {
                            inner.store.note_gap(Some(&connection.symbol), from, Timestamp::MAX);
                            dirty |= Dirty::MARKS | Dirty::BARS;
                        }
                    }
                    Event::Resumed { .. } if is_news => jobs.push(Job::News),
                    Event::Resumed { from, .. } => {
                        // Whatever is shown by now, what was told as a gap ends.
                        let told = inner.store.open_gap(&connection.symbol);
                        let from = gap_start(from).or(told).or(gap_start(loaded));
                        if is_shown {
                            jobs.push(Job::Backfill(from));
                        } else if let Some(from) = from {
                            // History fills it when the symbol is shown again.
                            let now = inner.clock.now().max(from);
                            inner.store.note_gap(Some(&connection.symbol), from, now);
                        }
                    }
                    Event::Refused { cause, subscriptions } => {
                        let what: Vec<String> =
                            subscriptions.iter().map(|(c, s)| format!("{} of {s}", c.key())).collect();
                        let why = cause.map(|c| c.explain().what).unwrap_or_default();
                        connection.refusal =
                            format!("The server did not take {}. {why}", what.join(", ")).trim().to_owned();
                    }
                    Event::StateChanged => {
                        if let State::Backoff { cause, .. } = connection.session.state() {
                            connection.fault = Some((now, cause.explain().what));
                        }
                    }
                    Event::Notice(_) | Event::TradeUpdate(_) => {}
                }
            }
            if inner.behind.contains(&endpoint) && connection.is_confirmed() {
                inner.behind.retain(|e| *e != endpoint);
                jobs.push(if is_news { Job::News } else { Job::CatchUp });
            }
            connection.set_timer(now, &self.this);
        }
        self.frame.request(dirty);
        for job in jobs {
            match job {
                Job::News => self.load_news(),
                Job::CatchUp => {
                    self.catch_up();
                    // A recording may have waited for the first subscriber: ask what time it is.
                    self.poll_relay();
                }
                Job::Backfill(from) => self.fill_gap(from),
            }
        }
    }

    /// Something happened on a link.
    fn on_link(&self, endpoint: Endpoint, link_id: u64, event: LinkEvent) {
        let now = dom::now();
        let mut change = Change::NONE;
        {
            let mut inner = self.inner.borrow_mut();
            let inner = &mut *inner;
            let found = inner.connections.iter_mut().find(|c| c.endpoint == endpoint && c.link_id == link_id);
            let Some(connection) = found else { return };
            match event {
                LinkEvent::Opened => connection.session.handle_open(now),
                LinkEvent::Frame(frame) => {
                    if let Some(slack) = inner.clock.slack(inner.speed) {
                        inner.store.set_loose_clock(inner.clock.now(), slack);
                    }
                    let store = &mut inner.store;
                    let mut count = 0_u64;
                    connection.session.handle_frame(now, frame.as_frame(), &mut |message| {
                        change |= store.apply(message);
                        count += 1;
                    });
                    connection.meter.add(now, count);
                    if endpoint != Endpoint::News && connection.symbol != inner.symbol {
                        // Nothing of it is on the screen.
                        change = Change::NONE;
                    }
                }
                LinkEvent::Closed { code, reason } => {
                    connection.link = None;
                    connection.session.handle_closed(now, code, &reason);
                }
                LinkEvent::Failed(failure) => {
                    connection.link = None;
                    connection.session.handle_connect_failed(now, failure);
                }
            }
        }
        self.frame.request(dirty_of(change));
        self.drive(endpoint);
    }

    /// Tells every session the time, then drives it.
    pub(super) fn drive_all(&self, mut tell: impl FnMut(&mut ClientSession, Duration)) {
        let now = dom::now();
        let endpoints: Vec<Endpoint> = {
            let mut inner = self.inner.borrow_mut();
            inner
                .connections
                .iter_mut()
                .map(|c| {
                    tell(&mut c.session, now);
                    c.endpoint
                })
                .collect()
        };
        for endpoint in endpoints {
            self.drive(endpoint);
        }
    }

    /// Tells sessions whether silence would be a fault now.
    pub(super) fn update_expectations(&self) {
        let now = dom::now();
        let mut inner = self.inner.borrow_mut();
        let inner = &mut *inner;
        let expected = inner.data_expected();
        for connection in &mut inner.connections {
            // Headlines come when they come, and of a symbol that is not shown nobody misses anything:
            // whether the socket lives is asked in other ways.
            let shown = connection.endpoint != Endpoint::News && connection.symbol == inner.symbol;
            connection.session.set_expect_data(now, expected && shown);
        }
    }
}

impl Inner {
    fn connection(&mut self, endpoint: Endpoint) -> Option<&mut Connection> {
        self.connections.iter_mut().find(|c| c.endpoint == endpoint)
    }
}

impl Connection {
    /// Whether its symbol's stream has begun.
    pub(super) fn is_confirmed(&self) -> bool {
        let channel = if self.endpoint == Endpoint::News { Channel::News } else { Channel::Bars };
        self.session.confirmed().contains(channel, &self.symbol)
    }

    fn set_timer(&mut self, now: Duration, engine: &Weak<Engine>) {
        let Some(deadline) = self.session.poll_timeout() else {
            self.timer = None;
            return;
        };
        if self.timer.as_ref().is_some_and(|(set, _)| *set == deadline) {
            return;
        }
        let wait = deadline.saturating_sub(now);
        let engine = Weak::clone(engine);
        let endpoint = self.endpoint;
        let timeout = Timeout::new(timer_ms(wait), move || {
            if let Some(engine) = engine.upgrade() {
                engine.on_timer(endpoint);
            }
        });
        self.timer = Some((deadline, timeout));
    }
}

/// The milliseconds of a timer for so long a wait; not too early, but for [`MAX_TIMER_MS`].
fn timer_ms(wait: Duration) -> u32 {
    (wait.as_secs_f64() * 1000.0).ceil().min(MAX_TIMER_MS) as u32
}

impl Engine {
    fn on_timer(&self, endpoint: Endpoint) {
        let now = dom::now();
        if let Some(connection) = self.inner.borrow_mut().connection(endpoint) {
            if let Some((_, timer)) = connection.timer.take() {
                // It has fired: forgetting it is the same as dropping it, without a call to clear.
                timer.forget();
            }
            connection.session.handle_timeout(now);
        }
        self.drive(endpoint);
    }
}

/// What came in the last moments before a cut may have been cut too.
pub(super) fn gap_start(last: Option<Timestamp>) -> Option<Timestamp> {
    const MARGIN: i64 = 2_000_000_000;
    last.map(|last| last.plus_nanos(-MARGIN))
}

fn sink(engine: Weak<Engine>, endpoint: Endpoint, link_id: u64) -> LinkSink {
    Rc::new(move |event| {
        if let Some(engine) = engine.upgrade() {
            engine.on_link(endpoint, link_id, event);
        }
    })
}

/// Which panels a change of the store concerns.
pub(super) fn dirty_of(change: Change) -> Dirty {
    let mut dirty = Dirty::NONE;
    for (bit, panels) in [
        (Change::LAST_BAR, Dirty::LAST_BAR),
        (Change::BARS, Dirty::BARS),
        (Change::DAY, Dirty::QUOTE | Dirty::LAST_BAR),
        (Change::QUOTE, Dirty::QUOTE),
        (Change::SPREAD, Dirty::SPREAD),
        (Change::TRADE, Dirty::QUOTE | Dirty::LAST_BAR),
        (Change::NEWS, Dirty::NEWS),
        (Change::STATUS, Dirty::MARKS | Dirty::QUOTE),
        (Change::LULD, Dirty::MARKS | Dirty::QUOTE),
        (Change::GAPS, Dirty::MARKS),
    ] {
        if change.intersects(bit) {
            dirty |= panels;
        }
    }
    dirty
}

/// Messages in the last whole second.
#[derive(Default)]
pub(super) struct RateMeter {
    second: u64,
    current: u64,
    previous: u64,
}

impl RateMeter {
    pub(super) fn add(&mut self, now: Duration, count: u64) {
        self.turn(now);
        self.current += count;
    }

    pub(super) fn rate(&mut self, now: Duration) -> u64 {
        self.turn(now);
        self.previous
    }

    fn turn(&mut self, now: Duration) {
        let second = now.as_secs();
        if second != self.second {
            self.previous = if second == self.second + 1 { self.current } else { 0 };
            self.current = 0;
            self.second = second;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_are_not_early_and_bounded() {
        let ms = |nanos: u64| timer_ms(Duration::from_nanos(nanos));
        assert_eq!([0, 1, 1_000_000, 1_500_001].map(ms), [0, 1, 1, 2]);
        assert_eq!(f64::from(timer_ms(Duration::MAX)), MAX_TIMER_MS);
    }

    #[test]
    fn the_meter_counts_whole_seconds() {
        let mut meter = RateMeter::default();
        let at = Duration::from_millis;
        meter.add(at(100), 3);
        meter.add(at(900), 4);
        assert_eq!(meter.rate(at(950)), 0);
        assert_eq!(meter.rate(at(1_000)), 7);
        meter.add(at(1_500), 1);
        assert_eq!(meter.rate(at(2_000)), 1);
        assert_eq!(meter.rate(at(9_000)), 0);
    }
}
