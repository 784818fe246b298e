//! Which crates the code of the page is of.
//!
//! The optimiser runs once more over what wasm-bindgen made, with the settings of the page and with
//! names kept. It gives all but the same functions as in `dist/`, and each is counted for the first crate in its
//! name that is not the standard library: `Vec<wickwire_market::Bar>::push` is of `wickwire_market`. A
//! function that was inlined is counted for the one it went into.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use crate::optimizer;
use crate::setup::Tools;
use crate::wasm_module;
use crate::workspace::Workspace;

/// Crates shown by name; the others are one line.
const SHOWN: usize = 24;
const STANDARD: [&str; 3] = ["core", "alloc", "std"];

/// Prints how much code each crate has.
pub(super) fn report(workspace: &Workspace, tools: &Tools) -> Result<()> {
    let input = tools.page_target(workspace).join("wasm-bindgen/release/wickwire_bg.wasm");
    let output = workspace.target().join("named.wasm");
    if !optimizer::run(workspace, tools, &input, &output, &["--debuginfo"])? {
        println!("skipped: code by crate, as wasm-opt is trunk's own here");
        return Ok(());
    }
    print(&output)
}

fn print(module: &Path) -> Result<()> {
    let bytes = std::fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let no_module = || anyhow!("{} is no module", module.display());
    let sizes = wasm_module::sizes(&bytes).ok_or_else(no_module)?;
    let bodies = wasm_module::bodies(&bytes).ok_or_else(no_module)?;
    let functions: Vec<_> =
        sizes.functions.iter().zip(bodies).map(|((name, _), body)| (crate_of(name), body)).collect();
    let mut crates: BTreeMap<&str, Share> = BTreeMap::new();
    for (name, body) in &functions {
        let share = crates.entry(name).or_default();
        (share.size, share.functions) = (share.size + body.len(), share.functions + 1);
    }
    let compressed = |left_out: &str| {
        let kept = functions.iter().filter(|(name, _)| *name != left_out).map(|(_, body)| *body);
        super::gzip_size(&kept.collect::<Vec<_>>().concat())
    };
    let all = Share {
        size: functions.iter().map(|(_, body)| body.len()).sum(),
        functions: functions.len(),
        compressed: compressed("")?,
    };
    for (name, share) in &mut crates {
        share.compressed = all.compressed.saturating_sub(compressed(name)?);
    }
    let mut crates: Vec<_> = crates.into_iter().collect();
    crates.sort_by_key(|(_, share)| std::cmp::Reverse(share.size));
    println!("code by crate: before compression, and by how much the compressed code is smaller without it:");
    let (shown, rest) = crates.split_at(SHOWN.min(crates.len()));
    for (name, share) in shown {
        share.print(name, all.size);
    }
    rest.iter().fold(Share::default(), |sum, (_, share)| sum.and(share)).print("others", all.size);
    all.print("all code", all.size);
    println!("{:>10}  {:>10}  data", super::kib(sizes.data), "");
    Ok(())
}

/// What a crate has of the code: bytes, functions, and bytes that the compressed code has more by it. What
/// is like the code of another crate compresses to little, so these are less than the whole together.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    size: usize,
    functions: usize,
    compressed: usize,
}

impl Share {
    fn and(self, other: &Self) -> Self {
        Self {
            size: self.size + other.size,
            functions: self.functions + other.functions,
            compressed: self.compressed + other.compressed,
        }
    }

    fn print(&self, name: &str, all: usize) {
        let part = self.size as f64 * 100.0 / all.max(1) as f64;
        let (size, compressed) = (super::kib(self.size), super::kib(self.compressed));
        println!("{size:>10}  {compressed:>10}  {part:>4.1} %  {:>5}  {name}", self.functions);
    }
}

/// The first crate in a name that is not the standard library, else that; names without a crate, as
/// those of exports, are `-`.
fn crate_of(name: &str) -> &str {
    let mut standard = None;
    for (at, _) in name.match_indices("::") {
        let before = &name[..at];
        // `core[c5930c85a12de822]::fmt`: the compiler may tell versions of a crate apart.
        let before = match before.strip_suffix(']').and_then(|b| b.rsplit_once('[')) {
            Some((before, hash)) if hash.bytes().all(|b| b.is_ascii_hexdigit()) => before,
            _ => before,
        };
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let start = before.trim_end_matches(is_part).len();
        let word = &before[start..];
        // A path's later parts follow `::`, and types of a crate of no name are none.
        if word.is_empty() || before[..start].ends_with(':') || word.starts_with(|c: char| c.is_uppercase()) {
            continue;
        }
        if !STANDARD.contains(&word) {
            return word;
        }
        standard = standard.or(Some(word));
    }
    standard.unwrap_or("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_of_the_first_crate_that_is_not_the_standard_library() {
        for (name, expected) in [
            ("wickwire_chart::view::axes::draw", "wickwire_chart"),
            ("<alloc[0a1b]::vec::Vec<wickwire_market[9f]::bar::Bar>>::push", "wickwire_market"),
            ("<alloc::vec::Vec<T,A> as core::ops::drop::Drop>::drop", "alloc"),
            ("<T as tachys::view::Render>::build::{{closure}}::h0123456789abcdef", "tachys"),
            ("core[c5930c85a12de822]::num::flt2dec::strategy::dragon::format_shortest", "core"),
            ("<&mut serde_json::de::Deserializer<R> as serde_core::de::Deserializer>::x", "serde_json"),
            ("__wbindgen_malloc", "-"),
            ("", "-"),
        ] {
            assert_eq!(crate_of(name), expected, "{name}");
        }
    }
}
