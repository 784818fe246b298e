//! The page for a long time under a fast market: what its memory does, and where frames stay away.
//!
//! Once a minute garbage is collected and what is left is read: the JS heap, the module's memory, and
//! the anonymous memory of the process that draws the page. In between a script in the page notes
//! every pause between two frames, and what kept the page busy. Pauses while memory is read are the
//! reading's own and are left out.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::browser::{Browser, Look};
use crate::memory;

/// Indicators on the chart: eight, over the prices and below.
const STUDIES: &str = "ema.20,sma.50,vwap,bollinger.20.2,rsi.14,macd.12.26.9,stochastic.14.3.3,atr.14";
/// How many those are.
const STUDY_COUNT: usize = 8;
/// How often memory is read.
const SAMPLE: Duration = Duration::from_secs(60);
/// The same in a run too short for that.
const SHORT_SAMPLE: Duration = Duration::from_secs(15);
/// The first minutes are warming up: buffers grow to what they will be.
const WARM_UP: Duration = Duration::from_secs(600);
/// Pauses between frames from here on are listed, milliseconds.
const GAP_MS: f64 = 100.0;
/// Pauses that are listed one by one; the others are counted.
const MAX_LISTED: usize = 40;
/// Samples from which on a slope says something.
const MIN_SAMPLES: usize = 8;
/// A steeper rise of JS heap and module together is no flat memory, MB an hour.
pub const MAX_SLOPE: f64 = 1.0;
/// Until the page shows what is asked of it.
const LOADS: Duration = Duration::from_secs(60);

const BYTES_IN_MB: f64 = 1_048_576.0;
const MS_IN_HOUR: f64 = 3_600_000.0;

/// Watches frames and tasks; what it has noted is taken away by each reading.
const WATCH: &str = "const watch = window.soakWatch = { gaps: [], tasks: [], frames: 0 };
let last = performance.now();
const frame = (now) => {
  if (now - last > arguments_gap) watch.gaps.push([last, now - last]);
  last = now;
  watch.frames += 1;
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
const kind = PerformanceObserver.supportedEntryTypes.includes('long-animation-frame')
  ? 'long-animation-frame' : 'longtask';
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const script = [...(entry.scripts ?? [])].sort((a, b) => b.duration - a.duration)[0];
    watch.tasks.push([entry.startTime, entry.duration,
      script ? `${script.invoker} ${Math.round(script.duration)} ms` : '']);
  }
}).observe({ type: kind });";

const TAKE: &str = "const { soakWatch: watch } = window;
const text = document.querySelector('[role=status][aria-label=Connection]').innerText;
return { now: performance.now(), frames: watch.frames, gaps: watch.gaps.splice(0),
  tasks: watch.tasks.splice(0), rate: Number(/([\\d,]+) msg\\/s/.exec(text)?.[1].replaceAll(',', '') ?? 0),
  live: /Live/.test(text) };";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long.
    pub time: Duration,
    /// Messages a second of the simulated market, all symbols together.
    pub rate: f64,
}

/// What the page's watch has noted.
#[derive(Debug, Deserialize)]
struct Noted {
    now: f64,
    frames: u64,
    gaps: Vec<(f64, f64)>,
    tasks: Vec<(f64, f64, String)>,
    rate: f64,
    live: bool,
}

/// Memory at a moment, MB.
#[derive(Clone, Copy, Debug)]
struct Sample {
    /// Milliseconds since the page began.
    at: f64,
    heap: f64,
    module: f64,
    process: Option<f64>,
    nodes: f64,
}

/// A pause between two frames.
#[derive(Clone, Debug)]
struct Gap {
    at: f64,
    length: f64,
    cause: String,
}

/// What came out.
#[derive(Debug)]
pub struct Outcome {
    /// Rise of JS heap and module together, MB an hour; nothing if the run was too short to tell.
    pub slope: Option<f64>,
    /// Pauses over a tenth of a second for which no task of the page accounts.
    pub unexplained: usize,
}

/// Runs the relay at `program` with the page in `dist` and watches a page of it.
///
/// # Errors
/// If anything does not start, or the page stops being live for good.
pub async fn run(program: &Path, dist: &Path, options: &Options) -> Result<Outcome> {
    let (mut relay, address) = start(program, dist, options.rate).await?;
    let browser = Browser::open("soak", Look::DESKTOP).await?;
    let outcome = watch(&browser, &address, options).await;
    let outcome = match outcome {
        Ok(outcome) => Ok(outcome),
        Err(error) => Err(browser.with_picture(error).await),
    };
    browser.close().await?;
    relay.kill().await?;
    outcome
}

