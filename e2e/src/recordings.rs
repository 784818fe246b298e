//! Recordings, which are no part of the repository, and what they hold.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::report;
use crate::screen::Figures;

/// The files `names` of the recordings (`WICKWIRE_SHARED/data`, or `../shared/data` beside the
/// repository). Where they are absent a test says that it is skipped, and `None` comes back.
///
/// # Errors
/// If they are absent in CI, where nothing may be skipped unnoticed.
pub fn find(names: &[&str]) -> Result<Option<Vec<PathBuf>>> {
    let shared = std::env::var_os("WICKWIRE_SHARED")
        .map_or_else(|| report::workspace().join("../shared"), PathBuf::from);
    let files: Vec<PathBuf> = names.iter().map(|name| shared.join("data").join(name)).collect();
    let Some(missing) = files.iter().find(|file| !file.is_file()) else { return Ok(Some(files)) };
    if std::env::var_os("CI").is_some_and(|ci| !ci.is_empty()) {
        bail!("no recording {}", missing.display());
    }
    println!("skipped: no recording {}", missing.display());
    Ok(None)
}

/// Calls `each` with every line of a recording.
///
/// # Errors
/// If it cannot be read, or a line is not JSON.
pub fn read(path: &Path, mut each: impl FnMut(&Value)) -> Result<()> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        each(&serde_json::from_str(&line?)?);
    }
    Ok(())
}

/// A wire time's minute as the table "Bars" writes it.
#[must_use]
pub fn minute(time: &str) -> String {
    format!("{} {}:00", time.get(..10).unwrap_or_default(), time.get(11..16).unwrap_or_default())
}

/// The minute bars of a recording or of an answer by REST, as the table "Bars" would show them.
///
/// # Errors
/// If one lacks something.
pub fn figures(bar: &Value) -> Result<(String, Figures)> {
    let time = bar["t"].as_str().context("a bar without a time")?;
    let mut figures = Figures::default();
    for (figure, field) in figures.iter_mut().zip(["o", "h", "l", "c", "v"]) {
        *figure = bar[field].as_f64().with_context(|| format!("a bar without {field}"))?;
    }
    Ok((minute(time), figures))
}

/// Minute bars made of every trade of a recording, in the plainest way.
#[derive(Debug, Default)]
pub struct Aggregate(pub BTreeMap<String, Figures>);

impl Aggregate {
    /// Takes a line of a recording; anything but a trade is left out.
    pub fn add(&mut self, line: &Value) {
        if line["T"] != "t" {
            return;
        }
        let (Some(price), Some(size), Some(time)) =
            (line["p"].as_f64(), line["s"].as_f64(), line["t"].as_str())
        else {
            return;
        };
        let bar = self.0.entry(minute(time)).or_insert([price, price, price, price, 0.0]);
        bar[1] = bar[1].max(price);
        bar[2] = bar[2].min(price);
        bar[3] = price;
        bar[4] += size;
    }
}
