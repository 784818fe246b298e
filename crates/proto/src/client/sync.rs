//! What is wanted against what the server has confirmed.
//!
//! One request is outstanding at a time: errors carry no reference to what they answer, so this is
//! the only way to know. Every acknowledgement holds the whole state, which makes the difference
//! easy to compute anew after each.

use super::timing::{MAX_CONTRADICTIONS, MAX_DIVISIONS, MAX_PAIRS_PER_MESSAGE};
use crate::channel::{Channel, Subscriptions, WILDCARD};
use crate::request::Request;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Subscribe,
    Unsubscribe,
    Probe,
}

#[derive(Clone, Debug)]
struct Outstanding {
    kind: Kind,
    pairs: Subscriptions,
    /// An acknowledgement came that does not hold what was asked.
    contradicted: bool,
}

/// What an elapsed acknowledgement deadline means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Elapsed {
    /// The server does not answer.
    Dead {
        /// It was only a probe.
        probe: bool,
    },
    /// It answered something else; the difference is asked for again.
    Again,
    /// It answered something else too often; this is given up.
    GivenUp(Subscriptions),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Sync {
    wanted: Subscriptions,
    confirmed: Subscriptions,
    /// Refused for good (malformed, no such channel): asked again only if it is taken out of the
    /// wanted set and put back.
    refused: Subscriptions,
    /// Refused for now (symbol limit, left out): asked again when the wanted set changes, and on
    /// the next connection.
    postponed: Subscriptions,
    /// The server would not take these away: not asked again on this connection.
    stuck: Subscriptions,
    /// Parts of a refused message, to be asked for one by one.
    parts: Vec<Subscriptions>,
    outstanding: Option<Outstanding>,
    divisions: u32,
    contradictions: u32,
    limit_reached: bool,
}

/// Whether the channel counts against the plan's symbol limit.
const fn counts(channel: Channel) -> bool {
    matches!(channel, Channel::Trades | Channel::Quotes | Channel::OrderBooks)
}

fn take(set: &Subscriptions, keep: impl Fn(Channel, &str) -> bool) -> Subscriptions {
    set.iter().filter(|(c, s)| keep(*c, s)).collect()
}

impl Sync {
    pub(crate) fn new(wanted: &Subscriptions) -> Self {
        let mut sync = Self::default();
        sync.set_wanted(wanted);
        sync
    }

    pub(crate) fn set_wanted(&mut self, wanted: &Subscriptions) {
        self.wanted = take(wanted, |c, _| !c.follows_trades());
        self.refused = take(&self.refused, |c, s| self.wanted.contains(c, s));
        self.forget_for_now();
        if self.outstanding.as_ref().is_some_and(|o| o.kind == Kind::Probe) && self.wanted != self.confirmed {
            // The change itself will show whether the server still answers.
            self.outstanding = None;
        }
    }

    /// A new connection: nothing is subscribed there.
    pub(crate) fn start(&mut self) {
        self.confirmed = Subscriptions::new();
        self.outstanding = None;
        self.forget_for_now();
    }

    fn forget_for_now(&mut self) {
        self.postponed = Subscriptions::new();
        self.stuck = Subscriptions::new();
        self.parts.clear();
        self.divisions = 0;
        self.contradictions = 0;
        self.limit_reached = false;
    }

    pub(crate) const fn wanted(&self) -> &Subscriptions {
        &self.wanted
    }

    pub(crate) const fn confirmed(&self) -> &Subscriptions {
        &self.confirmed
    }

    pub(crate) const fn is_waiting(&self) -> bool {
        self.outstanding.is_some()
    }

    /// The next request to send; `None` if one is outstanding or nothing is left to ask.
    pub(crate) fn next_request(&mut self) -> Option<Request> {
        if self.outstanding.is_some() {
            return None;
        }
        // Removals first: they make room under a symbol limit.
        let surplus = take(&self.confirmed, |c, s| !self.wanted.contains(c, s) && !self.stuck.contains(c, s));
        if !surplus.is_empty() {
            return Some(self.ask(Kind::Unsubscribe, surplus));
        }
        while let Some(part) = self.parts.pop() {
            let part = take(&part, |c, s| self.is_missing(c, s));
            if !part.is_empty() {
                return Some(self.ask(Kind::Subscribe, part));
            }
        }
        let missing = take(&self.wanted, |c, s| self.is_missing(c, s));
        (!missing.is_empty()).then(|| self.ask(Kind::Subscribe, missing))
    }

    fn is_missing(&self, channel: Channel, symbol: &str) -> bool {
        self.wanted.contains(channel, symbol)
            && !self.confirmed.contains(channel, symbol)
            && !self.refused.contains(channel, symbol)
            && !self.postponed.contains(channel, symbol)
    }

    /// A request that repeats what is confirmed; `None` if nothing is, or if a request is
    /// outstanding, whose answer shows as much.
    pub(crate) fn probe(&mut self) -> Option<Request> {
        if self.outstanding.is_some() || self.confirmed.is_empty() {
            return None;
        }
        Some(self.ask(Kind::Probe, self.confirmed.clone()))
    }

