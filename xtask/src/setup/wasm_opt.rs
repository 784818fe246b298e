//! Binaryen's optimiser for Wasm, from the npm package that carries it ready to run.

use std::process::Command;

use anyhow::Result;

use super::Tools;
use super::step::Steps;
use crate::process;
use crate::version::Version;

/// The release that Trunk.toml names.
const VERSION: Version = Version::new(132, 0, 0);

/// Whether it is here now. If it is neither here nor in reach of npm, trunk downloads it while building.
pub(super) fn ensure(steps: &Steps, tools: &Tools) -> Result<bool> {
    if let Some(version) = present(tools).filter(|version| version.major == VERSION.major) {
        steps.found(&format!("wasm-opt {}", version.major));
        return Ok(true);
    }
    let Some(npm) = process::find("npm") else {
        steps.note("no wasm-opt and no npm: trunk will download it");
        return Ok(false);
    };
    let folder = tools.npm();
    std::fs::create_dir_all(&folder)?;
    let mut command = Command::new(npm);
    command.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]);
    command.arg("--prefix").arg(&folder).arg(format!("binaryen@{VERSION}"));
    steps.long("installing binaryen 132 from npm", "5 s", &mut command, &tools.log("binaryen"))?;
    Ok(present(tools).is_some())
}

fn present(tools: &Tools) -> Option<Version> {
    Version::find(&process::output(Command::new(tools.find("wasm-opt")?).arg("--version"))?)
}
