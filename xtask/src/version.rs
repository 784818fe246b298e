//! Version numbers as the tools print them.

use std::fmt;

/// `major.minor.patch`; what follows (`-nightly`, build notes) is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) patch: u32,
}

impl Version {
    pub(crate) const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// The first version in a line such as `trunk 0.21.14` or `Chromium 156.0.8078.79 built on …`.
    /// A lone number (`version 132`) counts as a major version.
    pub(crate) fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let word = word.strip_prefix('v').unwrap_or(word);
        let mut parts = word.split('.').map(|part| {
            let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            part.get(..digits).and_then(|digits| digits.parse::<u32>().ok())
        });
        let major = parts.next()??;
        let minor = parts.next().flatten().unwrap_or(0);
        let patch = parts.next().flatten().unwrap_or(0);
        Some(Self { major, minor, patch })
    }

    /// Whether a tool of this version does where `wanted` is asked for: Cargo's caret rule.
    pub(crate) fn serves_for(self, wanted: Self) -> bool {
        let same_line = self.major == wanted.major && (wanted.major > 0 || self.minor == wanted.minor);
        same_line && self >= wanted
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_versions_in_what_tools_print() {
        let cases = [
            ("trunk 0.21.14", Version::new(0, 21, 14)),
            ("wasm-bindgen 0.2.130", Version::new(0, 2, 130)),
            ("wasm-opt version 132 (version_132)", Version::new(132, 0, 0)),
            ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12", Version::new(156, 0, 8078)),
            ("rustc 1.97.0-nightly (abc 2026-05-25)", Version::new(1, 97, 0)),
            ("v20.20.2", Version::new(20, 20, 2)),
        ];
        for (text, expected) in cases {
            assert_eq!(Version::find(text), Some(expected), "{text}");
        }
        assert_eq!(Version::find("command not found"), None);
    }

    #[test]
    fn compares_by_number_not_by_letter() {
        assert!(Version::new(0, 21, 9) < Version::new(0, 21, 14));
        assert!(Version::new(1, 100, 0) > Version::new(1, 96, 1));
    }

    #[test]
    fn serves_for_follows_the_caret_rule() {
        let wanted = Version::new(0, 21, 14);
        assert!(Version::new(0, 21, 14).serves_for(wanted));
        assert!(Version::new(0, 21, 20).serves_for(wanted));
        assert!(!Version::new(0, 21, 13).serves_for(wanted));
        assert!(!Version::new(0, 22, 1).serves_for(wanted));
        assert!(Version::new(132, 4, 0).serves_for(Version::new(132, 0, 0)));
        assert!(!Version::new(133, 0, 0).serves_for(Version::new(132, 0, 0)));
    }
}
