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

/// Leaves out comments that are lines of their own, empty lines, and room around lines.
pub(super) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_comment, mut in_template) = (false, false);
    for line in text.lines() {
        let bare = line.trim();
        let is_comment = !in_template && (in_comment || bare.starts_with("/*"));
        in_comment = is_comment && !bare.contains("*/");
        if is_comment || !in_template && (bare.is_empty() || bare.starts_with("//")) {
            continue;
        }
        // What stands in a text of several lines stays.
        let starts_in_template = in_template;
        in_template ^= line.matches('`').count() % 2 == 1;
        out.push_str(if starts_in_template || in_template { line } else { bare });
        out.push('\n');
    }
    out
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
    fn comments_and_room_go_and_texts_stay() {
        let text = "/**\n * @returns {string}\n */\nfunction f() {\n\n    // Why.\n    return `a\n  // b\n\n  c`;\n}";
        assert_eq!(squeeze(text), "function f() {\n    return `a\n  // b\n\n  c`;\n}\n");
        assert_eq!(squeeze("  /* one */\n  a = b\n  * c;\n"), "a = b\n* c;\n");
    }
}
