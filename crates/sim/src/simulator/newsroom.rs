//! Headlines from an agency that does not exist, about prices that were never paid.
//!
//! Every text says that it is simulated, and none says anything about a company but what its
//! simulated price does.

use std::collections::VecDeque;

use wickwire_proto::message::{Message, News, Text};
use wickwire_proto::time::{NANOS_PER_SECOND, Timestamp};

use crate::feed::Venue;

use super::rng::Rng;
use super::wire::Wire;

/// The agency.
pub(super) const SOURCE: &str = "Wickwire Wire (simulated)";
const AUTHORS: [&str; 3] = ["Wickwire Wire tape desk", "Wickwire Wire crypto desk", "Wickwire Wire robot"];
/// First article number.
const FIRST_ID: u64 = 90_000_001;
/// Mean seconds between articles.
const MEAN_SECONDS: f64 = 24.0;
/// Articles that will be updated, out of a hundred.
const UPDATED: u32 = 30;
/// Articles waiting for their update, at most.
const MAX_WAITING: usize = 8;

/// What there is to say about an instrument.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) symbol: &'static str,
    pub(super) name: &'static str,
    pub(super) cents: i64,
    /// Change since the simulation began, in hundredths of a percent.
    pub(super) basis_points: i64,
    pub(super) spread_cents: i64,
}

/// The agency's desk.
#[derive(Clone, Debug)]
pub(super) struct Newsroom {
    rng: Rng,
    next_id: u64,
    /// When the next article or update is due.
    pub(super) at: i64,
    next_article: i64,
    waiting: VecDeque<(i64, News<'static>)>,
}

impl Newsroom {
    pub(super) fn new(rng: Rng, start: i64) -> Self {
        let at = start + 3 * NANOS_PER_SECOND;
        Self { rng, next_id: FIRST_ID, at, next_article: at, waiting: VecDeque::new() }
    }

    /// Sends what is due. `facts` is asked for one instrument of those that there are.
    pub(super) fn publish(
        &mut self,
        now: i64,
        facts: impl Fn(&mut Rng) -> Option<Facts>,
        wire: &mut Wire<'_>,
    ) {
        while let Some(at) = self.waiting.iter().position(|w| w.0 <= now) {
            if let Some((_, article)) = self.waiting.remove(at) {
                wire.keep(Venue::News, &Message::News(updated(article, now)));
            }
        }
        if self.next_article <= now {
            let facts = facts(&mut self.rng);
            let article = self.write(now, facts);
            wire.keep(Venue::News, &Message::News(article.clone()));
            if self.waiting.len() < MAX_WAITING && self.rng.percent(UPDATED) {
                let later = now + i64::from(self.rng.between(25, 150)) * NANOS_PER_SECOND;
                self.waiting.push_back((later, article));
            }
            let wait = 4.0 + (MEAN_SECONDS - 4.0) * self.rng.exponential();
            self.next_article = now + (wait * NANOS_PER_SECOND as f64) as i64;
        }
        self.at = self.waiting.iter().map(|w| w.0).fold(self.next_article, i64::min);
    }

    /// Sends an article about a halt or a resumption.
    pub(super) fn flash(
        &mut self,
        now: i64,
        symbol: &'static str,
        name: &str,
        halted: bool,
        wire: &mut Wire<'_>,
    ) {
        let (headline, summary) = if halted {
            (
                format!("{name} ({symbol}) is paused in simulated trading"),
                "The simulated exchange paused trading for five minutes; no trades until it resumes."
                    .to_owned(),
            )
        } else {
            (
                format!("{name} ({symbol}) resumes simulated trading after a pause"),
                "Trading in the simulated market went on with an auction.".to_owned(),
            )
        };
        let article = self.article(now, headline, summary, vec![Text::Borrowed(symbol)]);
        wire.keep(Venue::News, &Message::News(article));
    }

