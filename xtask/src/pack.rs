//! Makes smaller what trunk has built.
//!
//! The names that wasm-bindgen gives to what passes between the module and its JavaScript are long and end
//! in numbers that do not compress, and stand in both: they become short ones. The JavaScript, which trunk's
//! minifier does not understand, becomes one file and loses its comments, long names and the room before its
//! lines. Functions that are alike come to stand together. The style sheets become one. Files get the names and
//! sums that their new content asks for.

mod order;
mod script;
mod sheets;
mod snippets;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256, Sha384};

use crate::csp::base64;
use crate::setup::Tools;
use crate::workspace::Workspace;
use crate::{optimizer, wasm_module};

/// The module that wasm-bindgen's own imports come from, and what it becomes. Others are files.
const GLUE: (&str, &str) = ("./wickwire_bg.js", "w");

/// What the optimiser does before it runs a second time: it takes loops and branches apart and puts them
/// together anew, which leaves fewer.
const ANEW: [&str; 2] = ["--flatten", "--rereloop"];

/// Packs the page in `dist/` and gives its HTML, which still is to be written.
pub(crate) fn pack(workspace: &Workspace, tools: &Tools, html: &str) -> Result<String> {
    let dist = workspace.dist();
    let module = File::find(&dist, "_bg.wasm")?;
    match optimized(workspace, tools, &module.bytes, &ANEW)? {
        Some(bytes) => rewrite(&dist, html, &module, &ordered(workspace, tools, bytes)?),
        None => rewrite(&dist, html, &module, &module.bytes),
    }
}

/// The module with its functions in the order in which it compresses best. The optimiser orders them by
/// name, so they get numbers for names.
fn ordered(workspace: &Workspace, tools: &Tools, module: Vec<u8>) -> Result<Vec<u8>> {
    let bodies = wasm_module::bodies(&module).ok_or_else(|| anyhow!("what wasm-opt made is no module"))?;
    let mut names = vec![String::new(); bodies.len()];
    for (place, at) in order::order(&bodies).into_iter().enumerate() {
        names[at] = format!("{place:06}");
    }
    let named = wasm_module::with_names(&module, &names).ok_or_else(|| anyhow!("no module"))?;
    Ok(optimized(workspace, tools, &named, &[])?.unwrap_or(module))
}

/// The module optimised once more; `None` where the optimiser is out of reach.
fn optimized(workspace: &Workspace, tools: &Tools, module: &[u8], more: &[&str]) -> Result<Option<Vec<u8>>> {
    let (input, output) = (workspace.target().join("unpacked.wasm"), workspace.target().join("packed.wasm"));
    std::fs::write(&input, module).with_context(|| format!("cannot write {}", input.display()))?;
    if !optimizer::run(workspace, tools, &input, &output, more)? {
        return Ok(None);
    }
    Ok(Some(std::fs::read(&output).with_context(|| format!("cannot read {}", output.display()))?))
}

/// Writes the files anew, the module as `bytes`.
fn rewrite(dist: &Path, html: &str, module: &File, bytes: &[u8]) -> Result<String> {
    let html = sheets::join(dist, html)?;
    let stem = module.name.strip_suffix("_bg.wasm").unwrap_or_default();
    let script = File::find(dist, &format!("{stem}.js"))?;

    let text = std::str::from_utf8(&script.bytes).context("wasm-bindgen's JavaScript is no text")?;
    let (text, snippets) = snippets::inline(dist, &script::shorten(text))?;
    let html = snippets.remove(dist, &html)?;
    let mut names = Names::default();
    let small = wasm_module::renamed(
        bytes,
        &mut |from, name| {
            if from == GLUE.0 {
                *from = GLUE.1.to_owned();
                *name = names.imports.short(name);
            } else if let Some(short) = snippets.name(from) {
                *from = short;
            }
        },
        &mut |name| *name = names.exports.short(name),
    );
    let small = small.ok_or_else(|| anyhow!("{} is no module", module.name))?;
    let text = script::rename(&text, &names)?.replace(&format!("\"{}\"", GLUE.0), &format!("\"{}\"", GLUE.1));
    let text = script::squeeze(&text);

    // Both keep one name, which follows from the content of both.
    let stem = stem.rsplit_once('-').map_or(stem, |(stem, _)| stem);
    let stem = format!("{stem}-{}", short_sum(&[small.as_slice(), text.as_bytes()].concat()));
    let html = script.replace(&html, &format!("{stem}.js"), text.as_bytes())?;
    let name = format!("{stem}_bg.wasm");
    let html = module.replace(&html, &name, &small)?;
    Ok(with_size(&html, &name, small.len()))
}

/// The page whose loader knows how large the module is that it shows the loading of. Trunk tells it the size
/// before the optimiser.
fn with_size(html: &str, name: &str, size: usize) -> String {
    let mark = format!("{name}', ");
    let Some((before, after)) = html.split_once(&mark) else { return html.to_owned() };
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{before}{mark}{size}{after}")
}

