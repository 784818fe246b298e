//! A Rust compiler that can build for wasm32-unknown-unknown.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::step::Steps;
use super::{Tools, debian, wasm_std};
use crate::process;
use crate::version::Version;

/// Debian's current Rust is kept beside its browser packages, under names of its own.
const DEBIAN: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "lld-22"];
/// Where Debian puts its compiler.
const DEBIAN_FOLDER: &str = "/usr/bin";
/// rustup either begins to download at once or cannot.
pub(super) const RUSTUP_LIMIT: Duration = Duration::from_secs(90);
const PROBE_LIMIT: Duration = Duration::from_secs(60);

/// A compiler that has built a Wasm module on this machine.
pub(crate) struct WasmCompiler {
    /// Where it is, if it is not simply the first on the PATH.
    pub(super) folder: Option<PathBuf>,
    /// The linker it must be told of; rustup's brings its own.
    pub(super) linker: Option<PathBuf>,
}

/// Finds one, or makes one: rustup's target first, else Debian's compiler and a std built from its source.
pub(super) fn ensure(steps: &Steps, tools: &Tools) -> Result<WasmCompiler> {
    let scratch = tools.folder().join("probe");
    if let Some(found) = look(&scratch)? {
        steps.found(&found.describe());
        return Ok(found);
    }
    if process::find("rustup").is_some() {
        steps.note("adding the target wasm32-unknown-unknown by rustup…");
        let mut add = Command::new("rustup");
        add.args(["target", "add", "wasm32-unknown-unknown"]).env("RUSTUP_MAX_RETRIES", "1");
        if process::succeeds(&mut add, RUSTUP_LIMIT)
            && let Some(found) = probe(None, &scratch)?
        {
            steps.note(&format!("installed the target for {}", found.describe()));
            return Ok(found);
        }
        steps.note("rustup cannot add the target here; trying Debian's compiler");
    }
    from_debian(steps, tools, &scratch)
}

fn from_debian(steps: &Steps, tools: &Tools, scratch: &Path) -> Result<WasmCompiler> {
    let folder = Path::new(DEBIAN_FOLDER);
    if !wasm_std::has_source(folder) || !new_enough(folder) || linker().is_none() {
        if !debian::usable() {
            bail!(
                "Rust cannot build for wasm32-unknown-unknown here. Either\n  rustup target add wasm32-unknown-unknown\n\
                 or, on Debian, as root,\n  {}\nand run this again.",
                debian::by_hand(&DEBIAN)
            );
        }
        debian::install(steps, tools, &DEBIAN, "20 s")?;
    }
    wasm_std::build(steps, tools, folder)?;
    match probe(Some(folder), scratch)? {
        Some(found) => {
            steps.note(&format!("installed {}", found.describe()));
            Ok(found)
        }
        None => bail!(
            "the standard library for wasm32-unknown-unknown was built, but {} cannot use it; \
             see {}",
            folder.join("rustc").display(),
            tools.log("wasm-std").display()
        ),
    }
}

/// Lints must come from the compiler whose standard library is used.
pub(super) fn ensure_clippy(steps: &Steps, tools: &Tools) -> Result<()> {
    let folder = tools.compiler.as_ref().and_then(|compiler| compiler.folder.clone());
    let Some(folder) = folder else {
        if process::succeeds(Command::new("cargo").args(["clippy", "--version"]), PROBE_LIMIT) {
            steps.found("clippy");
            return Ok(());
        }
        steps.note("adding clippy and rustfmt by rustup…");
        let mut add = Command::new("rustup");
        add.args(["component", "add", "clippy", "rustfmt"]);
        if process::succeeds(&mut add, RUSTUP_LIMIT) {
            return Ok(());
        }
        bail!("clippy is missing:\n  rustup component add clippy rustfmt");
    };
    if folder.join("cargo-clippy").is_file() {
        steps.found("clippy of the Wasm compiler");
        return Ok(());
    }
    debian::install(steps, tools, &["rust-web-clippy"], "10 s")
}

fn look(scratch: &Path) -> Result<Option<WasmCompiler>> {
    match probe(None, scratch)? {
        Some(found) => Ok(Some(found)),
        None => probe(Some(Path::new(DEBIAN_FOLDER)), scratch),
    }
}

/// Builds a tiny test module: that takes std, the test harness and a linker, all in working order.
fn probe(folder: Option<&Path>, scratch: &Path) -> Result<Option<WasmCompiler>> {
    std::fs::create_dir_all(scratch).with_context(|| format!("cannot create {}", scratch.display()))?;
    let source = scratch.join("probe.rs");
    std::fs::write(&source, "#[test]\nfn it_links() {}\n")
        .with_context(|| format!("cannot write {}", source.display()))?;
    if folder.is_some_and(|folder| !folder.join("rustc").is_file() || !new_enough(folder)) {
        return Ok(None);
    }
    for linker in [None, linker()] {
        let mut command = rustc(folder);
        command.args(["--test", "--target", "wasm32-unknown-unknown"]);
        command.arg(&source).arg("-o").arg(scratch.join("probe.wasm"));
        if let Some(linker) = &linker {
            command.arg("-C").arg(format!("linker={}", linker.display()));
        }
        if process::succeeds(&mut command, PROBE_LIMIT) {
            return Ok(Some(WasmCompiler { folder: folder.map(Path::to_path_buf), linker }));
        }
    }
    Ok(None)
}

pub(super) fn rustc(folder: Option<&Path>) -> Command {
    match folder {
        None => Command::new("rustc"),
        Some(folder) => {
            let mut command = Command::new(folder.join("rustc"));
            command.env_remove("LD_LIBRARY_PATH").env_remove("RUSTUP_TOOLCHAIN");
            command
        }
    }
}

/// What the compiler says its version is.
fn version(folder: Option<&Path>) -> Option<Version> {
    Version::find(&process::output(rustc(folder).arg("--version"))?)
}

/// Whether it is of the version that the workspace asks for.
fn new_enough(folder: &Path) -> bool {
    let wanted = Version::find(env!("CARGO_PKG_RUST_VERSION"));
    version(Some(folder)).zip(wanted).is_some_and(|(found, wanted)| found >= wanted)
}

/// LLVM's linker for Wasm, which Debian names by its version.
fn linker() -> Option<PathBuf> {
    process::find("wasm-ld").or_else(|| {
        let names = std::fs::read_dir(DEBIAN_FOLDER).ok()?.flatten().map(|entry| entry.file_name());
        let newest = names
            .filter_map(|name| name.to_string_lossy().strip_prefix("wasm-ld-")?.parse::<u32>().ok())
            .max()?;
        Some(Path::new(DEBIAN_FOLDER).join(format!("wasm-ld-{newest}")))
    })
}

impl WasmCompiler {
    fn describe(&self) -> String {
        let version = version(self.folder.as_deref()).map(|version| version.to_string()).unwrap_or_default();
        let whose = if self.folder.is_some() { ", Debian's" } else { "" };
        format!("rustc {version}{whose}, with wasm32-unknown-unknown")
    }
}
