//! Binaryen's optimiser, told what the page's own link to the program tells trunk.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, anyhow};

use crate::process;
use crate::setup::Tools;
use crate::workspace::Workspace;

/// Optimises a module for the page; `false` where the optimiser is trunk's own and out of reach.
pub(crate) fn run(
    workspace: &Workspace,
    tools: &Tools,
    input: &Path,
    output: &Path,
    more: &[&str],
) -> Result<bool> {
    let Some(optimizer) = tools.find("wasm-opt") else { return Ok(false) };
    let html = std::fs::read_to_string(workspace.root().join("index.html"))?;
    let mut command = Command::new(optimizer);
    command.arg(input).arg("--output").arg(output).args(more).args(settings(&html)?);
    process::run(&mut command, "wasm-opt")?;
    Ok(true)
}

/// What trunk gives the optimiser, from the page's own link to the program.
fn settings(html: &str) -> Result<Vec<String>> {
    let attribute = |name: &str| {
        let (_, rest) = html.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| value)
    };
    let level = attribute("data-wasm-opt").ok_or_else(|| anyhow!("index.html names no data-wasm-opt"))?;
    let more = attribute("data-wasm-opt-params").unwrap_or_default().split_whitespace();
    Ok([format!("-O{level}")].into_iter().chain(more.map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_are_those_of_the_page() {
        let html = "<link data-wasm-opt=\"z\"\n data-wasm-opt-params=\"--a --b\" />";
        assert_eq!(settings(html).unwrap(), ["-Oz", "--a", "--b"]);
        assert_eq!(settings("<link data-wasm-opt=\"s\" />").unwrap(), ["-Os"]);
        assert!(settings("<link />").is_err());
        assert!(settings(include_str!("../../index.html")).is_ok());
    }
}
