//! Runs one Wasm test module in the browser; Cargo calls it back through this program.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, anyhow, bail};

use crate::wasm_module;

/// The hidden command by which Cargo runs a test module.
pub(crate) const RUNNER_COMMAND: &str = "run-wasm-tests";

/// Refuses a module that imports from `env`, which means that something waits for a C library or a system
/// call that no browser has; otherwise hands over to wasm-bindgen's runner.
pub(crate) fn run_module(rest: &[OsString]) -> Result<ExitCode> {
    let module = rest.first().ok_or_else(|| anyhow!("which module?"))?;
    let bytes =
        std::fs::read(module).with_context(|| format!("cannot read {}", Path::new(module).display()))?;
    let modules = wasm_module::imported_modules(&bytes)
        .ok_or_else(|| anyhow!("{} is no Wasm module", Path::new(module).display()))?;
    if modules.iter().any(|module| module == "env") {
        bail!("{} imports from `env`", Path::new(module).display());
    }
    let status = Command::new("wasm-bindgen-test-runner")
        .args(rest)
        .status()
        .context("cannot start wasm-bindgen-test-runner")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
