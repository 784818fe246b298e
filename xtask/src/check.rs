//! `cargo xtask check`: everything about the code that can be told without running it.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::setup::{self, Tools, native_cargo};
use crate::workspace::{self, Workspace};
use crate::{process, rooms, sources};

pub(crate) const HELP: &str = "\
cargo xtask check

Format, lints as errors for the native crates, for the fuzz targets and for the page in
Wasm, documentation warnings as errors, the rules between rooms, licences, sources and
advisories of dependencies. Runs all of them and fails if one does.
";

/// The advisory database is small; a machine that cannot reach it must not wait for long.
const FETCH_LIMIT: Duration = Duration::from_secs(60);
/// The manifest of the fuzz targets.
const FUZZ: &str = "fuzz/Cargo.toml";
/// In the place of libFuzzer where nothing is linked; the file need not exist.
const NO_LIBFUZZER: &str = "none/libfuzzer.a";

pub(crate) fn command(workspace: &Workspace, rest: Vec<OsString>) -> Result<ExitCode> {
    if let Some(argument) = rest.first() {
        bail!("check takes no argument, but got {}", argument.to_string_lossy());
    }
    let tools = setup::ensure(workspace, &setup::FOR_CHECKS)?;
    type Check<'a> = (&'static str, Box<dyn Fn() -> Result<()> + 'a>);
    let checks: [Check<'_>; 8] = [
        ("format", Box::new(|| format(workspace))),
        ("rooms", Box::new(|| rooms(workspace))),
        ("sources", Box::new(|| in_sources(workspace.root()))),
        ("lints, native", Box::new(|| native_lints(workspace))),
        ("lints, fuzz targets", Box::new(|| fuzz_lints(workspace))),
        ("lints, Wasm", Box::new(|| wasm_lints(workspace, &tools))),
        ("documentation", Box::new(|| documentation(workspace, &tools))),
        ("dependencies", Box::new(|| dependencies(workspace, &tools))),
    ];
    let mut failed = Vec::new();
    for (name, check) in checks {
        eprintln!("== {name} ==");
        if let Err(error) = check() {
            eprintln!("{name}: {error:#}");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join("; "));
    }
    println!("all checks passed");
    Ok(ExitCode::SUCCESS)
}

fn format(workspace: &Workspace) -> Result<()> {
    process::run(native_cargo(workspace).args(["fmt", "--all", "--check"]), "cargo fmt --all --check")?;
    let mut fuzz = native_cargo(workspace);
    process::run(fuzz.args(["fmt", "--manifest-path", FUZZ, "--check"]), "cargo fmt of the fuzz targets")
}

/// The native crates, with their tests and examples; the page has its own compiler and target.
fn native_lints(workspace: &Workspace) -> Result<()> {
    let mut cargo = native_cargo(workspace);
    cargo.args([
        "clippy",
        "--workspace",
        "--exclude",
        "wickwire",
        "--exclude",
        "wickwire-bench-page",
        "--all-targets",
        "--",
        "-Dwarnings",
    ]);
    process::run(&mut cargo, "clippy")
}

/// The fuzz targets are a workspace of their own with their own lock file. They share the build folder,
/// where what is equal is reused and the rest has names of its own. Nothing is linked, so a path for
/// libFuzzer spares its build, and machines without a C++ compiler can check them too.
fn fuzz_lints(workspace: &Workspace) -> Result<()> {
    let mut cargo = native_cargo(workspace);
    cargo.args(["clippy", "--locked", "--manifest-path", FUZZ, "--target-dir"]).arg(workspace.target());
    cargo.args(["--", "-Dwarnings"]).env("CUSTOM_LIBFUZZER_PATH", NO_LIBFUZZER);
    process::run(&mut cargo, "clippy of the fuzz targets")
}

fn wasm_lints(workspace: &Workspace, tools: &Tools) -> Result<()> {
    let mut cargo = tools.wasm_command(workspace, "cargo");
    cargo.args(["clippy", "--package", "wickwire", "--package", "wickwire-bench-page", "--all-targets"]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--", "-Dwarnings"]);
    process::run(&mut cargo, "clippy for Wasm")
}

/// Each part by the compiler that has just checked its dependencies for the lints.
fn documentation(workspace: &Workspace, tools: &Tools) -> Result<()> {
    let mut native = native_cargo(workspace);
    native.args([
        "doc",
        "--no-deps",
        "--quiet",
        "--workspace",
        "--exclude",
        "wickwire",
        "--exclude",
        "wickwire-bench-page",
    ]);
    let mut page = tools.wasm_command(workspace, "cargo");
    page.args(["doc", "--no-deps", "--quiet", "--package", "wickwire", "--lib"]);
    page.args(["--target", "wasm32-unknown-unknown"]);
    for mut cargo in [native, page] {
        process::run(cargo.env("RUSTDOCFLAGS", "-Dwarnings"), "cargo doc")?;
    }
    Ok(())
}

fn rooms(workspace: &Workspace) -> Result<()> {
    let metadata = workspace.metadata()?;
    let mut broken = rooms::arrows(&workspace::members(&metadata));
    broken.extend(rooms::forbidden_in_trees(&metadata));
    all_kept(&broken)
}

fn in_sources(root: &Path) -> Result<()> {
    all_kept(&sources::broken_rules(root)?)
}

fn all_kept(broken: &[String]) -> Result<()> {
    for line in broken {
        eprintln!("  {line}");
    }
    match broken.len() {
        0 => Ok(()),
        1 => bail!("one rule is broken"),
        count => bail!("{count} rules are broken"),
    }
}

fn dependencies(workspace: &Workspace, tools: &Tools) -> Result<()> {
    let deny = || {
        let mut command = Command::new(tools.find("cargo-deny").unwrap_or_else(|| "cargo-deny".into()));
        command.current_dir(workspace.root()).args(["--log-level", "error"]);
        command
    };
    let mut offline = deny();
    offline.args(["--offline", "check", "bans", "licenses", "sources"]);
    process::run(&mut offline, "cargo deny")?;
    if !process::succeeds(deny().args(["fetch", "db"]), FETCH_LIMIT) {
        println!("skipped: advisories, as their database cannot be fetched here");
        return Ok(());
    }
    process::run(deny().args(["--offline", "check", "advisories"]), "cargo deny check advisories")
}