/// Starts the relay and waits for its address.
async fn start(program: &Path, dist: &Path, rate: f64) -> Result<(Child, String)> {
    let mut relay = Command::new(program)
        .args(["--port", "0", "--seed", "7", "--rate", &rate.to_string(), "--dist"])
        .arg(dist)
        .stdout(Stdio::piped())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let mut lines = BufReader::new(relay.stdout.take().context("the relay has no output")?).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, address)) = line.split_once("Wickwire is at ") {
            let address = address.trim().to_owned();
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((relay, address));
        }
    }
    bail!("the relay ended at once")
}

async fn watch(page: &Browser, address: &str, options: &Options) -> Result<Outcome> {
    page.visit(&format!("{address}?source=relay&symbol=AAPL&tf=1Min&st={STUDIES}")).await?;
    page.until_state("Live", LOADS).await?;
    page.until_studies("values of all indicators", |rows| {
        rows.len() == STUDY_COUNT && rows.iter().all(|row| !row.values.iter().any(String::is_empty))
    })
    .await?;
    page.devtools("Performance.enable", json!({})).await?;
    page.run(&WATCH.replace("arguments_gap", &GAP_MS.to_string()), vec![]).await?;
    let every = if options.time < 10 * SAMPLE { SHORT_SAMPLE } else { SAMPLE };
    println!("minute  JS heap  module  process  elements  msg/s  frames/s   (MB, after collection)");
    let (mut samples, mut gaps): (Vec<Sample>, Vec<Gap>) = (Vec::new(), Vec::new());
    let (start, mut frames) = (Instant::now(), (0, 0.0));
    let mut begun = None;
    loop {
        // What happened before the reading is taken first, and what the reading does is thrown away.
        let noted = take(page).await?;
        let began = *begun.get_or_insert(noted.now);
        gaps.extend(explained(&noted, began));
        let sample = sample(page, noted.now - began).await?;
        let pace = (noted.frames - frames.0) as f64 * 1_000.0 / (noted.now - frames.1).max(1.0);
        frames = (noted.frames, noted.now);
        print(&sample, noted.rate, pace);
        samples.push(sample);
        take(page).await?;
        if start.elapsed() >= options.time {
            break;
        }
        if !noted.live {
            page.until_state("Live", LOADS).await?;
        }
        let left = options.time.saturating_sub(start.elapsed());
        tokio::time::sleep(every.min(left.max(Duration::from_secs(1)))).await;
    }
    Ok(report(&samples, &gaps, options))
}

async fn take(page: &Browser) -> Result<Noted> {
    Ok(serde_json::from_value(page.run(TAKE, vec![]).await?)?)
}

/// The pauses with what kept the page busy in them.
fn explained(noted: &Noted, began: f64) -> Vec<Gap> {
    let within = |gap: &(f64, f64)| {
        let overlapping =
            noted.tasks.iter().filter(|(at, length, _)| *at < gap.0 + gap.1 && at + length > gap.0);
        overlapping.max_by(|a, b| a.1.total_cmp(&b.1))
    };
    let gap = |gap: &(f64, f64)| Gap {
        at: gap.0 - began,
        length: gap.1,
        cause: within(gap).map_or_else(String::new, |(_, length, script)| {
            format!("the page was busy for {length:.0} ms {script}")
        }),
    };
    noted.gaps.iter().map(gap).collect()
}

async fn sample(page: &Browser, at: f64) -> Result<Sample> {
    page.devtools("HeapProfiler.collectGarbage", json!({})).await?;
    let usage = page.devtools("Runtime.getHeapUsage", json!({})).await?;
    let heap = usage["usedSize"].as_f64().context("no heap")? / BYTES_IN_MB;
    let metrics = page.devtools("Performance.getMetrics", json!({})).await?;
    let metric = |name: &str| {
        let all = metrics["metrics"].as_array()?;
        all.iter().find(|metric| metric["name"] == name)?["value"].as_f64()
    };
    let module = module_bytes(page).await? / BYTES_IN_MB;
    let process = page.driver_id().and_then(memory::of_renderer).map(|bytes| bytes / BYTES_IN_MB);
    Ok(Sample { at, heap, module, process, nodes: metric("Nodes").unwrap_or_default() })
}

/// The memories of all modules of the page together: they are objects of the heap like others.
async fn module_bytes(page: &Browser) -> Result<f64> {
    let group = "soak";
    let prototype = page
        .devtools(
            "Runtime.evaluate",
            json!({ "expression": "WebAssembly.Memory.prototype", "objectGroup": group }),
        )
        .await?;
    let prototype = &prototype["result"]["objectId"];
    let all = page
        .devtools("Runtime.queryObjects", json!({ "prototypeObjectId": prototype, "objectGroup": group }))
        .await?;
    let sum = "function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }";
    let answer = page
        .devtools(
            "Runtime.callFunctionOn",
            json!({
                "objectId": all["objects"]["objectId"], "functionDeclaration": sum, "returnByValue": true,
            }),
        )
        .await?;
    page.devtools("Runtime.releaseObjectGroup", json!({ "objectGroup": group })).await?;
    answer["result"]["value"].as_f64().with_context(|| format!("no memory of a module: {answer}"))
}

