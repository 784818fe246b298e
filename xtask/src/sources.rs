//! Rules about the text of source files, which no lint knows.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A file of more lines has more than one purpose.
const MAX_LINES: usize = 600;

/// Words that only some places may use. A place is a folder or a file from the root of the workspace.
struct Rule {
    word: &'static str,
    /// Where it counts.
    within: &'static [&'static str],
    /// Where it is right.
    except: &'static [&'static str],
    why: &'static str,
}

const PURE: &[&str] = &["crates/proto/src", "crates/market/src", "crates/chart/src", "crates/sim/src"];
const ENGINE: &[&str] = &["src/engine.rs", "src/engine"];
const PUBLISHER: &[&str] = &["src/engine/publish.rs"];
const OURS: &[&str] = &["src", "crates", "bench", "e2e", "tests"];

const RULES: [Rule; 10] = [
    Rule {
        word: "request_animation_frame",
        within: OURS,
        except: &["src/frame.rs"],
        why: "one animation frame paints and publishes, and src/frame.rs asks for it",
    },
    Rule {
        word: "publish(self.signals",
        within: ENGINE,
        except: PUBLISHER,
        why: "messages and answers change plain state; the publisher writes signals, once a frame",
    },
    Rule {
        word: "publish(engine.signals",
        within: ENGINE,
        except: PUBLISHER,
        why: "messages and answers change plain state; the publisher writes signals, once a frame",
    },
    Rule { word: "leptos", within: OURS, except: &["src", "tests"], why: "only the page knows Leptos" },
    Rule { word: "set_inner_html", within: OURS, except: &[], why: "text from outside must stay text" },
    Rule {
        word: "inner_html",
        within: OURS,
        // Tests read it, to see that nothing got in.
        except: &["tests", "e2e"],
        why: "text from outside must stay text",
    },
    Rule { word: "Instant::now", within: PURE, except: &[], why: "the inner rooms are told the time" },
    Rule { word: "SystemTime::now", within: PURE, except: &[], why: "the inner rooms are told the time" },
    Rule { word: "thread::spawn", within: PURE, except: &[], why: "the inner rooms spawn nothing" },
    Rule {
        word: "api.alpaca.markets",
        within: &["src"],
        except: &[],
        why: "the page knows no live-trading host (write paper-api.alpaca.markets)",
    },
];

/// Hosts that contain a forbidden word and are right.
const HARMLESS: [&str; 1] = ["paper-api.alpaca.markets"];

/// Every break of a rule in the workspace.
pub(crate) fn broken_rules(root: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for folder in ["src", "crates", "bench", "e2e", "tests", "xtask", "fuzz"] {
        collect(&root.join(folder), &mut files)?;
    }
    files.sort();
    let mut broken = Vec::new();
    for path in files {
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let place = path.strip_prefix(root).unwrap_or(&path);
        broken.extend(broken_in(place, &text));
    }
    Ok(broken)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let skipped = path.file_name().is_some_and(|name| name == "target" || name == "node_modules");
        if path.is_dir() && !skipped {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

fn broken_in(place: &Path, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        broken.push(format!("{}: {lines} lines, more than {MAX_LINES}", place.display()));
    }
    let is_in = |places: &[&str]| places.iter().any(|within| place.starts_with(within));
    for rule in RULES.iter().filter(|rule| is_in(rule.within) && !is_in(rule.except)) {
        for (index, line) in text.lines().enumerate() {
            if uses(line, rule.word) {
                broken.push(format!("{}:{}: {}: {}", place.display(), index + 1, rule.word, rule.why));
            }
        }
    }
    broken
}

/// Whether code uses a word; a comment may speak of it.
fn uses(line: &str, word: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with("//") || !line.contains(word) {
        return false;
    }
    let mut rest = line.to_owned();
    for harmless in HARMLESS {
        rest = rest.replace(harmless, "");
    }
    let word_part = |c: char| c.is_alphanumeric() || c == '_';
    rest.match_indices(word).any(|(start, found)| {
        let before = rest.get(..start).and_then(|text| text.chars().next_back());
        let after = rest.get(start + found.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(word_part) && !after.is_some_and(word_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(place: &str, text: &str) -> Vec<String> {
        broken_in(Path::new(place), text)
    }

    #[test]
    fn only_the_frame_asks_for_animation_frames() {
        let call = "window.request_animation_frame(callback)?;\n";
        assert!(broken("src/frame.rs", call).is_empty());
        assert_eq!(broken("src/panels/chart.rs", call).len(), 1);
        assert!(broken("src/panels/chart.rs", "// see request_animation_frame\n").is_empty());
    }

    #[test]
    fn only_the_publisher_writes_signals() {
        let call = "                publish(self.signals.history, HistoryState::Loading);\n";
        assert!(broken("src/engine/publish.rs", call).is_empty());
        assert_eq!(broken("src/engine/backfill.rs", call).len(), 1);
        assert_eq!(broken("src/engine/relay.rs", &call.replace("self", "engine")).len(), 1);
    }

    #[test]
    fn markup_from_text_is_refused_everywhere() {
        assert_eq!(broken("src/dom.rs", "element.set_inner_html(text);\n").len(), 1);
        assert_eq!(broken("src/panels/news.rs", "<p inner_html=text/>\n").len(), 1);
    }

    #[test]
    fn words_are_whole_words() {
        assert!(uses("use leptos::prelude::*;", "leptos"));
        assert!(!uses("let leptospira = 1;", "leptos"));
        assert!(broken("src/a.rs", "\"https://paper-api.alpaca.markets\"\n").is_empty());
        assert_eq!(broken("src/a.rs", "\"https://api.alpaca.markets\"\n").len(), 1);
    }

    #[test]
    fn inner_rooms_have_no_clock() {
        assert_eq!(broken("crates/sim/src/a.rs", "let now = Instant::now();\n").len(), 1);
        assert!(broken("crates/relay/src/a.rs", "let now = Instant::now();\n").is_empty());
    }

    #[test]
    fn long_files_are_named() {
        assert_eq!(broken("xtask/src/a.rs", &"\n".repeat(MAX_LINES + 1)).len(), 1);
    }
}
