//! The four kinds of test.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::report::{Report, Tally};
use super::runner::RUNNER_COMMAND;
use crate::build::{self, PageOptions};
use crate::process;
use crate::setup::{self, Need, Tools, native_cargo};
use crate::size;
use crate::workspace::{self, Member, Workspace};

/// Thousands of seeds take their time in an unoptimised module; a hung one must still end. Seconds.
const WASM_LIMIT: &str = "600";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Native,
    Wasm,
    EndToEnd,
    Sdk,
}

impl Stage {
    pub(super) const ALL: [Self; 4] = [Self::Native, Self::Wasm, Self::EndToEnd, Self::Sdk];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::EndToEnd => "e2e",
            Self::Sdk => "sdk",
        }
    }
}

/// What the stages need set up.
pub(super) fn needs(stages: &[Stage]) -> Vec<Need> {
    let mut needs = Vec::new();
    if stages.contains(&Stage::EndToEnd) {
        needs.extend(setup::FOR_PAGE);
        needs.push(Need::Browser);
    }
    if stages.contains(&Stage::Wasm) {
        needs.extend(setup::FOR_WASM_TESTS);
    }
    needs
}

/// Runs a stage; an error is a stage that could not run at all.
pub(super) fn run(stage: Stage, workspace: &Workspace, tools: &Tools) -> Result<Tally> {
    match stage {
        Stage::Native => native(workspace),
        Stage::Wasm => wasm(workspace, tools),
        Stage::EndToEnd => end_to_end(workspace, tools),
        Stage::Sdk => sdk(workspace),
    }
}

fn native(workspace: &Workspace) -> Result<Tally> {
    let mut cargo = native_cargo(workspace);
    cargo.args(["test", "--no-fail-fast", "--workspace"]);
    // What runs in a browser only.
    cargo.args(["--exclude", "wickwire-e2e", "--exclude", "wickwire-bench-page", "--", "--show-output"]);
    counted(&mut cargo)
}

fn wasm(workspace: &Workspace, tools: &Tools) -> Result<Tally> {
    let mut tally = Tally::default();
    let tests = WasmTests::new(workspace, tools)?;
    for member in workspace::members(&workspace.metadata()?) {
        let targets = wasm_targets(&member)?;
        if targets.is_empty() {
            continue;
        }
        let mut cargo = tests.command();
        cargo.args(["--no-fail-fast", "--package", &member.name]).args(targets);
        match counted(&mut cargo) {
            Ok(counted) => tally += counted,
            Err(error) => {
                println!("{}: {error:#}", member.name);
                tally.failed += 1;
            }
        }
    }
    Ok(tally)
}

/// What running tests in a browser takes, for one command or many.
struct WasmTests<'a> {
    workspace: &'a Workspace,
    tools: &'a Tools,
    webdriver: PathBuf,
    runner: String,
}

impl<'a> WasmTests<'a> {
    fn new(workspace: &'a Workspace, tools: &'a Tools) -> Result<Self> {
        let webdriver = webdriver_settings(workspace, tools)?;
        let own = std::env::current_exe().context("this program has no path")?;
        // The array form, as the string form splits a path with a space.
        let runner = format!("target.wasm32-unknown-unknown.runner={}", json!([own, RUNNER_COMMAND]));
        Ok(Self { workspace, tools, webdriver, runner })
    }

    fn command(&self) -> Command {
        let mut cargo = self.tools.wasm_command(self.workspace, "cargo");
        cargo.args(["test", "--target", "wasm32-unknown-unknown", "--config", &self.runner]);
        cargo.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &self.webdriver);
        cargo.env("WASM_BINDGEN_TEST_TIMEOUT", WASM_LIMIT);
        // Tests that ask for no browser would run in Node, and fail where there is none.
        cargo.env("WASM_BINDGEN_USE_BROWSER", "1").env("RUST_BACKTRACE", "0");
        self.tools.add_browser(&mut cargo);
        cargo
    }
}

/// Runs the browser test that prints what a frame costs, optimised as the page is.
pub(crate) fn frame_costs(workspace: &Workspace, tools: &Tools) -> Result<()> {
    let mut cargo = WasmTests::new(workspace, tools)?.command();
    cargo.args(["--release", "--package", "wickwire", "--test", "browser", "--", "what_a_frame_costs"]);
    cargo.arg("--nocapture");
    process::run(&mut cargo, "the browser's benchmark")
}