fn print(sample: &Sample, rate: f64, pace: f64) {
    let process = sample.process.map_or("-".to_owned(), |mb| format!("{mb:.1}"));
    println!(
        "{:>6.1}  {:>7.2}  {:>6.1}  {process:>7}  {:>8}  {rate:>5}  {pace:>8.1}",
        sample.at / 60_000.0,
        sample.heap,
        sample.module,
        sample.nodes
    );
}

fn report(samples: &[Sample], gaps: &[Gap], options: &Options) -> Outcome {
    // In a short run a third is warming up.
    let warm = WARM_UP.min(options.time / 3);
    let settled: Vec<&Sample> =
        samples.iter().filter(|sample| sample.at >= warm.as_secs_f64() * 1_000.0).collect();
    let slope = |read: &dyn Fn(&Sample) -> Option<f64>| {
        let points: Vec<(f64, f64)> =
            settled.iter().filter_map(|sample| Some((sample.at / MS_IN_HOUR, read(sample)?))).collect();
        slope(&points)
    };
    println!("\nslopes after the first {:.1} minutes, MB an hour:", warm.as_secs_f64() / 60.0);
    let page = slope(&|sample| Some(sample.heap + sample.module));
    for (name, slope) in [
        ("JS heap", slope(&|sample| Some(sample.heap))),
        ("module", slope(&|sample| Some(sample.module))),
        ("both", page),
        ("process", slope(&|sample| sample.process)),
    ] {
        println!("  {name:<8} {}", slope.map_or("too few samples".to_owned(), |s| format!("{s:+.2}")));
    }
    let unexplained = gaps.iter().filter(|gap| gap.cause.is_empty()).count();
    println!("\npauses between frames over {GAP_MS} ms: {}, unexplained: {unexplained}", gaps.len());
    let mut listed: Vec<&Gap> = gaps.iter().collect();
    listed.sort_by(|a, b| b.length.total_cmp(&a.length));
    listed.truncate(MAX_LISTED);
    for gap in listed {
        let cause = if gap.cause.is_empty() { "nothing of the page: browser or machine" } else { &gap.cause };
        println!("  at {:>5.2} min  {:>6.0} ms  {cause}", gap.at / 60_000.0, gap.length);
    }
    Outcome { slope: page, unexplained }
}

/// The slope of the straight line that fits best (least squares).
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    if points.len() < MIN_SAMPLES {
        return None;
    }
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let common: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    (spread > 0.0).then(|| common / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_is_that_of_the_best_line() {
        let line: Vec<_> = (0..10).map(|i| (f64::from(i), 3.0 + 0.5 * f64::from(i))).collect();
        assert!(slope(&line).is_some_and(|slope| (slope - 0.5).abs() < 1e-12));
        let noisy: Vec<_> =
            (0..10).map(|i| (f64::from(i), 7.0 + if i % 2 == 0 { 0.1 } else { -0.1 })).collect();
        assert!(slope(&noisy).is_some_and(|slope| slope.abs() < 0.02));
        assert_eq!(slope(&line[..MIN_SAMPLES - 1]), None);
        assert_eq!(slope(&[(1.0, 2.0); 10]), None, "all at once");
    }

    #[test]
    fn a_pause_is_explained_by_the_longest_task_in_it() {
        let noted = Noted {
            now: 9_000.0,
            frames: 1,
            gaps: vec![(1_000.0, 150.0), (5_000.0, 120.0)],
            tasks: vec![
                (990.0, 20.0, "a".to_owned()),
                (1_020.0, 110.0, "b".to_owned()),
                (4_000.0, 900.0, "c".to_owned()),
            ],
            rate: 0.0,
            live: true,
        };
        let gaps = explained(&noted, 500.0);
        assert_eq!((gaps[0].at, gaps[0].cause.as_str()), (500.0, "the page was busy for 110 ms b"));
        assert_eq!((gaps[1].length, gaps[1].cause.as_str()), (120.0, ""));
    }

    #[test]
    fn what_the_page_notes_is_read() {
        let noted = json!({ "now": 1.5, "frames": 3, "gaps": [[1, 2.5]], "tasks": [[1, 2, "x"]], "rate": 9,
            "live": true });
        let noted: Noted = serde_json::from_value::<Noted>(noted).unwrap();
        assert_eq!((noted.gaps, noted.tasks.len()), (vec![(1.0, 2.5)], 1));
    }
}
