//! A chart with all that it can show at once.

use wickwire_chart::chart::{Options, Style};
use wickwire_chart::model::bars::Bar;
use wickwire_chart::model::marks::{Band, Halt, NewsMark};
use wickwire_chart::model::viewport::DEFAULT_SPACING;
use wickwire_chart::{
    Bars, Chart, Color, Columns, Content, Layers, Marks, PaneSpec, Plot, PlotStyle, ScaleMode, SeriesKind,
    Values,
};

use super::plain::{Counter, MINUTE, bars, theme};

/// A chart of so many bars, with studies and marks.
pub(crate) struct Busy {
    pub(crate) chart: Chart,
    pub(crate) painted: [Counter; 3],
    bars: Columns,
    values: Vec<Vec<f64>>,
    changed_from: usize,
    news: Vec<NewsMark>,
    halts: Vec<Halt>,
    bands: Vec<Band>,
    quote: (f64, f64),
    countdown: u32,
}

fn panes() -> Vec<PaneSpec> {
    let plot = |column, style| Plot { column, style, color: Color::rgb(9, 9, 9), width: 1.5 };
    let band = PlotStyle::Band { to: 1, fill: Color::rgb(9, 9, 9).fade(0.1) };
    let histogram = PlotStyle::Histogram { signed: true };
    vec![
        PaneSpec { weight: 3.0, plots: vec![plot(0, band), plot(1, PlotStyle::Line)], ..PaneSpec::default() },
        PaneSpec {
            weight: 1.0,
            plots: vec![plot(2, histogram), plot(3, PlotStyle::Step)],
            levels: vec![0.0],
            ..PaneSpec::default()
        },
    ]
}

impl Busy {
    /// Bars `spacing` pixels apart.
    pub(crate) fn new(count: usize, kind: SeriesKind, mode: ScaleMode, spacing: f64) -> Self {
        let bars = bars(count);
        let mut chart = Chart::new(theme(), Options { interval_ns: MINUTE, decimals: 2 });
        chart.set_style(Style { kind, mode, ..Style::default() });
        chart.set_panes(panes());
        chart.resize(900, 540, 1.0);
        let mean: Vec<f64> = bars.close.clone();
        let above = mean.iter().map(|m| m + 0.5).collect();
        let both = bars.close.iter().zip(&bars.open);
        let values = vec![
            mean,
            above,
            both.clone().map(|(c, o)| c - o).collect(),
            both.map(|(c, o)| (c + o) * 20.0).collect(),
        ];
        let time = |i: usize| bars.time_ns[i * (count - 1) / 100];
        let news = (0..100).map(|i| NewsMark { time_ns: time(i), id: i as u64 }).collect();
        let halts = (0..20).map(|i| Halt { from_ns: time(5 * i), to_ns: Some(time(5 * i) + 9 * MINUTE) });
        let bands = (0..100).map(|i| Band { from_ns: time(i), lower: 480.0, upper: 520.0 });
        let mut busy = Self {
            chart,
            painted: Default::default(),
            halts: halts.collect(),
            bands: bands.collect(),
            bars,
            values,
            changed_from: 0,
            news,
            quote: (500.0, 500.02),
            countdown: 59,
        };
        busy.paint();
        busy.chart.zoom(900.0, spacing / DEFAULT_SPACING);
        busy
    }

    /// Tells the chart what is new, and paints.
    pub(crate) fn paint(&mut self) -> Layers {
        let change = self.bars.take_change();
        let [a, b, c, d] = [0, 1, 2, 3]
            .map(|i| Values::since(self.values.get(i).map_or(&[][..], Vec::as_slice), self.changed_from));
        let marks = Marks {
            quote: Some(self.quote),
            countdown: Some(self.countdown),
            news: &self.news,
            halts: &self.halts,
            bands: &self.bands,
            revision: 1,
        };
        let content = Content { bars: &self.bars, values: &[a, b, c, d], marks };
        self.chart.sync(&content, &change);
        self.changed_from = self.bars.len();
        let [base, live, overlay] = &mut self.painted;
        let Ok(layers) = self.chart.paint(&content, base, live, overlay);
        layers
    }

    /// The last price moves within the range of its bar.
    pub(crate) fn tick(&mut self, i: usize) {
        let last = self.bars.len() - 1;
        let (low, high) = (self.bars.low[last], self.bars.high[last]);
        let close = low + (high - low) * (i % 7) as f64 / 6.0;
        self.change_last((close * 100.0).round() / 100.0, high);
        self.quote = (close - 0.01, close + 0.01);
        self.countdown = 59 - i as u32 % 60;
    }

    /// The last price goes beyond all others, and the next time back.
    pub(crate) fn jump(&mut self, i: usize) {
        let last = self.bars.len() - 1;
        let close = if i.is_multiple_of(2) { 580.0 } else { self.bars.low[last] };
        self.change_last(close, close.max(self.bars.open[last]));
    }

    fn change_last(&mut self, close: f64, high: f64) {
        let last = self.bars.len() - 1;
        let bar = Bar {
            time_ns: self.bars.time_ns[last],
            open: self.bars.open[last],
            high,
            low: self.bars.low[last],
            close,
            volume: self.bars.volume[last],
            flags: self.bars.flags[last],
        };
        self.bars.replace_last(bar);
        self.values[0][last] = close;
        self.changed_from = last;
    }
}
