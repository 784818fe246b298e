//! The standard library as the page has it: built for size, and with a fault that traps in place of one
//! that is put into words. That is a tenth of the download; `docs/PERFORMANCE.md` has the figures.
//!
//! The flags are unstable ones, so nothing depends on them: where the compiler does not know them, or
//! the library's source or what that is made of cannot be had, the page is built with the library as
//! it comes. `RUSTC_BOOTSTRAP` reaches every crate of the page: some then use unstable features of the
//! compiler. So the page has a build folder of its own, and nothing else is built there.

use std::path::Path;
use std::process::Command;

use super::Tools;
use super::compiler::{RUSTUP_LIMIT, rustc};
use super::step::Steps;
use super::wasm_std::{has_source, sysroot};
use crate::process;

/// What Cargo is told, by its environment since trunk stands in between.
const SETTINGS: [(&str, &str); 6] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ("CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT", "true"),
    ("CARGO_PROFILE_RELEASE_PANIC", "immediate-abort"),
    // Beside those of `.cargo/config.toml`. No text of the page is made by `Debug`.
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Zlocation-detail=none -Zfmt-debug=none"),
];
const FLAGS: [&str; 4] =
    ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none"];

/// Looks whether the library can be built so, and gets its source if rustup can.
pub(super) fn ensure(steps: &Steps, tools: &Tools) -> bool {
    let folder = tools.compiler.as_ref().and_then(|compiler| compiler.folder.clone());
    let folder = folder.as_deref();
    if !known(folder) {
        steps.note("this Rust cannot leave out the words of a fault; the page gets a tenth larger");
        return false;
    }
    if has_library_source(folder) {
        steps.found("the source of the standard library");
        return true;
    }
    if folder.is_some() || process::find("rustup").is_none() {
        steps.note("no source of the standard library for this compiler; the page gets a tenth larger");
        return false;
    }
    steps.note("adding the source of the standard library by rustup…");
    let mut add = Command::new("rustup");
    add.args(["component", "add", "rust-src"]).env("RUSTUP_MAX_RETRIES", "1");
    if process::succeeds(&mut add, RUSTUP_LIMIT) && has_library_source(folder) {
        steps.note("installed the source of the standard library");
        return true;
    }
    steps.note(
        "no source of the standard library (rustup component add rust-src); the page gets a tenth larger",
    );
    false
}

/// Tells Cargo, below `command`, to build it so.
pub(super) fn apply(command: &mut Command) {
    command.envs(SETTINGS);
}

/// Whether the library's source is there, and knows the feature.
fn has_library_source(folder: Option<&Path>) -> bool {
    let manifest = || {
        let root = sysroot(folder)?;
        std::fs::read_to_string(root.join("lib/rustlib/src/rust/library/std/Cargo.toml")).ok()
    };
    folder.is_none_or(has_source) && manifest().is_some_and(|text| text.contains("optimize_for_size"))
}

/// Whether compiler and Cargo know the flags.
fn known(folder: Option<&Path>) -> bool {
    let mut compiler = rustc(folder);
    compiler.env("RUSTC_BOOTSTRAP", "1").args(FLAGS).args(["--print", "cfg"]);
    let cargo = folder.map_or_else(|| "cargo".into(), |folder| folder.join("cargo"));
    let mut help = Command::new(cargo);
    if folder.is_some() {
        help.env_remove("RUSTUP_TOOLCHAIN");
    }
    let help = process::output(help.arg("-Zhelp"));
    process::output(&mut compiler).is_some()
        && help.is_some_and(|help| help.contains("panic-immediate-abort"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_that_is_not_there_knows_no_flags() {
        let nowhere = Path::new("/nowhere");
        assert!(!known(Some(nowhere)));
        assert!(!has_library_source(Some(nowhere)));
    }

    #[test]
    fn the_page_is_told_each_flag_that_was_tried() {
        let mut command = Command::new("trunk");
        apply(&mut command);
        let told: String =
            command.get_envs().filter_map(|(_, value)| value?.to_str()).collect::<Vec<_>>().join(" ");
        for flag in ["immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none"] {
            assert!(told.contains(flag) && FLAGS.iter().any(|f| f.contains(flag)), "{flag}: {told}");
        }
    }
}
