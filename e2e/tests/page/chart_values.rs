//! Every indicator by value: what the legend says of a bar is what the bars that the page exports give.

use anyhow::{Context, Result, ensure};
use wickwire_e2e::chart::StudyRow;
use wickwire_e2e::screen::number;
use wickwire_e2e::{Browser, Look, SHOWS, Tape};

use crate::reference::{Reference, Row, rows};
use crate::{chart, in_browser};

const LEFT: &str = "\u{E012}";
const END: &str = "\u{E010}";
const HOME: &str = "\u{E011}";
/// Not the lengths of the start, which would also be there if an address were not read.
const STUDIES: &str = "&st=sma.21,ema.13,wma.9,vwap,bollinger.18.2_5,keltner.15.1_5.7,donchian.17,rsi.10,macd.8.19.6,\
     stochastic.9.4.5,atr.12,adx.8,obv";
/// Minutes that are played for the indicator of what was bought and sold.
const PLAYED: usize = 14;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_indicator_says_what_the_bars_give() -> Result<()> {
    let tape = Tape::with_days(3).quiet(15);
    let site = tape.play(1.0).await?;
    in_browser("values", Look::DESKTOP, async |page| {
        chart(page, &site, STUDIES).await?;
        page.until_studies("values", |rows| rows.len() == 13 && rows.iter().all(|r| !r.values[0].is_empty()))
            .await?;
        let (_, csv) = page.saved(async || page.choose_in("Export", "CSV of all loaded bars").await).await?;
        let rows = rows(&csv)?;
        ensure!(rows.len() == tape.bars().len(), "{} rows for {} bars", rows.len(), tape.bars().len());
        let wanted = wanted(&rows);
        compared(page, &rows, &wanted, &[0.12, 0.4, 0.66, 0.9]).await?;
        // At the first bars most are not defined yet.
        page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
        page.keys(&[HOME], &[]).await?;
        page.until_view("the first bar", |view| view.from == rows[0].time).await?;
        let undefined =
            compared(page, &rows, &wanted, &[0.01, 0.03, 0.05, 0.07, 0.09, 0.11, 0.15, 0.2]).await?;
        ensure!(undefined > 40, "only {undefined} values were not defined");
        page.keys(&[END], &[]).await?;
        let complaints = page.complaints().await?;
        ensure!(complaints.is_empty(), "the console says {complaints:?}");
        Ok(())
    })
    .await
}

/// How an output is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    /// With two decimals.
    Plain,
    /// With three figures and a letter.
    Short,
}

