//! The two things that are built to be used: the page and the relay.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::csp;
use crate::pack;
use crate::process;
use crate::setup::{Tools, native_cargo};
use crate::workspace::Workspace;

/// How the page is built.
pub(crate) struct PageOptions {
    /// Where it will be served; `./` does for any place where the page has one address.
    pub(crate) public_url: String,
    /// A relay on another origin that the page may speak to.
    pub(crate) relay: Option<String>,
}

impl Default for PageOptions {
    fn default() -> Self {
        Self { public_url: "./".to_owned(), relay: None }
    }
}

/// Builds the page into `dist/`, packed and with its security policy.
pub(crate) fn page(workspace: &Workspace, tools: &Tools, options: &PageOptions) -> Result<()> {
    eprintln!("building the page (the first time takes about 3 minutes)…");
    run_trunk(workspace, tools, "building the page", &|trunk| {
        trunk.args(["--public-url", &options.public_url]);
    })?;
    let index = workspace.dist().join("index.html");
    let html = std::fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let html = pack::pack(workspace, tools, &html)?;
    let html = csp::add_policy(&html, options.relay.as_deref())?;
    std::fs::write(&index, html).with_context(|| format!("cannot write {}", index.display()))
}

/// Builds the page of the benchmark into `out`. It has no security policy: the harness puts scripts
/// of its own into it.
pub(crate) fn bench_page(workspace: &Workspace, tools: &Tools, out: &Path) -> Result<()> {
    eprintln!("building the bench page (the first time takes about 3 minutes)…");
    run_trunk(workspace, tools, "building the bench page", &|trunk| {
        trunk.current_dir(workspace.root().join("bench")).arg("--dist").arg(out);
    })
}

/// Runs trunk; once more with the standard library as it comes if it fails with one that is built for the
/// page, since that takes more of the compiler than it promises.
fn run_trunk(workspace: &Workspace, tools: &Tools, what: &str, ask: &dyn Fn(&mut Command)) -> Result<()> {
    loop {
        let mut trunk = trunk(workspace, tools)?;
        ask(&mut trunk);
        match process::run(&mut trunk, what) {
            Err(error) if tools.lean.get() => {
                eprintln!("{error:#}; trying the standard library as it comes");
                tools.lean.set(false);
            }
            done => return done,
        }
    }
}

/// Trunk, about to build what the current folder says in release.
fn trunk(workspace: &Workspace, tools: &Tools) -> Result<Command> {
    // Trunk's `--offline` reaches the Cargo below it, which then takes what is fetched already.
    process::run(native_cargo(workspace).args(["fetch", "--quiet"]), "fetching the dependencies")?;
    if tools.lean.get() {
        let mut fetch = tools.page_command(workspace, "cargo");
        fetch.args(["fetch", "--quiet", "--target", "wasm32-unknown-unknown"]);
        if let Err(error) = process::run(&mut fetch, "fetching what the standard library is made of") {
            eprintln!("{error:#}; the page is built with the library as it comes, and gets a tenth larger");
            tools.lean.set(false);
        }
    }
    let mut trunk = tools.page_command(workspace, "trunk");
    trunk.args(["build", "--release"]);
    if tools.offline {
        trunk.arg("--offline");
    }
    // Its report of a failed build is complete without the stack.
    trunk.env("RUST_BACKTRACE", "0");
    // Trunk takes NO_COLOR for a flag with a value, and refuses what others set it to.
    trunk.env_remove("NO_COLOR");
    Ok(trunk)
}

/// The profile of the relay that people run.
pub(crate) const SERVER: &str = "server";
/// The profile of the tests, which have built the relay's library already.
pub(crate) const DEV: &str = "dev";

/// Builds the relay and says where the program is.
pub(crate) fn relay(workspace: &Workspace, profile: &str) -> Result<PathBuf> {
    eprintln!("building the relay (the first time takes about 2 minutes)…");
    let mut cargo = native_cargo(workspace);
    cargo.args(["build", "--package", "wickwire-relay", "--bin", "wickwire-relay", "--profile", profile]);
    process::run(&mut cargo, "building the relay")?;
    let folder = if profile == DEV { "debug" } else { profile };
    Ok(workspace.target().join(folder).join(format!("wickwire-relay{}", std::env::consts::EXE_SUFFIX)))
}
