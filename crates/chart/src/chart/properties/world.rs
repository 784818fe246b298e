//! A chart with its bars, studies and marks, to which things happen.

use super::raster::Raster;
use crate::chart::{Chart, Content, Options, Style};
use crate::model::bars::Bar;
use crate::model::marks::{Band, Halt, Marks, NewsMark, Session, Sessions, Show};
use crate::model::pane::{PaneSpec, Plot, PlotStyle, Values};
use crate::{Bars, Color, Columns, Flags, ScaleMode, SeriesKind, Theme, Zone};

const MINUTE: i64 = 60_000_000_000;
/// 2013-10-07 13:00 UTC, half an hour before the opening in New York.
const START: i64 = 1_381_150_800_000_000_000;

pub(super) struct NewYork;

impl Zone for NewYork {
    fn offset_seconds(&self, _: i64) -> i32 {
        -4 * 3_600
    }
    fn abbreviation(&self, _: i64) -> &str {
        "EDT"
    }
}

/// Pre-market before half past nine.
pub(super) struct Hours;

impl Sessions for Hours {
    fn session_at(&self, time_ns: i64) -> (Session, i64) {
        let opening = START + 30 * MINUTE;
        if time_ns < opening { (Session::Pre, opening) } else { (Session::Regular, i64::MAX) }
    }
    fn zone(&self) -> &dyn Zone {
        &NewYork
    }
}

fn theme() -> Theme {
    let color = |n: u8| Color::rgb(n, 100 + n, 200 - n);
    Theme {
        ground: color(1),
        grid: color(2),
        border: color(3),
        text: color(4),
        secondary: color(5),
        muted: color(6),
        up: color(7),
        down: color(8),
        accent: color(9),
    }
}

/// Something that happens, of the kind `what`; the rest decides how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) what: u8,
    pub(super) a: u32,
    pub(super) b: u32,
}

/// Kinds of steps; those from [`FIRST_BY_HAND`] on are not the data's.
const KINDS: u8 = 32;
const FIRST_BY_HAND: u8 = 16;

#[derive(Clone, Copy, PartialEq)]
struct State {
    price: i64,
    random: u64,
}

impl State {
    fn random(&mut self, below: u64) -> u64 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % below.max(1)
    }

    /// A bar somewhere near the last price, in cents around five dollars.
    fn bar(&mut self, time_ns: i64) -> Bar {
        let open = self.price;
        let close = (open + self.random(21) as i64 - 10).clamp(100, 900);
        let high = open.max(close) + self.random(6) as i64;
        let low = open.min(close) - self.random(6) as i64;
        self.price = close;
        let price = |cents: i64| cents as f64 / 100.0;
        let blank = self.random(24) == 0;
        Bar {
            time_ns,
            open: price(open),
            high: price(high),
            low: price(low),
            close: if blank { f64::NAN } else { price(close) },
            volume: self.random(50_000) as f64,
            flags: if self.random(20) == 0 { Flags::GAP_BEFORE } else { Flags::NONE },
        }
    }
}

pub(super) struct World {
    pub(super) chart: Chart,
    pub(super) layers: [Raster; 3],
    bars: Columns,
    values: Vec<Vec<f64>>,
    changed_from: usize,
    /// Where bars came in front: rows there that are not as they were.
    front: usize,
    /// The first value that changed though no bar did.
    edited: Option<usize>,
    /// So many values are still missing at the end.
    late: usize,
    news: Vec<NewsMark>,
    halts: Vec<Halt>,
    bands: Vec<Band>,
    quote: Option<(f64, f64)>,
    countdown: Option<u32>,
    revision: u64,
    state: State,
}

const LINE: Plot = Plot { column: 0, style: PlotStyle::Line, color: Color::rgb(20, 1, 1), width: 1.5 };
const STEP: Plot = Plot { column: 3, style: PlotStyle::Step, color: Color::rgb(21, 1, 1), width: 8.0 };

