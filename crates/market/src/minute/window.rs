//! The trades of the last minutes, and what they make of each.

use std::collections::VecDeque;
use std::ops::Range;

use wickwire_proto::time::Timestamp;

use super::figures::Figures;
use super::kept::Kept;
use super::print::{Amendments, Fix, Key, Print};
use super::side::{Side, Tick, Told};
use crate::bar::Bar;
use crate::blocks::Blocks;
use crate::conditions::Updates;
use crate::limits::{MAX_GAPS, MAX_WINDOW_MINUTES, MAX_WINDOW_TRADES};
use crate::second::Seconds;
use crate::timeframe::{MINUTE, floor_to};

/// When the first minute goes, room for one trade to so many is taken beyond those kept, so that busier
/// minutes to come find it: memory then stands still.
const HEADROOM: usize = 2;

/// What became of a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It counts in the minute that starts here.
    Counted(Timestamp),
    /// It is in the minute that starts here, but some amendment has changed or voided it.
    Amended(Timestamp),
    /// The same trade again.
    Duplicate,
    /// The same trade with other figures; the minute was made anew with one of the two.
    Conflict(Timestamp),
    /// Its minute is no longer kept.
    Late,
}

#[derive(Clone, Debug)]
struct Minute {
    start: i64,
    /// How many of the trades kept are its.
    count: usize,
    figures: Figures,
    /// There were too many prints to keep: figures go on, corrections do not.
    frozen: bool,
    /// What the tick rule compares its first trade with, and the first after it.
    entry: Tick,
    exit: Tick,
}

/// The trades of the last minutes of one symbol, at most [`MAX_WINDOW_MINUTES`] and
/// [`MAX_WINDOW_TRADES`], whether the server has closed their minutes or not.
#[derive(Clone, Debug)]
pub struct Window {
    minutes: VecDeque<Minute>,
    /// The trades of all minutes that are not frozen, in their order.
    prints: Blocks<Kept>,
    amendments: Amendments,
    /// Trades before this are late.
    floor: i64,
    /// Room for busier minutes was taken.
    reserved: bool,
    /// What the tick rule compares the first trade of the first minute with.
    carry: Tick,
    /// The tick rule does not look back over these times, at most [`MAX_GAPS`].
    cuts: Vec<i64>,
    /// Minutes of which the last trade or amendment changed the delta, but for those it names.
    turned: Vec<Timestamp>,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            minutes: VecDeque::new(),
            prints: Blocks::new(MAX_WINDOW_TRADES + 1),
            amendments: Amendments::default(),
            floor: i64::MIN,
            reserved: false,
            carry: Tick::NONE,
            cuts: Vec::new(),
            turned: Vec::new(),
        }
    }
}

