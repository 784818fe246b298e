//! wasm-bindgen's JavaScript with short names and without the room that is for its readers.

use anyhow::{Result, bail};

use super::Names;

/// Gives imports, which are keys of an object, and exports, which are fields of `wasm`, their short names.
/// Fails if one is not found, since the page would not start.
pub(super) fn rename(text: &str, names: &Names) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let (mut seen, mut rest) = (0, text);
    while let Some(start) = rest.find(is_part) {
        let (between, word) = rest.split_at(start);
        let (word, after) = word.split_at(word.find(|c| !is_part(c)).unwrap_or(word.len()));
        out.push_str(between);
        let import = names.imports.0.get(word).filter(|_| after.starts_with(':'));
        let export = names.exports.0.get(word).filter(|_| out.ends_with("wasm."));
        seen += usize::from(import.is_some());
        out.push_str(import.or(export).map_or(word, String::as_str));
        rest = after;
    }
    out.push_str(rest);
    if seen != names.imports.0.len() {
        bail!("of {} names that the module imports its JavaScript has {seen}", names.imports.0.len());
    }
    Ok(out)
}

pub(super) fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Gives the functions and variables of the script itself, whose names are long and stand all over it, short
/// ones that it has no others like.
pub(super) fn shorten(text: &str) -> String {
    let mut names = Vec::new();
    for line in text.lines() {
        let item = line.strip_prefix("async ").unwrap_or(line);
        let name = ["function ", "let ", "const "].into_iter().find_map(|word| item.strip_prefix(word));
        let Some(name) = name.and_then(|rest| rest.split(|c| !is_part(c)).next()) else { continue };
        if name.len() >= LONG && !names.contains(&name) {
            names.push(name);
        }
    }
    let exported = text.lines().filter(|line| line.starts_with("export ")).collect::<String>();
    names.retain(|name| !exported.contains(&format!("{name},")) && !exported.contains(&format!("{name} }}")));
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find(is_part) {
        let (between, word) = rest.split_at(start);
        let (word, after) = word.split_at(word.find(|c| !is_part(c)).unwrap_or(word.len()));
        out.push_str(between);
        // Fields of objects keep their names.
        let at = names.iter().position(|name| *name == word);
        match at.filter(|_| !out.ends_with('.') && !after.starts_with(':')) {
            Some(at) => out.push_str(&format!("${}", super::letters(at))),
            None => out.push_str(word),
        }
        rest = after;
    }
    out + rest
}

/// Names of fewer letters stay.
const LONG: usize = 8;

/// Leaves out comments that are lines of their own, empty lines, and room around lines; and says shorter what
/// wasm-bindgen says in nearly each of its functions.
pub(super) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_comment, mut in_template) = (false, false);
    for line in text.lines() {
        let bare = line.trim();
        // One that ends in the middle of a line is left with what follows it.
        let closed = bare.find("*/").is_some_and(|at| at + 2 < bare.len());
        let is_comment = !in_template && (in_comment || bare.starts_with("/*") && !closed);
        in_comment = is_comment && !bare.contains("*/");
        if is_comment || !in_template && (bare.is_empty() || bare.starts_with("//")) {
            continue;
        }
        // What stands in a text of several lines stays.
        let starts_in_template = in_template;
        in_template ^= line.matches('`').count() % 2 == 1;
        if starts_in_template || in_template {
            out.push_str(line);
        } else if bare == "return ret;" && returned(&mut out) {
            continue;
        } else {
            match bare.split_once(": function(") {
                Some((name, rest)) if name.chars().all(is_part) => out.push_str(&format!("{name}({rest}")),
                _ => out.push_str(bare),
            }
        }
        out.push('\n');
    }
    out
}

/// Turns a last line that gives `ret` its value into one that returns it.
fn returned(out: &mut String) -> bool {
    let start = out.trim_end().rfind('\n').map_or(0, |at| at + 1);
    let Some(value) = out[start..].strip_prefix("const ret = ").filter(|value| value.ends_with(";\n")) else {
        return false;
    };
    let line = format!("return {value}");
    out.truncate(start);
    out.push_str(&line);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_fields_get_short_names_and_nothing_else_does() {
        let mut names = Names::default();
        names.imports.short("__wbg_f_1");
        names.exports.short("main");
        let text = "{ __wbg_f_1: function() { wasm.main(); wasm.mainly(); main(); \"__wbg_f_1\" } }";
        let expected = "{ a: function() { wasm.a(); wasm.mainly(); main(); \"__wbg_f_1\" } }";
        assert_eq!(rename(text, &names).unwrap(), expected);
        assert!(rename("{ }", &names).is_err());
    }

    #[test]
    fn names_of_the_script_itself_get_short() {
        let text = "let variable = null;\nfunction passText0(a) {\n    variable.variable = { variable: passText0 };\n    let localName = 1;\n}\nasync function __wbg_init() {}\nfunction initSync() {}\nexport { initSync, __wbg_init as default };\n";
        let expected = "let $a = null;\nfunction $b(a) {\n    $a.variable = { variable: $b };\n    let localName = 1;\n}\nasync function $c() {}\nfunction initSync() {}\nexport { initSync, $c as default };\n";
        assert_eq!(shorten(text), expected);
    }

    #[test]
    fn comments_and_room_go_and_texts_stay() {
        let text = "/**\n * @returns {string}\n */\nfunction f() {\n\n    // Why.\n    return `a\n  // b\n\n  c`;\n}";
        assert_eq!(squeeze(text), "function f() {\n    return `a\n  // b\n\n  c`;\n}\n");
        let text = "a: function(x) {\n  const ret = x.y;\n  return ret;\n},\nb: function() { return c(function (x) {\n  const ret = x;\n  d(ret);\n  return ret;\n}";
        let expected = "a(x) {\nreturn x.y;\n},\nb() { return c(function (x) {\nconst ret = x;\nd(ret);\nreturn ret;\n}\n";
        assert_eq!(squeeze(text), expected);
        assert_eq!(squeeze("  /* one */\n  a = b\n  * c;\n"), "a = b\n* c;\n");
        assert_eq!(squeeze("/* one */ a();\nb();\n"), "/* one */ a();\nb();\n");
    }
}
