//! Builds the standard library for Wasm once, from the source that Debian packages, into the compiler's sysroot.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use super::Tools;
use super::compiler::rustc;
use super::step::Steps;
use crate::process;

/// The crate that asks for std; its own library is not copied.
const SEED: &str = "std_seed";
const SEED_MANIFEST: &str = "[package]\nname = \"std_seed\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
                             [profile.release]\ndebug = 0\n\n[workspace]\n";

/// Where the compiler of a folder, or the first on the PATH, keeps its libraries.
pub(super) fn sysroot(folder: Option<&Path>) -> Option<PathBuf> {
    Some(PathBuf::from(process::output(rustc(folder).args(["--print", "sysroot"]))?.trim()))
}

/// Whether the compiler's library source and its Cargo are there.
pub(super) fn has_source(folder: &Path) -> bool {
    folder.join("cargo").is_file()
        && sysroot(Some(folder)).is_some_and(|root| root.join("lib/rustlib/src/rust/library/std").is_dir())
}

/// Builds std, with the test harness, and puts it where plain `cargo build --target` finds it.
pub(super) fn build(steps: &Steps, tools: &Tools, folder: &Path) -> Result<()> {
    let root = sysroot(Some(folder)).ok_or_else(|| anyhow!("{}/rustc does not run", folder.display()))?;
    let seed = tools.folder().join("wasm-std");
    write_seed(&seed)?;
    let mut command = Command::new(folder.join("cargo"));
    let search = std::env::join_paths(
        std::iter::once(folder.to_path_buf())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )?;
    command
        .current_dir(&seed)
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .env("PATH", search)
        .env("CARGO_TARGET_DIR", seed.join("target"))
        // The flag below is an unstable one; std is built by the very compiler it belongs to.
        .env("RUSTC_BOOTSTRAP", "1")
        // Without it link-time optimisation cannot see into std.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .args(["build", "--release", "--target", "wasm32-unknown-unknown"])
        .arg("-Zbuild-std=std,panic_abort,panic_unwind,test");
    steps.long("building the standard library for Wasm", "50 s", &mut command, &tools.log("wasm-std"))?;
    let built = seed.join("target/wasm32-unknown-unknown/release/deps");
    let place = root.join("lib/rustlib/wasm32-unknown-unknown/lib");
    if let Err(error) = replace(&built, &place) {
        bail!(
            "cannot write the compiler's library folder ({error}). As root:\n  mkdir -p {place}\n  \
             rm -f {place}/*.rlib\n  cp {built}/*.rlib {place}/\n  rm {place}/lib{SEED}-*.rlib\nand run this again.",
            place = place.display(),
            built = built.display()
        );
    }
    // A hundred megabytes that nothing reads again.
    std::fs::remove_dir_all(&seed).with_context(|| format!("cannot remove {}", seed.display()))
}

fn write_seed(seed: &Path) -> Result<()> {
    let source = seed.join("src");
    if seed.exists() {
        std::fs::remove_dir_all(seed).with_context(|| format!("cannot remove {}", seed.display()))?;
    }
    std::fs::create_dir_all(&source).with_context(|| format!("cannot create {}", source.display()))?;
    std::fs::write(source.join("lib.rs"), "#![no_std]\n")?;
    std::fs::write(seed.join("Cargo.toml"), SEED_MANIFEST)?;
    Ok(())
}

/// Puts the new libraries in place of old ones, which an updated compiler would refuse.
fn replace(built: &Path, place: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(place)?;
    for old in libraries(place)? {
        std::fs::remove_file(old)?;
    }
    for new in libraries(built)? {
        let Some(name) = new.file_name() else { continue };
        if !name.to_string_lossy().starts_with(&format!("lib{SEED}-")) {
            std::fs::copy(&new, place.join(name))?;
        }
    }
    Ok(())
}

fn libraries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rlib") {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_libraries_replace_old_ones_and_the_seed_stays_out() {
        let root = std::env::temp_dir().join(format!("wickwire-std-{}", std::process::id()));
        let (built, place) = (root.join("built"), root.join("place"));
        std::fs::create_dir_all(&built).unwrap();
        std::fs::create_dir_all(&place).unwrap();
        for name in ["libcore-2.rlib", "libstd_seed-9.rlib", "core.d"] {
            std::fs::write(built.join(name), name).unwrap();
        }
        std::fs::write(place.join("libcore-1.rlib"), "old").unwrap();
        replace(&built, &place).unwrap();
        assert_eq!(libraries(&place).unwrap(), [place.join("libcore-2.rlib")]);
        std::fs::remove_dir_all(root).unwrap();
    }
}