/// Only targets that hold a test for the browser: each of them costs a link and a start of the browser.
fn wasm_targets(member: &Member) -> Result<Vec<String>> {
    let mut targets = Vec::new();
    if !member.dev.iter().any(|name| name == "wasm-bindgen-test") {
        return Ok(targets);
    }
    if member.has_lib && mentions_browser_tests(&member.folder.join("src"))? {
        targets.push("--lib".to_owned());
    }
    for (name, source) in &member.tests {
        // A behaviour's file may keep its cases in a folder beside it.
        if mentions_browser_tests(source)? || mentions_browser_tests(&source.with_extension(""))? {
            targets.extend(["--test".to_owned(), name.clone()]);
        }
    }
    Ok(targets)
}

fn mentions_browser_tests(path: &Path) -> Result<bool> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            if mentions_browser_tests(&entry?.path())? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if path.extension().is_none_or(|kind| kind != "rs") {
        return Ok(false);
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.contains("wasm_bindgen_test"))
}

/// The settings in `webdriver.json`, with the browser that was found: its name differs between machines.
fn webdriver_settings(workspace: &Workspace, tools: &Tools) -> Result<PathBuf> {
    let text = std::fs::read_to_string(workspace.root().join("webdriver.json"))
        .context("cannot read webdriver.json")?;
    let mut settings: Value = serde_json::from_str(&text).context("webdriver.json is not JSON")?;
    if let Some(browser) = &tools.browser {
        for options in ["goog:chromeOptions", "moz:firefoxOptions"] {
            match options == browser.options_name() {
                true => settings[options]["binary"] = json!(browser.binary),
                // A driver refuses options of another browser.
                false => drop(settings.as_object_mut().and_then(|settings| settings.remove(options))),
            }
        }
    }
    let path = workspace.target().join("webdriver.json");
    std::fs::create_dir_all(workspace.target())?;
    std::fs::write(&path, settings.to_string())
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

fn end_to_end(workspace: &Workspace, tools: &Tools) -> Result<Tally> {
    build::page(workspace, tools, &PageOptions::default())?;
    let mut cargo = native_cargo(workspace);
    cargo.args(["test", "--no-fail-fast", "--package", "wickwire-e2e", "--", "--show-output"]);
    // A failure says what was missing on the page; the stack would only say which test it was.
    cargo.env("WICKWIRE_DIST", workspace.dist()).env("RUST_BACKTRACE", "0");
    tools.add_browser(&mut cargo);
    let mut tally = counted(&mut cargo)?;
    // The page is here anyway: its size is one test more.
    match size::check(&workspace.dist(), tools) {
        Ok(()) => tally.passed += 1,
        Err(error) => {
            println!("{error:#}");
            tally.failed += 1;
        }
    }
    Ok(tally)
}

fn sdk(workspace: &Workspace) -> Result<Tally> {
    let mut skipped = Report::default();
    let script = workspace.root().join("e2e/sdk/run.py");
    for program in ["python3", "node", "npm"] {
        if process::find(program).is_none() {
            let line = format!("skipped: Alpaca's SDKs, as {program} is missing");
            println!("{line}");
            skipped.line(&line);
            return Ok(skipped.tally());
        }
    }
    let relay = build::relay(workspace, build::DEV)?;
    let mut python = Command::new("python3");
    python.arg(script).arg("--relay").arg(relay).arg("--tools").arg(workspace.target().join("sdk"));
    counted(python.current_dir(workspace.root()))
}

/// Runs a test command, shows what is worth seeing, counts, and reports a crash as one failure.
fn counted(command: &mut Command) -> Result<Tally> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    let mut report = Report::default();
    if let Some(output) = child.stdout.take() {
        let mut out = std::io::stdout().lock();
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches('\r');
            if report.line(line) {
                writeln!(out, "{line}")?;
            }
        }
    }
    let status = child.wait()?;
    let mut tally = report.tally();
    if !status.success() && tally.failed == 0 {
        println!("ended with {status} although no test failed: counted as one failure");
        tally.failed = 1;
    }
    Ok(tally)
}