fn panes() -> Vec<PaneSpec> {
    let band = PlotStyle::Band { to: 1, fill: Color { a: 40, ..Color::rgb(22, 1, 1) } };
    let histogram = PlotStyle::Histogram { signed: true };
    vec![
        PaneSpec { weight: 3.0, plots: vec![LINE, Plot { style: band, ..LINE }], ..PaneSpec::default() },
        PaneSpec {
            id: 1,
            weight: 1.0,
            plots: vec![Plot { column: 2, style: histogram, ..LINE }, STEP],
            levels: vec![0.05],
            range: None,
        },
        PaneSpec { id: 2, weight: 1.0, plots: vec![LINE], levels: vec![4.0, 6.0], range: Some((0.0, 10.0)) },
    ]
}

impl World {
    pub(super) fn new(count: usize, seed: u32) -> Self {
        let mut state = State { price: 500, random: u64::from(seed) };
        let bars = (0..count).map(|i| state.bar(START + i as i64 * MINUTE)).collect();
        let mut chart = Chart::new(theme(), Options { interval_ns: MINUTE, decimals: 2 });
        chart.set_zone(Box::new(NewYork));
        chart.set_sessions(Box::new(Hours));
        chart.set_panes(panes());
        let (width, height) = (220 + (seed % 60) as i32, 190);
        chart.resize(width, height, 1.0);
        Self {
            chart,
            layers: [0; 3].map(|_| Raster::new(width, height)),
            bars,
            values: vec![Vec::new(); 4],
            changed_from: 0,
            front: 0,
            edited: None,
            late: 0,
            news: Vec::new(),
            halts: Vec::new(),
            bands: Vec::new(),
            quote: None,
            countdown: None,
            revision: 0,
            state,
        }
    }

    pub(super) fn blank(&self) -> [Raster; 3] {
        [0; 3].map(|_| Raster::new(self.layers[0].width, self.layers[0].height))
    }

    pub(super) fn len(&self) -> usize {
        self.bars.len()
    }

    pub(super) fn has(&self, time: i64) -> bool {
        self.bars.time_ns.binary_search(&time).is_ok()
    }

