//! Packages of Debian, where the set-up runs as root.

use std::process::Command;

use anyhow::{Result, bail};

use super::Tools;
use super::step::Steps;
use crate::process;

/// Whether packages can be installed: apt is there and we are root.
pub(super) fn usable() -> bool {
    process::find("apt-get").is_some() && is_root()
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

/// The command a person would type.
pub(super) fn by_hand(packages: &[&str]) -> String {
    format!("apt-get update && apt-get install -y --no-install-recommends {}", packages.join(" "))
}

/// Installs packages after refreshing the lists, which a fresh machine does not have.
pub(super) fn install(steps: &Steps, tools: &Tools, packages: &[&str], usual: &str) -> Result<()> {
    if !usable() {
        bail!("these packages are missing; as root:\n  {}", by_hand(packages));
    }
    let mut command = Command::new("sh");
    command.args(["-c", &by_hand(packages)]).env("DEBIAN_FRONTEND", "noninteractive");
    let what = format!("installing {}", packages.join(", "));
    steps.long(&what, usual, &mut command, &tools.log("apt"))
}
