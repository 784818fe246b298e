//! What a chart costs without a canvas: milliseconds of its own work, natively.
//!
//! ```text
//! cargo run --release -p wickwire-chart --example bench
//! ```
//!
//! A surface that counts shapes takes the place of the canvas, so that what is left is looking at
//! changes, scales, labels and scenes. 1280 × 720 pixels, candles with volume, all optional parts on.

use std::time::Instant;

use wickwire_chart::chart::{Options, Style};
use wickwire_chart::model::bars::Bar;
use wickwire_chart::{
    Bars, Change, Chart, Color, Columns, Content, Layers, Marks, PaneSpec, Plot, PlotStyle, SeriesKind,
    Values,
};

#[path = "../tests/chart/plain.rs"]
mod plain;

use plain::{Counter, MINUTE, bars, theme};

/// Rows that come in front at once: a page of history.
const PAGE: usize = 2_000;

struct Bench {
    chart: Chart,
    bars: Columns,
    studies: Vec<Vec<f64>>,
    changed_from: usize,
    surfaces: [Counter; 3],
}

impl Bench {
    fn new(count: usize, kind: SeriesKind, studies: usize) -> Self {
        let bars = bars(count);
        let mut chart = Chart::new(theme(), Options { interval_ns: MINUTE, decimals: 2 });
        chart.set_style(Style { kind, ..Style::default() });
        let plot = |column| Plot { column, style: PlotStyle::Line, color: Color::rgb(9, 9, 9), width: 1.5 };
        let plots = (0..studies).map(plot).collect();
        chart.set_panes(vec![PaneSpec { weight: 1.0, plots, ..PaneSpec::default() }]);
        chart.resize(1_280, 720, 1.0);
        let study = |n: usize| bars.close.iter().map(|close| close + n as f64 * 0.1).collect();
        let studies = (0..studies).map(study).collect();
        let mut bench = Self { chart, bars, studies, changed_from: 0, surfaces: Default::default() };
        bench.frame();
        bench
    }

    /// What a frame of the page does with the chart.
    fn frame(&mut self) -> Layers {
        let change = self.bars.take_change();
        self.told(&change)
    }

    fn told(&mut self, change: &Change) -> Layers {
        let changed_from = self.changed_from;
        let values: Vec<Values<'_>> =
            self.studies.iter().map(|values| Values::since(values, changed_from)).collect();
        let content = Content { bars: &self.bars, values: &values, marks: Marks::default() };
        self.chart.sync(&content, change);
        self.changed_from = self.bars.len();
        let [base, live, overlay] = &mut self.surfaces;
        let Ok(layers) = self.chart.paint(&content, base, live, overlay);
        layers
    }

    fn show_all(&mut self) {
        self.chart.show(0, self.bars.len() - 1);
        self.frame();
    }

    fn tick(&mut self, i: usize) {
        let last = self.bars.len() - 1;
        let (low, high) = (self.bars.low(last), self.bars.high(last));
        let close = low + (high - low) * (i % 7) as f64 / 6.0;
        let bar = Bar {
            time_ns: self.bars.time_ns(last),
            open: self.bars.open(last),
            high,
            low,
            close,
            volume: self.bars.volume(last),
            flags: self.bars.flags(last),
        };
        self.bars.replace_last(bar);
        for study in &mut self.studies {
            study[last] = close;
        }
        self.changed_from = last;
    }

    fn append(&mut self) {
        let last = self.bars.len() - 1;
        let close = self.bars.close(last);
        let bar = Bar { open: close, high: close, low: close, close, volume: 9.0, ..Bar::default() };
        self.bars.push(Bar { time_ns: self.bars.time_ns(last) + MINUTE, ..bar });
        self.studies.iter_mut().for_each(|study| study.push(close));
        self.changed_from = last;
    }
}

/// Median of the milliseconds that `work` takes.
fn median(times: usize, mut work: impl FnMut(usize)) -> f64 {
    let all = (0..times).map(|i| {
        let start = Instant::now();
        work(i);
        start.elapsed().as_secs_f64() * 1e3
    });
    middle(all.collect())
}

fn middle(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn row(name: &str, figures: &[f64]) {
    let figures: Vec<String> = figures.iter().map(|ms| format!("{ms:>10.4}")).collect();
    println!("{name:<44}{}", figures.join(""));
}

fn header(name: &str, columns: &[&str]) {
    let columns: Vec<String> = columns.iter().map(|column| format!("{column:>10}")).collect();
    println!("\n{name:<44}{}", columns.join(""));
}

fn main() {
    let in_view = [200, 4_000, 100_000, 1_000_000];
    header("ms, bars in view", &["200", "4,000", "100,000", "1,000,000"]);
    for kind in SeriesKind::ALL {
        let figures = in_view.map(|count| {
            let mut bench = Bench::new(count, kind, 0);
            bench.show_all();
            median(41, |_| {
                bench.chart.invalidate();
                bench.frame();
            })
        });
        row(&format!("full paint, {}", kind.name()), &figures);
    }
    let first = in_view.map(|count| {
        let mut bench = Bench::new(count, SeriesKind::Candles, 0);
        median(11, |_| {
            bench.chart.change_series(bench.chart.options());
            bench.told(&Change::all());
            bench.show_all();
        })
    });
    row("first paint of a series, all in view", &first);

    header("ms, bars loaded, 180 in view", &["200", "4,000", "100,000", "1,000,000"]);
    let loaded = |studies: usize, work: &dyn Fn(&mut Bench, usize)| {
        in_view.map(|count| {
            let mut bench = Bench::new(count, SeriesKind::Candles, studies);
            median(401, |i| {
                work(&mut bench, i);
                bench.frame();
            })
        })
    };
    for (name, studies) in [("", 0), (", ten line studies", 10)] {
        row(&format!("tick{name}"), &loaded(studies, &Bench::tick));
        row(&format!("append{name}"), &loaded(studies, &|bench, _| bench.append()));
        row(
            &format!("step of a drag{name}"),
            &loaded(studies, &|bench, i| {
                bench.chart.pan(if i % 2 == 0 { 9.0 } else { -9.0 });
            }),
        );
        row(
            &format!("move of the crosshair{name}"),
            &loaded(studies, &|bench, i| {
                bench.chart.point(Some((100 + (i as i32 * 37) % 900, 300)));
            }),
        );
    }

    header("ms, a page of 2,000 in front of", &["4,000", "100,000", "1,000,000"]);
    for kind in [SeriesKind::Candles, SeriesKind::HeikinAshi] {
        let figures = [4_000, 100_000, 1_000_000].map(|count| {
            let whole = bars(count + PAGE);
            let page: Vec<Bar> = (0..PAGE)
                .map(|i| Bar {
                    time_ns: whole.time_ns(i),
                    open: whole.open(i),
                    high: whole.high(i),
                    low: whole.low(i),
                    close: whole.close(i),
                    volume: whole.volume(i),
                    flags: whole.flags(i),
                })
                .collect();
            let mut bench = Bench::new(0, kind, 0);
            bench.bars = whole;
            // The columns themselves are the application's, and no part of the figure.
            let all = (0..21).map(|_| {
                bench.bars.drop_front(PAGE);
                bench.frame();
                bench.bars.prepend(&page);
                let start = Instant::now();
                bench.frame();
                start.elapsed().as_secs_f64() * 1e3
            });
            middle(all.collect())
        });
        row(&format!("prepend, {}", kind.name()), &figures);
    }
}
