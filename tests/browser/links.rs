//! Addresses from a feed, good and hostile.

use wasm_bindgen_test::wasm_bindgen_test;
use wickwire::links::{MAX_LINK_BYTES, safe_link};

#[wasm_bindgen_test]
fn ordinary_addresses_become_links() {
    for (address, host) in [
        ("https://www.benzinga.com/news/1", "www.benzinga.com"),
        ("http://example.com", "example.com"),
        ("HTTPS://EXAMPLE.com/a?b=c#d", "example.com"),
        ("https://example.com:8443/x", "example.com:8443"),
        ("https://example.com/a@b", "example.com"),
        ("https://example.com/?next=javascript:alert(1)", "example.com"),
        ("https://[::1]/", "[::1]"),
        // A look-alike shows its true face.
        ("https://аpple.com/", "xn--pple-43d.com"),
    ] {
        let link = safe_link(address).unwrap_or_else(|| panic!("{address}"));
        assert_eq!(link.host, host, "{address}");
        assert!(link.href.starts_with("https://") || link.href.starts_with("http://"));
    }
}

#[wasm_bindgen_test]
fn hostile_addresses_do_not() {
    let long = format!("https://example.com/{}", "a".repeat(MAX_LINK_BYTES));
    for address in [
        "",
        " ",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\u{1}javascript:alert(1)",
        " javascript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "javascript:https://example.com",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "ftp://example.com/",
        "ws://example.com/",
        "wss://example.com/",
        "blob:https://example.com/1",
        "filesystem:https://example.com/1",
        "about:blank",
        "chrome://settings",
        "view-source:https://example.com",
        "intent://example.com#Intent;end",
        "mailto:a@example.com",
        "tel:+1",
        "//example.com/",
        "///example.com/",
        "/relative",
        "relative",
        "?query",
        "#fragment",
        "../up",
        "https:example.com",
        "https:/example.com",
        "https:///example.com",
        "https:\\\\example.com",
        "https://example.com\\@evil.example",
        "https://",
        "http://?x",
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "https://@example.com/",
        "https://example.com:80@evil.example/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://example.com/\n",
        "https://example.com/\u{0}",
        "h\u{0}ttps://example.com/",
        "hTtPs ://example.com",
        "https://%00/",
        "https://[::1/",
        "&#106;avascript:alert(1)",
        "%6Aavascript:alert(1)",
        &long,
    ] {
        assert_eq!(safe_link(address), None, "{address:?}");
    }
}

#[wasm_bindgen_test]
fn what_was_accepted_is_accepted_again() {
    for address in ["https://example.com/ä?ö#ü", "http://EXAMPLE.com:80/%7e", "https://例え.jp/"] {
        let link = safe_link(address).unwrap();
        let again = safe_link(&link.href).unwrap();
        assert_eq!(link, again);
    }
}
