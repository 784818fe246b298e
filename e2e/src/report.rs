//! Where screenshots go, and where the built page is.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The workspace's folder.
#[must_use]
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// `target/e2e`, for screenshots.
///
/// # Errors
/// If it cannot be made.
pub fn folder() -> Result<PathBuf> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from);
    let folder = target.join("e2e");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The built page: `WICKWIRE_DIST`, or `dist` in the workspace.
///
/// # Errors
/// If it has not been built.
pub fn dist() -> Result<PathBuf> {
    let dist = std::env::var_os("WICKWIRE_DIST").map_or_else(|| workspace().join("dist"), PathBuf::from);
    if !dist.join("index.html").is_file() {
        bail!("there is no built page in {}: run `cargo xtask test e2e`, which builds it", dist.display());
    }
    Ok(dist)
}
