//! The results of the comparison as the ratios that are our targets.

use anyhow::Result;
use serde_json::Value;

use super::harness::Results;

/// What we measure ourselves against.
const ANCHOR: &str = "uplot";
const OURS: &str = "ours";
const NOTHING: &str = "noop";

/// What is read from a row of the results.
#[derive(Clone, Copy)]
enum Figure {
    /// Main-thread CPU milliseconds of the whole step.
    Cpu,
    /// The same divided by another figure of the row, less what the driver itself costs.
    CpuBy(&'static str),
    /// Busy milliseconds at p99, wall time.
    P99,
    /// Bytes of the page.
    Memory,
}

/// Which rows of the results.
#[derive(Clone, Copy)]
struct Query {
    scenario: &'static str,
    bars: u64,
    /// Updates a frame, where that is told apart.
    updates: Option<u64>,
    /// Bars in view, where that is told apart: the last 200, or all.
    all_in_view: Option<bool>,
}

/// One line: our figure, divided by that of the anchor or by another of ours.
struct Target {
    work: &'static str,
    query: Query,
    figure: Figure,
    /// What ours is divided by.
    by: By,
    most: f64,
}

#[derive(Clone, Copy)]
enum By {
    Anchor,
    Ours(Query),
}

const fn init(bars: u64, all: bool) -> Query {
    Query { scenario: "init", bars, updates: None, all_in_view: Some(all) }
}

const fn live(bars: u64, updates: u64) -> Query {
    Query { scenario: "live", bars, updates: Some(updates), all_in_view: None }
}

const fn moved(scenario: &'static str) -> Query {
    Query { scenario, bars: 100_000, updates: None, all_in_view: None }
}

const FRAME: Figure = Figure::CpuBy("frames");

#[rustfmt::skip]
const TARGETS: [Target; 13] = [
    Target { work: "live, 10k bars, CPU a frame", query: live(10_000, 1), figure: FRAME, by: By::Anchor, most: 0.8 },
    Target { work: "live, 100k bars", query: live(100_000, 1), figure: FRAME, by: By::Anchor, most: 0.8 },
    Target { work: "live, 1M bars", query: live(1_000_000, 1), figure: FRAME, by: By::Anchor, most: 0.8 },
    Target { work: "live, 100k : 10k bars", query: live(100_000, 1), figure: FRAME, by: By::Ours(live(10_000, 1)), most: 1.15 },
    Target { work: "live, 1M : 10k bars", query: live(1_000_000, 1), figure: FRAME, by: By::Ours(live(10_000, 1)), most: 1.15 },
    Target { work: "live, 10 updates a frame : 1", query: live(100_000, 10), figure: FRAME, by: By::Ours(live(100_000, 1)), most: 1.1 },
    Target { work: "1M bars all in view, CPU", query: init(1_000_000, true), figure: Figure::Cpu, by: By::Anchor, most: 0.08 },
    Target { work: "first paint, 10k bars, CPU", query: init(10_000, false), figure: Figure::Cpu, by: By::Anchor, most: 1.0 },
    Target { work: "first paint, 100k bars, CPU", query: init(100_000, false), figure: Figure::Cpu, by: By::Anchor, most: 1.2 },
    Target { work: "pan and zoom, CPU a step", query: moved("panzoom"), figure: Figure::CpuBy("steps"), by: By::Anchor, most: 1.0 },
    Target { work: "pan and zoom, p99 busy", query: moved("panzoom"), figure: Figure::P99, by: By::Anchor, most: 1.0 },
    Target { work: "crosshair, CPU a move", query: moved("crosshair"), figure: Figure::CpuBy("moves"), by: By::Anchor, most: 0.9 },
    Target { work: "page memory, 100k bars, MB", query: init(100_000, false), figure: Figure::Memory, by: By::Anchor, most: 1.0 },
];

/// Prints ours, the anchor's and their ratio, with the target.
pub(super) fn print(results: &Results) -> Result<()> {
    println!("\n{:<34} {:>9} {:>9} {:>7}  target", "", "ours", "beside", "ratio");
    if let Some(rows) = results.charts["rows"].as_array() {
        for target in &TARGETS {
            let ours = figure(rows, OURS, target.query, target.figure);
            let beside = match target.by {
                By::Anchor => figure(rows, ANCHOR, target.query, target.figure),
                By::Ours(query) => figure(rows, OURS, query, target.figure),
            };
            if let (Some(ours), Some(beside)) = (ours, beside) {
                line(
                    target.work,
                    (ours, beside),
                    ours / beside,
                    ours / beside <= target.most,
                    target.most,
                    "≤",
                );
            }
        }
        for row in rows.iter().filter(|row| row.get("error").is_some()) {
            println!("error: {} {}: {}", row["lib"], row["scn"], row["error"]);
        }
    }
    if let Some(rows) = results.decode["rows"].as_array() {
        let cases = [
            (
                "quotes ×50, JSON, k messages/s",
                "ours: JSON text -> columns",
                "JSON.parse + Date.parse -> columns",
                1.7,
            ),
            ("quotes ×50, MessagePack", "ours: msgpack bytes -> columns", "msgpackr (Date) -> columns", 4.0),
        ];
        for (work, ours, other, least) in cases {
            let rate = |name: &str| {
                median(
                    rows.iter()
                        .filter(|row| row["kind"] == "quote" && row["batch"] == 50)
                        .filter_map(|row| row["out"][name].as_f64()),
                )
            };
            if let (Some(ours), Some(other)) = (rate(ours), rate(other)) {
                let ratio = ours / other;
                line(work, (ours / 1e3, other / 1e3), ratio, ratio >= least, least, "≥");
            }
        }
    }
    Ok(())
}

fn line(work: &str, (ours, beside): (f64, f64), ratio: f64, met: bool, target: f64, sign: &str) {
    let mark = if met { "met" } else { "missed" };
    println!("{work:<34} {ours:>9.2} {beside:>9.2} {ratio:>7.2}  {sign} {target:.2} {mark}");
}

fn figure(rows: &[Value], chart: &str, query: Query, figure: Figure) -> Option<f64> {
    let of = |chart: &str| {
        median(rows.iter().filter(|row| is(row, chart, query)).filter_map(|row| read(row, figure)))
    };
    let found = of(chart)?;
    Some(match figure {
        Figure::CpuBy(_) => found - of(NOTHING).unwrap_or_default(),
        _ => found,
    })
}

fn is(row: &Value, chart: &str, query: Query) -> bool {
    let all = row["visible"] == "all";
    row["lib"] == chart
        && row["scn"] == query.scenario
        && row["n"] == query.bars
        && query.updates.is_none_or(|updates| row["k"] == updates)
        && query.all_in_view.is_none_or(|wanted| wanted == all)
}

fn read(row: &Value, figure: Figure) -> Option<f64> {
    match figure {
        Figure::Cpu => row["cpu"]["task"].as_f64(),
        Figure::CpuBy(count) => Some(row["cpu"]["task"].as_f64()? / row[count].as_f64()?),
        Figure::P99 => row["all"]["p99"].as_f64(),
        Figure::Memory => Some(row["mem"].as_f64()? / 1e6),
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(*values.get(middle.checked_sub(1)?)?, upper))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_driver_is_taken_off_what_a_frame_costs() {
        let row = |chart: &str, task: f64| json!({ "lib": chart, "scn": "live", "n": 10_000, "k": 1, "frames": 100, "cpu": { "task": task } });
        let rows =
            [row(OURS, 90.0), row(OURS, 80.0), row(OURS, 300.0), row(ANCHOR, 150.0), row(NOTHING, 50.0)];
        let of = |chart| figure(&rows, chart, live(10_000, 1), FRAME).unwrap();
        assert!((of(OURS) - 0.4).abs() < 1e-9 && (of(ANCHOR) - 1.0).abs() < 1e-9);
        assert!(figure(&rows, OURS, live(10_000, 10), FRAME).is_none());
    }

    #[test]
    fn what_is_in_view_is_told_apart() {
        let row = |visible: Value, task: f64| json!({ "lib": OURS, "scn": "init", "n": 1_000_000, "visible": visible, "cpu": { "task": task } });
        let rows = [row(json!("all"), 30.0), row(json!(200), 10.0)];
        assert_eq!(figure(&rows, OURS, init(1_000_000, true), Figure::Cpu), Some(30.0));
        assert_eq!(figure(&rows, OURS, init(1_000_000, false), Figure::Cpu), Some(10.0));
    }

    #[test]
    fn medians_of_few_values() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), Some(2.0));
        assert_eq!(median([3.0, 1.0].into_iter()), Some(2.0));
        assert_eq!(median(std::iter::empty()), None);
    }
}