    /// Market data came: the server is alive, the probe needs no answer any more. True if there was one.
    pub(crate) fn drop_probe(&mut self) -> bool {
        let probing = self.outstanding.as_ref().is_some_and(|o| o.kind == Kind::Probe);
        if probing {
            self.outstanding = None;
        }
        probing
    }

    fn ask(&mut self, kind: Kind, pairs: Subscriptions) -> Request {
        let pairs: Subscriptions = pairs.iter().take(MAX_PAIRS_PER_MESSAGE).collect();
        self.outstanding = Some(Outstanding { kind, pairs: pairs.clone(), contradicted: false });
        match kind {
            Kind::Subscribe | Kind::Probe => Request::Subscribe(pairs),
            Kind::Unsubscribe => Request::Unsubscribe(pairs),
        }
    }

    /// The server told its whole state. True if that answers what is outstanding.
    pub(crate) fn acknowledge(&mut self, state: &Subscriptions) -> bool {
        self.confirmed = take(state, |c, _| !c.follows_trades());
        let Some(outstanding) = &mut self.outstanding else { return false };
        let done = match outstanding.kind {
            Kind::Probe => true,
            Kind::Subscribe => outstanding.pairs.iter().all(|(c, s)| self.confirmed.contains(c, s)),
            Kind::Unsubscribe => !outstanding.pairs.iter().any(|(c, s)| self.confirmed.contains(c, s)),
        };
        if done {
            self.outstanding = None;
        } else {
            // Perhaps the answer to something earlier: the right one may still come.
            outstanding.contradicted = true;
        }
        done
    }

    /// The deadline for an answer has passed.
    pub(crate) fn elapsed(&mut self) -> Elapsed {
        let Some(outstanding) = self.outstanding.take() else { return Elapsed::Again };
        if !outstanding.contradicted {
            return Elapsed::Dead { probe: outstanding.kind == Kind::Probe };
        }
        self.contradictions += 1;
        if self.contradictions <= MAX_CONTRADICTIONS {
            return Elapsed::Again;
        }
        let unsubscribe = outstanding.kind == Kind::Unsubscribe;
        let left = take(&outstanding.pairs, |c, s| self.confirmed.contains(c, s) == unsubscribe);
        extend(if unsubscribe { &mut self.stuck } else { &mut self.postponed }, &left);
        Elapsed::GivenUp(left)
    }

    /// The server refused what is outstanding with `code`. Returns what is given up because of it:
    /// nothing while a message is being divided to find the culprit. `None` if nothing was
    /// outstanding.
    pub(crate) fn refuse(&mut self, code: u16) -> Option<Subscriptions> {
        let Outstanding { kind, pairs, .. } = self.outstanding.take()?;
        match kind {
            Kind::Probe => return Some(Subscriptions::new()),
            Kind::Unsubscribe => {
                extend(&mut self.stuck, &pairs);
                return Some(pairs);
            }
            Kind::Subscribe => {}
        }
        match code {
            405 => {
                let counted = take(&pairs, |c, _| counts(c));
                if counted.len() < pairs.len() && !counted.is_empty() {
                    // What does not count can be had in any case.
                    let free = take(&pairs, |c, _| !counts(c));
                    return Some(self.divide(405, vec![counted, free]));
                }
                if self.limit_reached || pairs.len() == 1 {
                    self.limit_reached = true;
                    return Some(self.give_up(405, pairs));
                }
                Some(self.halve(405, pairs))
            }
            410 => {
                let mut by_channel: Vec<Subscriptions> =
                    Channel::ALL.into_iter().map(|channel| take(&pairs, |c, _| c == channel)).collect();
                by_channel.retain(|s| !s.is_empty());
                if by_channel.len() > 1 {
                    Some(self.divide(410, by_channel))
                } else {
                    Some(self.give_up(410, pairs))
                }
            }
            413 => {
                let stars = take(&pairs, |c, s| c == Channel::Quotes && s == WILDCARD);
                if stars.is_empty() {
                    return Some(self.halve(413, pairs));
                }
                self.parts.push(pairs.difference(&stars));
                Some(self.give_up(413, stars))
            }
            _ => Some(self.halve(code, pairs)),
        }
    }

    fn halve(&mut self, code: u16, pairs: Subscriptions) -> Subscriptions {
        if pairs.len() <= 1 {
            return self.give_up(code, pairs);
        }
        let middle = pairs.len() / 2;
        let first = pairs.iter().take(middle).collect();
        let second = pairs.iter().skip(middle).collect();
        self.divide(code, vec![second, first])
    }

    fn divide(&mut self, code: u16, parts: Vec<Subscriptions>) -> Subscriptions {
        if self.divisions >= MAX_DIVISIONS {
            let mut all = Subscriptions::new();
            parts.iter().for_each(|p| extend(&mut all, p));
            return self.give_up(code, all);
        }
        self.divisions += 1;
        self.parts.extend(parts);
        Subscriptions::new()
    }

    fn give_up(&mut self, code: u16, pairs: Subscriptions) -> Subscriptions {
        extend(if code == 405 { &mut self.postponed } else { &mut self.refused }, &pairs);
        pairs
    }
}

fn extend(set: &mut Subscriptions, more: &Subscriptions) {
    for (channel, symbol) in more.iter() {
        set.insert(channel, symbol);
    }
}
