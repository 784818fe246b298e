//! The JavaScript files of ours that wasm-bindgen's script imports, as parts of it: one file to load, which
//! compresses better.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::script;

/// Where wasm-bindgen puts them.
const FOLDER: &str = "./snippets/";

/// The files that have become parts of the script, by their paths; the module knows each by the name of the
/// constant that it is now.
#[derive(Default)]
pub(super) struct Snippets(Vec<String>);

impl Snippets {
    /// The name in place of a path.
    pub(super) fn name(&self, path: &str) -> Option<String> {
        self.0.iter().position(|known| known == path).map(|at| format!("s{at}"))
    }

    /// The page without the links that load the files early, and the folder without them.
    pub(super) fn remove(&self, dist: &Path, html: &str) -> Result<String> {
        let mut html = html.to_owned();
        for path in &self.0 {
            html = without_link(&html, path);
        }
        if !self.0.is_empty() {
            std::fs::remove_dir_all(dist.join(FOLDER)).context("cannot remove the folder of snippets")?;
        }
        Ok(html)
    }
}

/// Takes the files into the script: each is a function that gives what it exports, so that their names stay
/// apart.
pub(super) fn inline(dist: &Path, script: &str) -> Result<(String, Snippets)> {
    let (mut parts, mut rest) = (String::new(), String::new());
    let (mut snippets, mut given) = (Snippets::default(), Vec::new());
    for line in script.lines() {
        if let Some((what, path)) = import(line) {
            if snippets.name(path).is_none() {
                snippets.0.push(path.to_owned());
                let text = std::fs::read_to_string(dist.join(path))
                    .with_context(|| format!("cannot read {path}"))?;
                let part = part(&text).with_context(|| format!("cannot take {path} into the script"))?;
                let name = snippets.name(path).unwrap_or_default();
                parts.push_str(&format!("const {name} = (() => {{\n{part}}})();\n"));
            }
            // All of a file is for the module, which finds it in a field of its own.
            if !what.starts_with('*') {
                let name = snippets.name(path).unwrap_or_default();
                parts.push_str(&format!("const {} = {name};\n", what.replace(" as ", ": ")));
            }
        } else if let Some(name) = field(line).and_then(|path| snippets.name(path)) {
            if !given.contains(&name) {
                rest.push_str(&format!("{name},\n"));
                given.push(name);
            }
        } else {
            rest.push_str(line);
            rest.push('\n');
        }
    }
    if rest.contains(FOLDER) {
        bail!("wasm-bindgen's JavaScript imports its snippets otherwise than it did");
    }
    Ok((parts + &rest, snippets))
}

/// What an import of one of our files names, and the file.
fn import(line: &str) -> Option<(&str, &str)> {
    let (what, from) = line.strip_prefix("import ")?.split_once(" from ")?;
    let path = from.trim_end_matches(';').trim_matches(['\'', '"']);
    path.starts_with(FOLDER).then_some((what, path))
}

/// The file that a field with what the module imports is of: `"./snippets/a.js": import1,`.
fn field(line: &str) -> Option<&str> {
    let (path, import) = line.trim().strip_prefix('"')?.split_once("\": ")?;
    import.starts_with("import").then_some(path)
}

/// The body of a function that gives what a file exports.
fn part(text: &str) -> Result<String> {
    let text = script::squeeze(text);
    let (mut body, mut names) = (String::new(), Vec::new());
    for line in text.lines() {
        if line.starts_with("import ") {
            bail!("it imports: {line}");
        }
        let Some(item) = line.strip_prefix("export ") else {
            body.push_str(&format!("{line}\n"));
            continue;
        };
        let mut words = item.split(|c| !script::is_part(c));
        match (words.next(), words.next()) {
            (Some("function" | "class" | "const"), Some(name)) if !name.is_empty() => names.push(name),
            _ => bail!("it exports otherwise than by a function, class or const: {line}"),
        }
        body.push_str(&format!("{item}\n"));
    }
    Ok(format!("{body}return {{ {} }};\n", names.join(", ")))
}

/// The page without the link that loads a file early.
fn without_link(html: &str, path: &str) -> String {
    let end = path.trim_start_matches('.');
    let Some(at) = html.find(end) else { return html.to_owned() };
    match (html[..at].rfind("<link "), html[at..].find('>')) {
        (Some(start), Some(len)) => format!("{}{}", &html[..start], &html[at + len + 1..]),
        _ => html.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_exports_is_what_its_function_gives() {
        let text = "// Note\nconst a = 1;\n\n/** One. */\nexport function b() {\n  return a;\n}\nexport class C {}\n";
        assert_eq!(
            part(text).unwrap(),
            "const a = 1;\nfunction b() {\nreturn a;\n}\nclass C {}\nreturn { b, C };\n"
        );
        assert!(part("import x from 'y';").is_err());
        assert!(part("export { a };").is_err());
        assert!(part("export default a;").is_err());
    }

    #[test]
    fn files_become_parts_of_the_script() {
        let dist = std::env::temp_dir().join(format!("wickwire-snippets-{}", std::process::id()));
        std::fs::create_dir_all(dist.join("snippets/x")).unwrap();
        std::fs::write(dist.join("snippets/x/a.js"), "export function f() {}\nexport function g() {}\n")
            .unwrap();
        let script = "import { f as f2 } from './snippets/x/a.js';\nimport * as import1 from \"./snippets/x/a.js\"\nimport * as import2 from \"./snippets/x/a.js\"\nconst imports = {\n    \"w\": import0,\n    \"./snippets/x/a.js\": import1,\n    \"./snippets/x/a.js\": import2,\n};\n";
        let (text, snippets) = inline(&dist, script).unwrap();
        assert_eq!(
            text,
            "const s0 = (() => {\nfunction f() {}\nfunction g() {}\nreturn { f, g };\n})();\nconst { f: f2 } = s0;\nconst imports = {\n    \"w\": import0,\ns0,\n};\n"
        );
        assert_eq!(snippets.name("./snippets/x/a.js").unwrap(), "s0");
        assert_eq!(snippets.name("./wickwire_bg.js"), None);
        let html = "<link href=/p/a.js><link href=/p/snippets/x/a.js rel=modulepreload><p>1 > 0</p>";
        assert_eq!(snippets.remove(&dist, html).unwrap(), "<link href=/p/a.js><p>1 > 0</p>");
        assert!(!dist.join("snippets").exists());
        std::fs::remove_dir_all(&dist).unwrap();
        assert!(inline(&dist, "import('./snippets/x/a.js')").is_err());
    }
}
