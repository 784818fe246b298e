//! Tools that are Rust programs, built by `cargo install` into our own folder.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Tools;
use super::step::Steps;
use crate::process;
use crate::version::Version;

/// A tool and the version of it that does.
pub(super) struct CargoTool {
    package: &'static str,
    /// The programs that must be there; the first tells its version.
    programs: &'static [&'static str],
    version: Version,
    /// Whether only this very version does.
    exact: bool,
    /// Whether the versions in its own lock file are used.
    locked: bool,
    /// What building it takes on an idle machine with two cores.
    usual: &'static str,
}

impl CargoTool {
    /// Generated glue and library must be of one version. Its lock file names a release that was withdrawn.
    pub(super) fn wasm_bindgen(version: Version) -> Self {
        Self {
            package: "wasm-bindgen-cli",
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            version,
            exact: true,
            locked: false,
            usual: "2 minutes",
        }
    }

    pub(super) fn trunk() -> Self {
        Self {
            package: "trunk",
            programs: &["trunk"],
            version: Version::new(0, 21, 14),
            exact: false,
            locked: true,
            usual: "3 minutes",
        }
    }

    pub(super) fn deny() -> Self {
        Self {
            package: "cargo-deny",
            programs: &["cargo-deny"],
            version: Version::new(0, 20, 2),
            exact: false,
            locked: true,
            usual: "2 minutes",
        }
    }

    /// The version of what is at hand, if all programs are.
    fn present(&self, tools: &Tools) -> Option<Version> {
        let mut found = self.programs.iter().map(|program| tools.find(program));
        let first = found.next()??;
        if found.any(|program| program.is_none()) {
            return None;
        }
        Version::find(&process::output(Command::new(first).arg("--version"))?)
    }

    fn does(&self, found: Version) -> bool {
        if self.exact { found == self.version } else { found.serves_for(self.version) }
    }
}

pub(super) fn ensure(steps: &Steps, tools: &Tools, tool: &CargoTool) -> Result<()> {
    let present = tool.present(tools);
    if let Some(version) = present.filter(|version| tool.does(*version)) {
        steps.found(&format!("{} {version}", tool.package));
        return Ok(());
    }
    if let Some(version) = present {
        steps.note(&format!("{} {version} is here, but {} is needed", tool.package, tool.version));
    }
    let build = std::env::temp_dir().join(format!("wickwire-{}-{}", tool.package, std::process::id()));
    let what = format!("building {} {}", tool.package, tool.version);
    let built = steps.long(&what, tool.usual, &mut install(tools, tool, &build), &tools.log(tool.package));
    if build.exists() {
        std::fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))?;
    }
    built?;
    if tool.present(tools).is_none_or(|version| !tool.does(version)) {
        bail!(
            "{} was built, but the programs in {} are of another version",
            tool.package,
            tools.folder().display()
        );
    }
    Ok(())
}

fn install(tools: &Tools, tool: &CargoTool, build: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["install", tool.package, "--force", "--version", &tool.version.to_string()]);
    command.arg("--root").arg(tools.folder());
    if tool.locked {
        command.arg("--locked");
    }
    // Outside the workspace, so that its settings and its lock file stay out of it.
    command.current_dir(std::env::temp_dir()).env("CARGO_TARGET_DIR", build);
    // They run for seconds: quick to build matters, quick to run does not.
    command
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_bindgen_must_match_exactly_and_trunk_its_line() {
        let bindgen = CargoTool::wasm_bindgen(Version::new(0, 2, 130));
        assert!(bindgen.does(Version::new(0, 2, 130)));
        assert!(!bindgen.does(Version::new(0, 2, 131)));
        assert!(CargoTool::trunk().does(Version::new(0, 21, 15)));
        assert!(!CargoTool::trunk().does(Version::new(0, 22, 1)));
    }
}
