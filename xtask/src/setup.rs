//! Sets up what is missing: a Rust compiler for Wasm, the tools of the page, a browser to test in.
//!
//! Everything is detected by trying it. A machine with the open internet gets its target from rustup;
//! one that reaches only package registries builds the standard library once from Debian's source.

mod browser;
mod cargo_tool;
mod compiler;
mod debian;
mod lean_std;
mod step;
mod tools;
mod wasm_opt;
mod wasm_std;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};

use crate::workspace::Workspace;
use cargo_tool::CargoTool;
use step::Steps;
pub(crate) use tools::{Tools, native_cargo};

pub(crate) const HELP: &str = "\
cargo xtask setup

Installs what serve, test and check need and this machine lacks: the Wasm target of
Rust, wasm-bindgen, trunk, wasm-opt, a browser with its driver, and cargo-deny. What is
already there in the right version is left alone. The other commands do this themselves,
each for what it needs.
";

/// Something that a command cannot do without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A compiler and a standard library for wasm32-unknown-unknown.
    Compiler,
    /// The source of its standard library, to build that small for the page.
    LeanStd,
    /// Lints by that same compiler.
    Clippy,
    /// wasm-bindgen and its test runner, of the library's version.
    WasmBindgen,
    Trunk,
    WasmOpt,
    /// A browser and its WebDriver.
    Browser,
    Deny,
}

/// What building the page takes.
pub(crate) const FOR_PAGE: [Need; 5] =
    [Need::Compiler, Need::LeanStd, Need::WasmBindgen, Need::Trunk, Need::WasmOpt];
/// What tests in a browser take.
pub(crate) const FOR_WASM_TESTS: [Need; 3] = [Need::Compiler, Need::WasmBindgen, Need::Browser];
/// What the checks take.
pub(crate) const FOR_CHECKS: [Need; 3] = [Need::Compiler, Need::Clippy, Need::Deny];

pub(crate) fn command(workspace: &Workspace, rest: Vec<OsString>) -> Result<ExitCode> {
    if let Some(argument) = rest.first() {
        return Err(anyhow!("setup takes no argument, but got {}", argument.to_string_lossy()));
    }
    let mut needs = FOR_PAGE.to_vec();
    needs.extend([Need::Browser, Need::Clippy, Need::Deny]);
    ensure(workspace, &needs)?;
    Ok(ExitCode::SUCCESS)
}

/// Installs what is missing of `needs`, in their order, saying what was found and what was done.
pub(crate) fn ensure(workspace: &Workspace, needs: &[Need]) -> Result<Tools> {
    let mut wanted: Vec<Need> = Vec::new();
    for need in needs {
        if !wanted.contains(need) {
            wanted.push(*need);
        }
    }
    let mut tools = Tools::new(folder()?);
    let mut steps = Steps::new(wanted.len());
    for need in wanted {
        steps.next();
        match need {
            Need::Compiler => tools.compiler = Some(compiler::ensure(&steps, &tools)?),
            Need::LeanStd => tools.lean.set(lean_std::ensure(&steps, &tools)),
            Need::Clippy => compiler::ensure_clippy(&steps, &tools)?,
            Need::WasmBindgen => {
                let version = workspace.locked("wasm-bindgen")?;
                cargo_tool::ensure(&steps, &tools, &CargoTool::wasm_bindgen(version))?;
            }
            Need::Trunk => cargo_tool::ensure(&steps, &tools, &CargoTool::trunk())?,
            Need::Deny => cargo_tool::ensure(&steps, &tools, &CargoTool::deny())?,
            Need::WasmOpt => tools.offline = wasm_opt::ensure(&steps, &tools)?,
            Need::Browser => tools.browser = Some(browser::ensure(&steps, &tools)?),
        }
    }
    Ok(tools)
}

/// Where our own copies of tools are kept.
fn folder() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("WICKWIRE_TOOLS") {
        return std::path::absolute(folder).context("WICKWIRE_TOOLS names no folder");
    }
    let cache = match std::env::var_os("XDG_CACHE_HOME") {
        Some(cache) if !cache.is_empty() => PathBuf::from(cache),
        _ => std::env::home_dir()
            .ok_or_else(|| anyhow!("no home folder is known: set WICKWIRE_TOOLS to a folder for tools"))?
            .join(".cache"),
    };
    Ok(cache.join("wickwire").join("tools"))
}
