//! The page's content security policy, written into the built `index.html`.
//!
//! GitHub Pages sends no headers of ours, so the policy is a `<meta>`; the relay sends the same one as a
//! header. Trunk starts the module by an inline script, which only its hash lets run.

use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

/// The hosts the page may speak to besides its own origin. No live-trading host is among them.
const HOSTS: [&str; 4] = [
    "https://data.alpaca.markets",
    "https://paper-api.alpaca.markets",
    "wss://stream.data.alpaca.markets",
    "wss://paper-api.alpaca.markets",
];
const MARK: &str = "http-equiv=\"Content-Security-Policy\"";
/// As written in the page, and as trunk leaves it when it makes the page small.
const CHARSETS: [&str; 2] = ["<meta charset=\"utf-8\"", "<meta charset=utf-8"];

/// The page with its policy as the first element after the charset; `relay` is a further origin to connect to.
pub(crate) fn add_policy(html: &str, relay: Option<&str>) -> Result<String> {
    if html.contains(MARK) {
        bail!("index.html already holds a policy; the build writes it");
    }
    let lower = html.to_ascii_lowercase();
    let Some(start) = CHARSETS.iter().find_map(|charset| lower.find(charset)) else {
        bail!("index.html needs {}> at the head: the policy goes right after it", CHARSETS[0]);
    };
    let Some(length) = lower.get(start..).and_then(|rest| rest.find('>')) else {
        bail!("index.html ends inside its charset element");
    };
    let (head, rest) = html.split_at(start + length + 1);
    let policy = policy(&inline_scripts(html), relay);
    Ok(format!("{head}\n<meta {MARK} content=\"{policy}\">{rest}"))
}

fn policy(scripts: &[&str], relay: Option<&str>) -> String {
    let hashes: String = scripts.iter().map(|script| format!(" 'sha256-{}'", hash(script))).collect();
    let mut hosts = HOSTS.join(" ");
    if let Some(origin) = relay {
        // The same origin by its socket scheme: `https:` becomes `wss:`.
        let socket = origin.replacen("http", "ws", 1);
        hosts.push_str(&format!(" {origin} {socket}"));
    }
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
         img-src 'self' data: blob:; font-src 'self'; worker-src 'self' blob:; manifest-src 'self'; \
         connect-src 'self' {hosts}; base-uri 'self'; form-action 'none'; object-src 'none'"
    )
}

/// Contents of `<script>` elements without a source, exactly as the browser hashes them.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("<script") {
        let Some((attributes, after)) = after.split_once('>') else { break };
        let Some((content, after)) = after.split_once("</script>") else { break };
        if !attributes.split_whitespace().any(|attribute| attribute.starts_with("src=")) {
            found.push(content);
        }
        rest = after;
    }
    found
}

fn hash(script: &str) -> String {
    base64(&Sha256::digest(script.as_bytes()))
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let part = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = part(0) << 16 | part(1) << 8 | part(2);
        for place in 0..4 {
            let index = (group >> (18 - 6 * place) & 63) as usize;
            text.push(if place <= chunk.len() { char::from(LETTERS[index]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><html><head><meta charset=\"utf-8\" />\n<title>t</title>\
                        <script type=\"module\">\nimport init from './app.js';\n</script>\
                        <script src=\"./other.js\"></script></head></html>";

    #[test]
    fn base64_pads_as_rfc_4648_does() {
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (bytes, text) in cases {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn hashes_as_the_csp_specification_shows() {
        // The example of CSP level 3, section on hash sources.
        assert_eq!(hash("alert('Hello, world.');"), "qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }

    #[test]
    fn only_scripts_without_a_source_are_hashed() {
        assert_eq!(inline_scripts(PAGE), ["\nimport init from './app.js';\n"]);
    }

    #[test]
    fn the_policy_follows_the_charset_and_knows_no_live_trading_host() {
        let page = add_policy(PAGE, None).unwrap();
        let policy = page.find(MARK).unwrap();
        assert!(page.find("charset").unwrap() < policy && policy < page.find("<title>").unwrap());
        assert!(page.contains("'sha256-"));
        assert!(!page.contains("//api.alpaca.markets") && !page.contains("unsafe-inline"));
        assert!(add_policy(&page, None).is_err(), "a second policy would only ever narrow the first");
        assert!(add_policy("<head></head>", None).is_err());
    }

    #[test]
    fn a_page_that_was_made_small_gets_the_same_policy() {
        let small = "<!doctype html><meta charset=utf-8><title>t</title><script type=module>go()</script>";
        let page = add_policy(small, None).unwrap();
        assert!(page.starts_with("<!doctype html><meta charset=utf-8>\n<meta http-equiv="), "{page}");
        assert!(page.contains(&format!("'sha256-{}'", hash("go()"))));
    }

    #[test]
    fn a_relay_elsewhere_is_named_in_both_schemes() {
        let page = add_policy(PAGE, Some("https://relay.example")).unwrap();
        assert!(page.contains(" https://relay.example wss://relay.example;"));
    }
}