/// What each should say: its name, and the values of each of its outputs, bar by bar.
type Wanted = Vec<(&'static str, Unit, Vec<Vec<f64>>)>;

fn wanted(rows: &[Row]) -> Wanted {
    let of = Reference::new(rows);
    vec![
        ("SMA 21", Unit::Plain, vec![of.sma(21)]),
        ("EMA 13", Unit::Plain, vec![of.ema(13)]),
        ("WMA 9", Unit::Plain, vec![of.wma(9)]),
        ("VWAP", Unit::Plain, vec![of.vwap()]),
        ("BB 18 2.5", Unit::Plain, of.bollinger(18, 2.5).into()),
        ("KC 15 1.5 7", Unit::Plain, of.keltner(15, 1.5, 7).into()),
        ("DC 17", Unit::Plain, of.donchian(17).into()),
        ("RSI 10", Unit::Plain, vec![of.rsi(10)]),
        ("MACD 8 19 6", Unit::Plain, of.macd(8, 19, 6).into()),
        ("Stoch 9 4 5", Unit::Plain, of.stochastic(9, 4, 5).into()),
        ("ATR 12", Unit::Plain, vec![of.atr(12)]),
        ("ADX 8", Unit::Plain, of.adx(8).into()),
        ("OBV", Unit::Short, vec![of.obv()]),
    ]
}

/// Whether a text says a value, to the last digit that it has room for.
fn says(text: &str, value: f64, unit: Unit) -> Result<bool> {
    if value.is_nan() || text.is_empty() {
        return Ok(value.is_nan() == text.is_empty());
    }
    let (figures, size) = match text.char_indices().next_back() {
        Some((at, 'K')) => (&text[..at], 1e3),
        Some((at, 'M')) => (&text[..at], 1e6),
        _ => (text, 1.0),
    };
    let told = number(figures)? * size;
    let step = match unit {
        Unit::Plain => 0.01,
        Unit::Short => 10_f64.powf(value.abs().max(1.0).log10().floor() - 2.0).max(0.01),
    };
    Ok((told - value).abs() <= step * 0.500_1)
}

/// Compares all values at the bars in these parts of the width; answers how many were rightly empty.
async fn compared(page: &Browser, rows: &[Row], wanted: &Wanted, parts: &[f64]) -> Result<usize> {
    let stage = page.stage().await?;
    let mut empty = 0;
    for x in parts {
        let legend = page.point_at(stage.part(*x, 0.3)).await?;
        let bar = rows.iter().position(|row| row.time == legend.time).context("no such row")?;
        page.until(&format!("values of bar {bar}"), SHOWS, async || {
            let shown = page.study_rows().await?;
            empty += all_say(&shown, wanted, bar)?;
            Ok(())
        })
        .await?;
    }
    Ok(empty)
}

fn all_say(shown: &[StudyRow], wanted: &Wanted, bar: usize) -> Result<usize> {
    let mut empty = 0;
    for (name, unit, outputs) in wanted {
        let row =
            shown.iter().find(|row| row.name == *name).with_context(|| format!("no {name}: {shown:?}"))?;
        ensure!(row.values.len() == outputs.len(), "{name} has {:?}", row.values);
        for (text, values) in row.values.iter().zip(outputs) {
            ensure!(says(text, values[bar], *unit)?, "{name} says {:?}, not {}", row.values, values[bar]);
            empty += usize::from(text.is_empty());
        }
    }
    Ok(empty)
}

/// What was bought less what was sold, by the trades and quotes that were played.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn volume_delta_says_what_the_trades_give() -> Result<()> {
    let tape = Tape::with_days(1).trading(PLAYED as i64);
    // Three seconds a minute.
    let site = tape.play(20.0).await?;
    in_browser("delta", Look::DESKTOP, async |page| {
        chart(page, &site, "&st=cvd").await?;
        let last = &tape.bars()[tape.bars().len() - 1];
        page.until("the last minute", SHOWS * 3, async || {
            let bars = page.bars().await?;
            ensure!(bars.get(&last.0) == Some(&last.1), "the last is {:?}", bars.last_key_value());
            Ok(())
        })
        .await?;
        page.run("arguments[0].focus()", vec![page.chart().await?.to_json()?]).await?;
        let mut told = Vec::new();
        for (time, figures) in tape.bars().iter().rev().take(PLAYED + 2) {
            page.keys(&[LEFT], &[]).await?;
            page.until_legend("the bar before", |legend| legend.time == *time).await?;
            let rows = page.study_rows().await?;
            told.push((figures[4], rows[0].values[0].clone()));
        }
        told.reverse();
        let known = told.iter().filter(|(_, text)| !text.is_empty()).count();
        // The minute in which the page came is not known as a whole, and nothing before it.
        ensure!((2..=PLAYED).contains(&known), "known are {told:?}");
        ensure!(told[..told.len() - known].iter().all(|(_, text)| text.is_empty()), "a hole in {told:?}");
        let mut sum = 0.0;
        for (volume, text) in &told[told.len() - known..] {
            // A trade above the middle of the quote was bought, one below it sold. Each quote is about the
            // price of the trade before: that of the open is sold, as the close before it is the same; high
            // is above open, low below high and close above low.
            sum += -100.0 + 100.0 - 100.0 + (volume - 300.0);
            ensure!(says(text, sum, Unit::Short)?, "at {sum} it says {text:?}: {told:?}");
        }
        Ok(())
    })
    .await
}