impl Window {
    /// Starts of the minutes held, oldest first.
    pub fn starts(&self) -> impl Iterator<Item = Timestamp> + '_ {
        self.minutes.iter().map(|m| Timestamp(m.start))
    }

    /// Trades kept.
    #[must_use]
    pub const fn kept(&self) -> usize {
        self.prints.len()
    }

    /// Trades that memory is taken for, whether they are there or not; at most a little more than
    /// [`MAX_WINDOW_TRADES`].
    #[must_use]
    pub fn room(&self) -> usize {
        self.prints.capacity()
    }

    /// Corrections and cancels kept.
    #[must_use]
    pub fn amendments(&self) -> usize {
        self.amendments.len()
    }

    /// Trades before this time are not kept; [`Timestamp::MIN`] while all are.
    #[must_use]
    pub const fn floor(&self) -> Timestamp {
        Timestamp(self.floor)
    }

    fn position(&self, start: i64) -> Result<usize, usize> {
        match self.minutes.back() {
            Some(last) if last.start == start => Ok(self.minutes.len() - 1),
            Some(last) if last.start < start => Err(self.minutes.len()),
            _ => self.minutes.binary_search_by_key(&start, |m| m.start),
        }
    }

    /// Where among the trades kept those of the minute at `at` begin.
    fn first_of(&self, at: usize) -> usize {
        match self.minutes.back() {
            Some(last) if at + 1 == self.minutes.len() => self.prints.len() - last.count,
            _ => self.minutes.iter().take(at).map(|minute| minute.count).sum(),
        }
    }

    /// Where among the trades from `from` to before `to` one with this key belongs.
    fn place(&self, mut from: usize, mut to: usize, key: Key) -> usize {
        // Late ones are mostly a little late.
        let mut step = 1;
        while from < to {
            let probe = to.saturating_sub(step).max(from);
            if self.prints.get(probe).is_some_and(|kept| kept.key() < key) {
                from = probe + 1;
                break;
            }
            to = probe;
            step *= 2;
        }
        while from < to {
            let middle = from.midpoint(to);
            if self.prints.get(middle).is_some_and(|kept| kept.key() < key) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    /// The same trade next to where one of `range` belongs.
    fn twin(&self, range: Range<usize>, index: usize, print: &Print) -> Option<usize> {
        let mut near =
            [Some(index), index.checked_sub(1)].into_iter().flatten().filter(|i| range.contains(i));
        near.find(|i| self.prints.get(*i).is_some_and(|kept| kept.print().is_same_trade(print)))
    }

    fn figures(&self, minute: Timestamp) -> Option<&Figures> {
        Some(&self.minutes.get(self.position(minute.0).ok()?)?.figures)
    }

    /// The bar of a minute from its trades; `None` if no trade in it sets a price.
    #[must_use]
    pub fn bar(&self, minute: Timestamp) -> Option<Bar> {
        self.figures(minute)?.bar(minute)
    }

    /// Volume of a minute's trades, and their delta if it is known; `None` if none was seen.
    #[must_use]
    pub fn volume_and_delta(&self, minute: Timestamp) -> Option<(f64, Option<f64>)> {
        Some(self.figures(minute)?.volume_and_delta())
    }

    /// Minutes of which the last trade or amendment changed the delta, but for those it named.
    pub(crate) fn turned(&self) -> &[Timestamp] {
        &self.turned
    }

    /// Takes a trade of unknown side into its minute.
    pub fn take(&mut self, print: Print) -> Taken {
        self.take_told(print, Told::Unknown, None)
    }

    /// Takes a trade into its minute, and into `seconds`.
    pub(crate) fn take_told(&mut self, print: Print, told: Told, mut seconds: Option<&mut Seconds>) -> Taken {
        self.turned.clear();
        let start = floor_to(print.time.0, MINUTE);
        if start < self.floor {
            return Taken::Late;
        }
        let at = match self.position(start) {
            Ok(index) => index,
            Err(index) => self.insert_minute(index, start),
        };
        let first = self.first_of(at);
        let Some(end) = self.minutes.get(at).map(|minute| first + minute.count) else { return Taken::Late };
        let time = Timestamp(start);
        let newest = end.checked_sub(1).filter(|last| *last >= first).and_then(|last| self.prints.get(last));
        // Almost every trade is the newest.
        let is_newest = newest.is_none_or(|kept| kept.time() < print.time);
        let index = if is_newest { end } else { self.place(first, end, print.key()) };
        let twin = if is_newest { None } else { self.twin(first..end, index, &print) };
        if let Some(old) = twin.and_then(|twin| self.prints.get_mut(twin)) {
            if old.key() == print.key() {
                return Taken::Duplicate;
            }
            // One must go; which one may not depend on which came first.
            if print.key() < old.key() {
                *old = Kept::new(&print, told);
                self.rebuild(at, seconds);
            }
            return Taken::Conflict(time);
        }
        let Some(minute) = self.minutes.get_mut(at) else { return Taken::Late };
        let before = match index.checked_sub(1).filter(|before| *before >= first) {
            Some(before) => self.prints.get(before).map_or(minute.entry, Kept::after),
            // A frozen minute has no trades: its order is that of their coming.
            None if minute.frozen => minute.exit,
            None => minute.entry,
        };
        let judged = judge(&self.amendments, &self.cuts, &print, told, before);
        if let Some((resolved, updates)) = &judged.resolved {
            minute.figures.add(resolved, *updates, judged.side);
            if let Some(seconds) = seconds.as_deref_mut() {
                seconds.add(resolved, *updates, judged.side);
            }
        }
        let last = index == end;
        if !minute.frozen {
            let mut kept = Kept::new(&print, told);
            kept.set_judged(judged.side, judged.after);
            self.prints.insert(index, kept);
            minute.count += 1;
        }
        if !last {
            self.carry_on(at, index + 1 - first, judged.after, seconds.as_deref_mut());
        } else if !minute.exit.is_same(judged.after) {
            minute.exit = judged.after;
            self.carry_on(at + 1, 0, judged.after, seconds.as_deref_mut());
        }
        self.bound_prints();
        if let Some(seconds) = seconds {
            seconds.forget_before(self.floor);
        }
        if judged.resolved.is_some_and(|(resolved, _)| resolved == print) {
            Taken::Counted(time)
        } else {
            Taken::Amended(time)
        }
    }

    /// Makes room for a minute; its index.
    fn insert_minute(&mut self, index: usize, start: i64) -> usize {
        let before = index.checked_sub(1).and_then(|i| self.minutes.get(i));
        let entry = before.map_or(self.carry, |m| m.exit);
        let figures = Figures::default();
        let minute = Minute { start, count: 0, figures, frozen: false, entry, exit: entry };
        self.minutes.insert(index, minute);
        let dropped = self.forget_before(start - (MAX_WINDOW_MINUTES - 1) * MINUTE);
        index - dropped.min(index)
    }

    /// Judges again by the tick rule what comes after a change, as far as it matters: up to the
    /// first trade after which nothing differs.
    fn carry_on(
        &mut self,
        mut at: usize,
        mut index: usize,
        mut tick: Tick,
        mut seconds: Option<&mut Seconds>,
    ) {
        if at >= self.minutes.len() {
            return;
        }
        let mut first = self.first_of(at);
        while let Some(minute) = self.minutes.get_mut(at) {
            if index == 0 {
                minute.entry = tick;
                self.turned.push(Timestamp(minute.start));
            }
            for index in first + index..first + minute.count {
                let Some(kept) = self.prints.get_mut(index) else { break };
                let (side, after) = (kept.side(), kept.after());
                let judged = judge(&self.amendments, &self.cuts, &kept.print(), kept.told(), tick);
                if let Some((print, updates)) = &judged.resolved
                    && updates.has(Updates::VOLUME)
                    && judged.side != side
                {
                    minute.figures.turn(print.size, side, judged.side);
                    if let Some(seconds) = seconds.as_deref_mut() {
                        seconds.turn(print, side, judged.side);
                    }
                }
                kept.set_judged(judged.side, judged.after);
                tick = judged.after;
                if after.is_same(judged.after) {
                    return;
                }
            }
            if minute.frozen || minute.exit.is_same(tick) {
                return;
            }
            minute.exit = tick;
            first += minute.count;
            at += 1;
            index = 0;
        }
    }

    /// Forgets all but the newest `minutes`.
    pub(crate) fn shrink(&mut self, minutes: i64) {
        self.reserved = true;
        if let Some(newest) = self.minutes.back().map(|m| m.start) {
            self.forget_before(newest - (minutes - 1) * MINUTE);
        }
        self.prints.shrink();
        self.reserved = false;
    }

    fn forget_before(&mut self, floor: i64) -> usize {
        let mut dropped = 0;
        self.floor = self.floor.max(floor);
        let full = self.minutes.front().is_some_and(|m| m.start < self.floor);
        if full && !std::mem::replace(&mut self.reserved, true) {
            // As many minutes as are kept have been seen for the first time.
            let kept = self.prints.len();
            self.prints.reserve(kept + kept / HEADROOM);
        }
        while self.minutes.front().is_some_and(|m| m.start < self.floor) {
            if let Some(old) = self.minutes.pop_front() {
                self.prints.drop_front(old.count);
                self.carry = old.exit;
                dropped += 1;
            }
        }
        self.amendments.forget_before(self.floor);
        dropped
    }

    fn bound_prints(&mut self) {
        while self.prints.len() > MAX_WINDOW_TRADES {
            let is_last = self.minutes.len() == 1;
            match self.minutes.front_mut() {
                Some(only) if is_last => {
                    self.prints.drop_front(std::mem::take(&mut only.count));
                    only.frozen = true;
                }
                Some(oldest) => {
                    let end = oldest.start + MINUTE;
                    self.forget_before(end);
                }
                None => self.prints.drop_front(usize::MAX),
            }
        }
    }

    /// The print as it is after all amendments, and what it counts for; `None` if it is void.
    #[must_use]
    pub fn resolve(&self, print: &Print) -> Option<(Print, Updates)> {
        self.amendments.resolve(print)
    }

    /// Takes a correction (`fix`) or a cancel (`None`) of the trade `id` of `exchange`, made at
    /// `time`. Returns the minutes that it changes.
    pub fn amend(&mut self, exchange: u64, id: u64, time: Timestamp, fix: Option<Fix>) -> Vec<Timestamp> {
        self.amend_with(exchange, id, time, fix, None)
    }

    /// The same, in `seconds` too.
    pub(crate) fn amend_with(
        &mut self,
        exchange: u64,
        id: u64,
        time: Timestamp,
        fix: Option<Fix>,
        mut seconds: Option<&mut Seconds>,
    ) -> Vec<Timestamp> {
        self.turned.clear();
        if time.0 < self.floor {
            return Vec::new();
        }
        let ids = self.amendments.take(exchange, id, time, fix);
        let hit = |kept: &Kept| kept.is_any_of(exchange, &ids);
        let mut touched = Vec::new();
        let mut first = 0;
        for at in 0..self.minutes.len() {
            let Some(minute) = self.minutes.get(at) else { break };
            let end = first + minute.count;
            if (first..end).any(|index| self.prints.get(index).is_some_and(hit)) {
                touched.push(Timestamp(minute.start));
                self.rebuild(at, seconds.as_deref_mut());
            }
            first = end;
        }
        touched
    }

    fn rebuild(&mut self, at: usize, mut seconds: Option<&mut Seconds>) {
        let first = self.first_of(at);
        let Some(minute) = self.minutes.get_mut(at).filter(|m| !m.frozen) else { return };
        if let Some(seconds) = seconds.as_deref_mut() {
            seconds.clear_minute(minute.start);
        }
        minute.figures = Figures::default();
        let mut tick = minute.entry;
        for index in first..first + minute.count {
            let Some(kept) = self.prints.get_mut(index) else { break };
            let judged = judge(&self.amendments, &self.cuts, &kept.print(), kept.told(), tick);
            if let Some((print, updates)) = &judged.resolved {
                minute.figures.add(print, *updates, judged.side);
                if let Some(seconds) = seconds.as_deref_mut() {
                    seconds.add(print, *updates, judged.side);
                }
            }
            kept.set_judged(judged.side, judged.after);
            tick = judged.after;
        }
        if !minute.exit.is_same(tick) {
            minute.exit = tick;
            self.carry_on(at + 1, 0, tick, seconds);
        }
    }

    /// Tells `seconds` of every trade kept.
    pub(crate) fn tell(&self, seconds: &mut Seconds) {
        let mut first = 0;
        for minute in self.minutes.iter().filter(|m| !m.frozen) {
            seconds.clear_minute(minute.start);
            let end = first + minute.count;
            for kept in (first..end).filter_map(|index| self.prints.get(index)) {
                if let Some((print, updates)) = self.resolve(&kept.print()) {
                    seconds.add(&print, updates, kept.side());
                }
            }
            first = end;
        }
    }

    /// Data is missing before `time`: trades from then on are not compared with those before.
    pub(crate) fn interrupt(&mut self, time: Timestamp) {
        if self.cuts.last() != Some(&time.0) {
            if self.cuts.len() == MAX_GAPS {
                self.cuts.remove(0);
            }
            self.cuts.push(time.0);
        }
    }
}

/// A trade as amendments and the rules of its side leave it.
struct Judged {
    /// With what it counts for; `None` if it is void.
    resolved: Option<(Print, Updates)>,
    side: Option<Side>,
    after: Tick,
}

fn judge(amendments: &Amendments, cuts: &[i64], print: &Print, told: Told, before: Tick) -> Judged {
    let cut = cuts.iter().any(|cut| before.time < *cut && *cut <= print.time.0);
    let before = if cut { Tick::NONE } else { before };
    let resolved = amendments.resolve(print);
    let Some((as_is, updates)) = &resolved else { return Judged { resolved, side: None, after: before } };
    let side = told.side(as_is.price, before);
    let after = if updates.has(Updates::LAST) { before.then(as_is.price, print.time.0) } else { before };
    Judged { resolved, side, after }
}