/// Short names for what passes between the module and its JavaScript.
#[derive(Default)]
struct Names {
    imports: Short,
    exports: Short,
}

/// Short names by the long ones.
#[derive(Default)]
struct Short(BTreeMap<String, String>);

impl Short {
    /// The short name; the next that is free if it has none yet.
    fn short(&mut self, long: &str) -> String {
        let count = self.0.len();
        self.0.entry(long.to_owned()).or_insert_with(|| letters(count)).clone()
    }
}

/// `a` to `z`, `A` to `Z`, `ba` and so on.
fn letters(mut number: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut text = String::new();
    loop {
        text.insert(0, char::from(LETTERS[number % LETTERS.len()]));
        number /= LETTERS.len();
        if number == 0 {
            return text;
        }
    }
}

/// A built file that gets another content.
struct File {
    folder: PathBuf,
    name: String,
    bytes: Vec<u8>,
}

impl File {
    /// The one file whose name ends so.
    fn find(folder: &Path, end: &str) -> Result<Self> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(end) {
                found.push(name);
            }
        }
        match found.as_slice() {
            [name] => Self::read(folder, name),
            _ => bail!("{} should hold one file …{end}, not {}", folder.display(), found.len()),
        }
    }

    fn read(folder: &Path, name: &str) -> Result<Self> {
        let bytes = std::fs::read(folder.join(name)).with_context(|| format!("cannot read {name}"))?;
        Ok(Self { folder: folder.to_owned(), name: name.to_owned(), bytes })
    }

    /// Writes `bytes` in its place under another name, and says so in the page.
    fn replace(&self, html: &str, name: &str, bytes: &[u8]) -> Result<String> {
        if !html.contains(&self.name) {
            bail!("index.html does not name {}", self.name);
        }
        std::fs::remove_file(self.folder.join(&self.name))
            .with_context(|| format!("cannot remove {}", self.name))?;
        std::fs::write(self.folder.join(name), bytes).with_context(|| format!("cannot write {name}"))?;
        Ok(html.replace(&self.name, name).replace(&integrity(&self.bytes), &integrity(bytes)))
    }
}

/// The sum by which a browser knows that a file is the one that was meant.
fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", base64(&Sha384::digest(bytes)))
}

/// What makes a name change with the content.
fn short_sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_each_is_another() {
        assert_eq!([0, 25, 26, 51, 52, 53].map(letters), ["a", "z", "A", "Z", "ba", "bb"]);
        let mut names = Short::default();
        let all: std::collections::BTreeSet<_> =
            (0..3000).map(|n| names.short(&format!("__wbg_{n}"))).collect();
        assert_eq!(all.len(), 3000);
        assert_eq!(names.short("__wbg_0"), "a");
    }

    #[test]
    fn the_loader_is_told_the_size() {
        let html = "await start(init, './p_bg.wasm', 1538040, x);";
        assert_eq!(with_size(html, "p_bg.wasm", 9), "await start(init, './p_bg.wasm', 9, x);");
        assert_eq!(with_size("<p>", "p_bg.wasm", 9), "<p>");
    }

    #[test]
    fn a_page_is_packed_and_its_sums_are_those_of_its_files() {
        let dist = std::env::temp_dir().join(format!("wickwire-pack-{}", std::process::id()));
        std::fs::create_dir_all(&dist).unwrap();
        let module =
            b"\0asm\x01\0\0\0\x02\x1c\x01\x10./wickwire_bg.js\x07__wbg_f\x00\x00\x07\x08\x01\x04main\x00\x00";
        let script = b"  // Note\n  const imports = {\n    \"./wickwire_bg.js\": { __wbg_f: g },\n  };\n  wasm.main();\n";
        let files: [(&str, &[u8]); 4] =
            [("p-01_bg.wasm", module), ("p-01.js", script), ("a-1.css", b"a{}"), ("b-2.css", b"b{}")];
        let mut html = String::new();
        for (name, bytes) in files {
            std::fs::write(dist.join(name), bytes).unwrap();
            let kind = if name.ends_with(".css") { "stylesheet" } else { "preload" };
            html.push_str(&format!("<link href=./{name} integrity={} rel={kind}>", integrity(bytes)));
        }
        let built = File::find(&dist, ".wasm").unwrap();
        let html = rewrite(&dist, &html, &built, &built.bytes).unwrap();
        let mut left = Vec::new();
        for entry in std::fs::read_dir(&dist).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(
                html.contains(&format!("href=./{name} integrity={} ", integrity(&bytes))),
                "{name}: {html}"
            );
            left.push(String::from_utf8_lossy(&bytes).into_owned());
        }
        std::fs::remove_dir_all(&dist).unwrap();
        left.sort();
        let [module, sheet, script] = left.as_slice() else { panic!("{left:?}") };
        assert!(module.contains("\u{1}w\u{1}a") && !module.contains("main"));
        assert_eq!(script, "const imports = {\n\"w\": { a: g },\n};\nwasm.a();\n");
        assert_eq!(sheet, "a{}b{}");
        assert_eq!(html.matches("<link").count(), 3);
    }
}
