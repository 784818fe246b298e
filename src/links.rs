//! Which addresses from a feed may become links: http and https, with a host and nothing odd.

/// An address that is safe to offer, and its host to show beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeLink {
    /// The whole address, as the browser would write it.
    pub href: String,
    /// The host, in the browser's ASCII form, so that look-alike letters show as `xn--`.
    pub host: String,
}

/// Longest address taken from a feed, in bytes.
pub const MAX_LINK_BYTES: usize = 2048;

/// The link for `address`, or `None` if it must not become one.
///
/// The browser's own parser decides, so that what is checked is what would be opened. Refused:
/// any scheme but http and https, user names and passwords, addresses relative to this page,
/// control characters and blanks that parsers drop silently, and addresses over
/// [`MAX_LINK_BYTES`].
#[must_use]
pub fn safe_link(address: &str) -> Option<SafeLink> {
    if address.len() > MAX_LINK_BYTES || address.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    // Each by itself: a search for texts is code that nothing else of the page needs.
    let (scheme, rest) = address.split_once(':')?;
    let rest = rest.strip_prefix("//")?;
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    // A backslash is a slash to browsers and not to others: nobody writes it in good faith.
    if !web || rest.is_empty() || rest.starts_with('/') || address.contains('\\') {
        return None;
    }
    // Looked for in the text, as the parser drops an empty user name without a word.
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return None;
    }
    let url = web_sys::Url::new(address).ok()?;
    let protocol_is_web = matches!(url.protocol().as_str(), "https:" | "http:");
    let host = url.host();
    if !protocol_is_web || host.is_empty() || !url.username().is_empty() || !url.password().is_empty() {
        return None;
    }
    Some(SafeLink { href: url.href(), host })
}

/// Resolves the handful of character references that agencies leave in headlines, once. The
/// result is shown as text, so whatever comes out is harmless; it only has to read well.
#[must_use]
pub fn decode_entities(text: &str) -> String {
    /// Longest reference looked for, without `&` and `;`.
    const MAX_REFERENCE: usize = 10;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let body = from.get(1..).unwrap_or_default();
        let reference = body
            .char_indices()
            .take(MAX_REFERENCE + 1)
            .find(|(_, c)| *c == ';')
            .and_then(|(end, _)| body.get(..end));
        match reference.and_then(|r| Some((r.len(), resolve(r)?))) {
            Some((length, c)) => {
                out.push(c);
                rest = body.get(length + 1..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = body;
            }
        }
    }
    out.push_str(rest);
    out
}

fn resolve(reference: &str) -> Option<char> {
    if let Some(number) = reference.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control());
    }
    Some(match reference {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" => '\'',
        "lsquo" => '‘',
        "ldquo" => '“',
        "rdquo" => '”',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "euro" => '€',
        "pound" => '£',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::decode_entities;

    #[test]
    fn references_are_resolved_once() {
        for (text, expected) in [
            ("AT&amp;T up", "AT&T up"),
            ("S&amp;amp;P", "S&amp;P"),
            ("&#39;x&#x27;", "'x'"),
            ("a & b", "a & b"),
            ("&unknown; &", "&unknown; &"),
            ("&#0;&#x110000;&#xD800;", "&#0;&#x110000;&#xD800;"),
            ("ä&lt;b&gt;", "ä<b>"),
            ("&#000000065;", "A"),
            ("&#0000000065;", "&#0000000065;"),
            ("&ääääääääääää;", "&ääääääääääää;"),
            ("", ""),
        ] {
            assert_eq!(decode_entities(text), expected);
        }
    }
}
