//! The harness that compares charts: found, copied, run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use crate::process;
use crate::setup::Tools;
use crate::workspace::Workspace;

/// Where a harness may lie beside the repository.
const BESIDE: &str = "../shared/bench/charts";
/// What is made by running it and is not copied.
const MADE: [&str; 2] = ["node_modules", ".build"];

/// How the comparison is run.
#[derive(Debug)]
pub(super) struct SideBySide {
    pub(super) quick: bool,
    pub(super) repetitions: u32,
    pub(super) charts: Vec<String>,
    /// Parts; empty for all.
    pub(super) only: Vec<String>,
}

impl Default for SideBySide {
    fn default() -> Self {
        let charts = ["uplot", "floor"].map(str::to_owned).to_vec();
        Self { quick: false, repetitions: 5, charts, only: Vec::new() }
    }
}

/// What the harness wrote; a part that did not run is null.
#[derive(Debug, Default)]
pub(super) struct Results {
    pub(super) charts: Value,
    pub(super) decode: Value,
}

/// A harness and the programs it takes.
pub(super) struct Harness {
    source: PathBuf,
    node: PathBuf,
    npm: PathBuf,
}

impl Harness {
    /// Looks for everything; an error is the reason, in words, for which the comparison cannot run.
    pub(super) fn find(workspace: &Workspace, named: Option<&Path>) -> Result<Self, String> {
        let folder = match named {
            Some(folder) => folder.to_path_buf(),
            None => match std::env::var_os("WICKWIRE_HARNESS") {
                Some(folder) => PathBuf::from(folder),
                None => workspace.root().join(BESIDE),
            },
        };
        let source = std::path::absolute(&folder).unwrap_or(folder);
        if !source.join("run.mjs").is_file() {
            return Err(format!("there is no harness in {}", source.display()));
        }
        let program = |name: &str| process::find(name).ok_or_else(|| format!("{name} is missing"));
        Ok(Self { source, node: program("node")?, npm: program("npm")? })
    }

    /// Copies the harness below the build folder, fetches what it needs and runs it.
    pub(super) fn run(
        &self,
        workspace: &Workspace,
        tools: &Tools,
        page: &Path,
        options: &SideBySide,
    ) -> Result<Results> {
        let folder = workspace.target().join("bench");
        let copy = folder.join("charts");
        copy_folder(&self.source, &copy)?;
        let mut install = Command::new(&self.npm);
        install.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&copy);
        process::run(&mut install, "npm install")?;
        let browser = tools.browser.as_ref().ok_or_else(|| anyhow!("the set-up found no browser"))?;
        let common = |script: &str, out: &Path| {
            let mut command = Command::new(&self.node);
            command.current_dir(&copy).arg(script).arg("--out").arg(out);
            command.arg("--chrome").arg(&browser.binary);
            let repetitions = if options.quick { 1 } else { options.repetitions };
            command.args(["--reps", &repetitions.to_string()]);
            command
        };
        let mut results = Results::default();
        let parts: Vec<&str> =
            options.only.iter().map(String::as_str).filter(|part| *part != "decode").collect();
        if options.only.is_empty() || !parts.is_empty() {
            let out = folder.join("charts.json");
            let mut command = common("run.mjs", &out);
            let mut charts = vec!["ours"];
            charts.extend(options.charts.iter().map(String::as_str).filter(|chart| *chart != "noop"));
            charts.push("noop");
            command.args(["--libs", &charts.join(",")]);
            command.arg("--dir").arg(joined("ours=", page));
            if options.quick {
                command.arg("--quick");
            } else {
                command.arg("--deep");
            }
            if !parts.is_empty() {
                command.args(["--only", &parts.join(",")]);
            }
            process::run(&mut command, "the comparison of charts")?;
            results.charts = read(&out)?;
        }
        if options.only.is_empty() || options.only.iter().any(|part| part == "decode") {
            let out = folder.join("decode.json");
            let mut command = common("run-decode.mjs", &out);
            command.arg("--dir").arg(page);
            process::run(&mut command, "the comparison of decoders")?;
            results.decode = read(&out)?;
        }
        Ok(results)
    }
}

fn joined(name: &str, path: &Path) -> std::ffi::OsString {
    let mut text = std::ffi::OsString::from(name);
    text.push(path);
    text
}

fn read(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

/// Copies what is not made by running; files that are there are written anew.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in std::fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if MADE.iter().any(|made| OsStr::new(made) == name) {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            // Not a copy of the file: that would keep it read-only.
            let bytes = std::fs::read(entry.path())?;
            std::fs::write(&target, bytes).with_context(|| format!("cannot write {}", target.display()))?;
        }
    }
    Ok(())
}