    pub(super) fn with_content(&self, all: bool, use_it: impl FnOnce(&Content<'_>)) {
        let changed_from = if all { 0 } else { self.changed_from };
        let given = |values: &[f64]| values.len().saturating_sub(self.late);
        let values: Vec<Values<'_>> = self
            .values
            .iter()
            .map(|values| Values { values: &values[..given(values)], changed_from, front: self.front })
            .collect();
        let marks = Marks {
            quote: self.quote,
            countdown: self.countdown,
            news: &self.news,
            halts: &self.halts,
            bands: &self.bands,
            revision: self.revision,
        };
        use_it(&Content { bars: &self.bars, values: &values, marks });
    }

    /// Tells the chart, as the page does once a frame.
    pub(super) fn sync(&mut self) {
        let change = self.bars.take_change();
        let len = self.bars.len();
        // What came in front is told as such, or all is new.
        let all = change.rebuilt || (change.prepended > 0 && self.state.random(4) == 0);
        // A mean feels the two before it, and some others are moved.
        let felt = change.prepended + 2 + self.state.random(100) as usize;
        let by = self.state.random(9) as f64 - 4.0;
        self.front = if all { usize::MAX } else { felt.min(len) };
        let changed = if change.changed.is_empty() { len } else { change.changed.start };
        self.changed_from = if all { 0 } else { changed };
        let edited = self.edited.take().map(|row| (row + change.prepended).saturating_sub(change.evicted));
        for (column, values) in self.values.iter_mut().enumerate() {
            if all {
                values.clear();
            }
            values.drain(..change.evicted.min(values.len()));
            let front = if all || change.prepended == 0 { 0 } else { self.front };
            if front > 0 {
                values.splice(0..0, vec![f64::NAN; change.prepended]);
            }
            values.truncate(self.changed_from);
            for i in (0..front.min(values.len())).chain(values.len()..len) {
                // A mean of three, something around it, and two more of the bar's own.
                let mean = match i.checked_sub(2) {
                    Some(from) => self.bars.close[from..=i].iter().sum::<f64>() / 3.0,
                    None => f64::NAN,
                };
                let value = match column {
                    0 => mean,
                    1 => mean + 0.2,
                    2 => self.bars.close[i] - self.bars.open[i],
                    _ => self.bars.high[i] - self.bars.low[i],
                };
                match values.get_mut(i) {
                    Some(known) => *known = value + by,
                    None => values.push(value),
                }
            }
        }
        self.changed_from = self.changed_from.min(edited.unwrap_or(len));
        let mut chart = std::mem::replace(&mut self.chart, Chart::new(theme(), Options::default()));
        self.with_content(false, |content| {
            chart.sync(content, &change);
        });
        self.chart = chart;
    }

    pub(super) fn paint(&mut self) {
        self.sync();
        let mut chart = std::mem::replace(&mut self.chart, Chart::new(theme(), Options::default()));
        let mut layers = std::mem::take(&mut self.layers);
        self.with_content(false, |content| {
            let [base, live, overlay] = &mut layers;
            let Ok(_) = chart.paint(content, base, live, overlay);
        });
        self.layers = layers;
        self.chart = chart;
    }

    /// Time and column of the bars in view.
    pub(super) fn places(&self) -> Vec<(i64, f64)> {
        let place = |i: usize| (self.bars.time_ns(i), self.chart.viewport.x(self.chart.slots.slot(i) as f64));
        self.chart.visible().map(place).collect()
    }

    pub(super) fn room_at_the_end(&self) -> f64 {
        self.chart.viewport.edges().1 - self.chart.slots.slot(self.len().saturating_sub(1)) as f64
    }

    pub(super) fn by_hand(&self, step: Step) -> bool {
        step.what % KINDS >= FIRST_BY_HAND
    }

    /// Whether bars in view may have made room.
    pub(super) fn in_between(&self, step: Step) -> bool {
        matches!(step.what % KINDS, 2 | 3 | 5..=7 | 14)
    }

    fn end_time(&self) -> i64 {
        self.bars.time_ns.last().copied().unwrap_or(START)
    }

    /// Lets something happen; answers what.
    pub(super) fn take(&mut self, step: Step) -> String {
        let Step { what, a, b } = step;
        let len = self.bars.len();
        let row = (a as usize) % len.max(1);
        match what % KINDS {
            0 | 1 => {
                let bar = self.state.bar(self.end_time() + MINUTE);
                self.bars.push(bar);
                "append".into()
            }
            2 | 3 if len > 0 => {
                let mut bar = self.state.bar(self.end_time());
                // Mostly within the range, sometimes beyond, and mostly without a gap.
                if a % 4 != 0 {
                    let shown = self.bars.close[len - 1];
                    bar.close = if shown.is_finite() { shown } else { 5.0 };
                    bar.high = bar.high.max(bar.close);
                    bar.low = bar.low.min(bar.close);
                    bar.flags = self.bars.flags[len - 1];
                }
                self.bars.replace_last(bar);
                format!("tick {bar:?}")
            }
            4 => {
                let first = self.bars.time_ns.first().copied().unwrap_or(START);
                let count = i64::from(b % 70);
                let bars: Vec<Bar> =
                    (0..count).map(|i| self.state.bar(first - (count - i) * MINUTE)).collect();
                self.bars.prepend(&bars);
                format!("prepend {count}")
            }
            5 if len > 1 => {
                // Bars that were missing come: a minute each in between two that have room.
                let all: Vec<Bar> = (0..len).map(|i| self.bar(i)).collect();
                let mut with: Vec<Bar> = all[..row].to_vec();
                let time = all[row].time_ns - 30_000_000_000;
                if row > 0 && time > all[row - 1].time_ns {
                    with.push(self.state.bar(time));
                }
                with.extend(&all[row..]);
                self.bars = with.into_iter().collect();
                format!("insert before {row}")
            }
            6 if len > 0 => {
                self.bars.set_flags(row, if b % 2 == 0 { Flags::GAP_BEFORE } else { Flags::NONE });
                format!("gap before {row}: {}", b % 2 == 0)
            }
            7 if len > 0 => {
                let flags = self.bars.flags[row];
                let bar = self.state.bar(self.bars.time_ns[row]);
                for (column, price) in [
                    (&mut self.bars.open, bar.open),
                    (&mut self.bars.high, bar.high),
                    (&mut self.bars.low, bar.low),
                    (&mut self.bars.close, bar.close),
                    (&mut self.bars.volume, bar.volume),
                ] {
                    column[row] = price;
                }
                self.bars.set_flags(row, flags);
                format!("correct {row}")
            }
            // Averages of bars that went on live in those that stay: there a fresh chart differs.
            8 if self.chart.style().kind != SeriesKind::HeikinAshi => {
                let count = (b as usize % 30).min(len.saturating_sub(1));
                self.bars.drop_front(count);
                format!("evict {count}")
            }
            9 => {
                let price = f64::from(b % 800 + 100) / 100.0;
                self.quote =
                    (a % 5 != 0).then_some((price, if a % 7 == 0 { f64::NAN } else { price + 0.02 }));
                format!("quote {:?}", self.quote)
            }
            10 => {
                self.countdown = (a % 5 != 0).then_some(b % 90_000);
                format!("countdown {:?}", self.countdown)
            }
            11 if len > 0 => {
                let time_ns = self.bars.time_ns[row] + i64::from(b % 60) * 1_000_000_000;
                self.news.push(NewsMark { time_ns, id: u64::from(a) });
                self.news.sort_by_key(|mark| mark.time_ns);
                self.revision += 1;
                "news".into()
            }
            12 if len > 0 => {
                let from_ns = self.bars.time_ns[row];
                self.halts = vec![Halt {
                    from_ns,
                    to_ns: (b % 3 != 0).then_some(from_ns + i64::from(b % 9) * MINUTE),
                }];
                self.revision += 1;
                format!("halt {:?}", self.halts)
            }
            13 if len > 0 => {
                let price = f64::from(b % 800 + 100) / 100.0;
                self.bands.push(Band {
                    from_ns: self.end_time() + i64::from(a % 90) * 1_000_000_000,
                    lower: price,
                    upper: price + 1.0,
                });
                self.bands.sort_by_key(|band| band.from_ns);
                self.revision += 1;
                "limit band".into()
            }
            14 => {
                self.bars = (0..i64::from(b % 90)).map(|i| self.state.bar(START + i * MINUTE)).collect();
                format!("reload {}", b % 90)
            }
            15 => {
                if b % 4 == 0 {
                    self.late = (a as usize >> 8) % 9;
                } else {
                    let edited = row.min(self.values[0].len());
                    self.values[0][edited..].iter_mut().for_each(|value| *value += 0.07);
                    self.edited = Some(self.edited.map_or(edited, |before| before.min(edited)));
                }
                format!("values, {} late, from {:?}", self.late, self.edited)
            }
            FIRST_BY_HAND.. => self.of_person(what % KINDS, a, b),
            _ => "nothing".into(),
        }
    }

    fn bar(&self, i: usize) -> Bar {
        Bar {
            time_ns: self.bars.time_ns(i),
            open: self.bars.open(i),
            high: self.bars.high(i),
            low: self.bars.low(i),
            close: self.bars.close(i),
            volume: self.bars.volume(i),
            flags: self.bars.flags(i),
        }
    }

    fn of_person(&mut self, what: u8, a: u32, b: u32) -> String {
        let chart = &mut self.chart;
        match what {
            16 => {
                let kind = SeriesKind::ALL[a as usize % 8];
                chart.set_style(Style { kind, ..chart.style() });
                format!("{kind:?}")
            }
            17 => {
                let mode = ScaleMode::ALL[a as usize % 4];
                chart.set_style(Style { mode, ..chart.style() });
                format!("{mode:?}")
            }
            18 => {
                let bit = |n: u32| b >> n & 1 == 0;
                let show = Show {
                    grid: bit(0),
                    volume: bit(1),
                    session_breaks: bit(2),
                    extended_hours: bit(3),
                    last_price: bit(4),
                    quote: bit(5),
                    extremes: bit(6) || bit(9),
                    news: bit(7),
                    halts: bit(8),
                };
                chart.set_style(Style { show, ..chart.style() });
                format!("{show:?}")
            }
            19 => {
                let (width, height) = (120 + (a % 160) as i32, 120 + (b % 120) as i32);
                let ratio = [1.0, 1.5, 2.0][a as usize % 3];
                chart.resize(width, height, ratio);
                self.layers = [0; 3].map(|_| Raster::new(width, height));
                format!("{width} x {height} at {ratio}")
            }
            20 => {
                // Of three kinds of look, one has many bars a pixel.
                let factor = [0.02, 0.5, 1.0, 1.7, 9.0][a as usize % 5];
                let x = f64::from(b % 200);
                chart.zoom(x, factor);
                format!("zoom {factor} at {x}")
            }
            21 => {
                let at = (!a.is_multiple_of(4)).then_some(((a >> 4) as i32 % 280, b as i32 % 240));
                let at = at.map(|(x, y): (i32, i32)| (x.abs(), y.abs()));
                chart.point(at);
                format!("point {at:?}")
            }
            30 => {
                let mut panes = panes();
                panes.truncate(1 + a as usize % 3);
                if b.is_multiple_of(2) {
                    panes[0].plots.truncate(1);
                }
                chart.set_panes(panes);
                format!("panes {}", 1 + a % 3)
            }
            31 => {
                chart.set_theme(Theme { grid: Color::rgb(a as u8, 0, 0), ..theme() });
                "theme".into()
            }
            what => {
                let numbers = [-300.0, -40.0, -3.5, 0.7, 1.3, 12.0, 90.0];
                let number = numbers[a as usize % numbers.len()];
                self.hand(what - 22 + [0, 8][(b % 2) as usize], number, b);
                format!("hand {what} {number} {b}")
            }
        }
    }

    /// One of the things that the hand does.
    pub(super) fn hand(&mut self, what: u8, number: f64, other: u32) {
        let chart = &mut self.chart;
        let pane = other as usize % 4;
        let by_key = other.is_multiple_of(3);
        match what {
            2 if by_key => chart.scale_pointed(number as i32),
            3 if by_key => chart.pan_pointed(number as i32),
            6 if by_key => chart.walk_panes(number as i32),
            8 if by_key => chart.grow_pointed(number as i32),
            0 => chart.pan(number),
            1 => chart.pan_bars(number),
            2 => chart.scale_price(pane, None, number),
            3 => chart.pan_price(pane, number),
            4 => chart.reset_price(pane),
            5 => chart.set_auto(pane, other.is_multiple_of(3)),
            6 => drop(chart.walk(number as isize)),
            7 => chart.go_live(),
            8 => chart.move_splitter(pane, number),
            9 => chart.zoom_about_crosshair(number),
            10 => chart.scale_time(number),
            11 => chart.pan_pages(number),
            12 => chart.reset_time(),
            13 => chart.reset_view(),
            14 => chart.go_start(),
            15 => chart.show(other as usize % 300, other as usize / 7 % 300),
            16 => chart.scale_price(pane, Some(number as i32), 1.5),
            _ => chart.zoom(number, 1.0 + number),
        }
    }
}