    /// An article; without facts, about the market as a whole.
    pub(super) fn write(&mut self, now: i64, facts: Option<Facts>) -> News<'static> {
        let Some(f) = facts else {
            let (headline, summary) = self.rng.pick(&GENERAL).copied().unwrap_or(("", ""));
            return self.article(now, headline.to_owned(), summary.to_owned(), Vec::new());
        };
        let price = money(f.cents);
        let change = percent(f.basis_points.abs());
        let way = if f.basis_points >= 0 { "up" } else { "down" };
        let (name, symbol, spread) = (f.name, f.symbol, money(f.spread_cents));
        let (headline, summary) = match self.rng.below(12) {
            0 => (
                format!("{name} {way} {change} on the simulated tape"),
                format!("{symbol} last changed hands near {price} in the simulated market."),
            ),
            1 => (
                format!("{name} trades near {price} as simulated orders come in bursts"),
                format!("{symbol} is {way} {change} since this simulation began."),
            ),
            2 => (
                format!("Spread in {symbol} stands at {spread}, simulated quotes show"),
                format!("Best bid and offer in {name} meet around {price}."),
            ),
            3 => (
                format!("Simulated buyers and sellers of {symbol} agree on little but {price}"),
                format!("The invented price of {name} is {way} {change} since the start."),
            ),
            4 => (
                format!("Random walk takes {name} {way} {change}"),
                format!("No reason was given for the move of {symbol}; there is none in a simulation."),
            ),
            5 => (
                format!("Wickwire Wire poll: nine of ten random numbers undecided on {symbol}"),
                format!("{name} was quoted around {price}, {spread} wide."),
            ),
            6 => (
                format!("{symbol} volume clusters again in simulated trading"),
                format!("Trades in {name} follow one another; prices near {price}."),
            ),
            7 => (
                format!("Simulated desk note: {symbol} {way} {change}, quote {spread} wide"),
                format!("The note puts {name} at {price} and puts no opinion beside it."),
            ),
            8 => (
                format!("{name} holds {price} in made-up dealings"),
                format!("{symbol} has moved {change} since the simulation was started."),
            ),
            9 => (
                format!("Order book watchers count levels in {symbol}, find the usual number"),
                format!("Quotes in {name} are {spread} apart near {price}."),
            ),
            10 => (
                format!("{symbol} {way} {change} – a seed explains all of it"),
                format!("Another seed would have given {name} another price than {price}."),
            ),
            _ => (
                format!("Chart watch: {name} draws another candle near {price}"),
                format!("{symbol} is {way} {change} since the start of this simulation."),
            ),
        };
        // News writes pairs without the slash.
        let tag = match symbol {
            "BTC/USD" => "BTCUSD",
            "ETH/USD" => "ETHUSD",
            other => other,
        };
        self.article(now, headline, summary, vec![Text::Borrowed(tag)])
    }

    fn article(
        &mut self,
        now: i64,
        headline: String,
        summary: String,
        symbols: Vec<Text<'static>>,
    ) -> News<'static> {
        let id = self.next_id;
        self.next_id += 1;
        let time = Timestamp(now.div_euclid(NANOS_PER_SECOND) * NANOS_PER_SECOND);
        News {
            id,
            content: format!("<p>{summary}</p><p>This article is part of a simulation.</p>").into(),
            headline: headline.into(),
            summary: summary.into(),
            author: Text::Borrowed(AUTHORS[(id % AUTHORS.len() as u64) as usize]),
            created_at: time,
            updated_at: time,
            url: format!("https://example.com/wickwire-wire/{id}").into(),
            symbols,
            source: Text::Borrowed(SOURCE),
        }
    }
}

fn updated(mut article: News<'static>, now: i64) -> News<'static> {
    article.updated_at = Timestamp(now.div_euclid(NANOS_PER_SECOND) * NANOS_PER_SECOND)
        .max(article.created_at.plus_nanos(NANOS_PER_SECOND));
    article.headline = format!("UPDATE: {}", article.headline).into();
    article.content = format!("{}<p>Updated; the simulated facts are unchanged.</p>", article.content).into();
    article
}

const GENERAL: [(&str, &str); 6] = [
    (
        "Simulated market wrap: some rise, some fall",
        "All prices in this market are invented, and so is this wrap.",
    ),
    ("Simulated exchange reports ordinary random numbers", "The generator has not repeated itself so far."),
    ("Arrivals cluster across the simulated tape", "Every trade makes the next one a little more likely."),
    (
        "Volatility comes and goes in made-up session",
        "Bursts fade within minutes, as they are programmed to.",
    ),
    (
        "Wickwire Wire corrects nothing today",
        "Trade corrections and cancellations are sent on their own channels.",
    ),
    ("No figures due: calendar of the simulation is empty", "The simulated economy publishes nothing."),
];

/// Dollars and cents with thousands apart: `$94,218.50`.
fn money(cents: i64) -> String {
    let dollars = (cents / 100).to_string();
    let mut grouped = String::with_capacity(dollars.len() + 8);
    for (i, digit) in dollars.chars().enumerate() {
        if i > 0 && (dollars.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("${grouped}.{:02}", cents % 100)
}

fn percent(basis_points: i64) -> String {
    format!("{}.{:02}%", basis_points / 100, basis_points % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;

    #[test]
    fn articles_that_wait_for_an_update_are_bounded() {
        let mut room = Newsroom::new(Rng::new(1, 2), 0);
        let (mut history, mut sent) = (History::new(), 0);
        let mut wire = Wire { out: &mut |_, _| {}, history: &mut history, sent: &mut sent };
        // More articles than any day has, all of one moment.
        for _ in 0..100 * MAX_WAITING {
            room.next_article = 0;
            room.publish(0, |_| None, &mut wire);
            assert!(room.waiting.len() <= MAX_WAITING);
        }
        assert_eq!(room.waiting.len(), MAX_WAITING);
    }

    #[test]
    fn amounts_read_well() {
        assert_eq!(money(9_421_850), "$94,218.50");
        assert_eq!(money(99), "$0.99");
        assert_eq!(money(123_456_789), "$1,234,567.89");
        assert_eq!(percent(7), "0.07%");
        assert_eq!(percent(1_234), "12.34%");
    }
}
