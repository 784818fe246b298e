//! Dark or light: the system's choice unless the person made one. That choice and the layout of
//! the chart ([`crate::layout`]) are all that this page ever puts into storage.

use crate::dom;

/// The storage key.
pub const STORAGE_KEY: &str = "wickwire.theme";

/// What the person chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Theme {
    /// The stored choice; [`Theme::System`] if there is none or storage is closed.
    #[must_use]
    pub fn read() -> Self {
        let stored = dom::storage().and_then(|s| s.get_item(STORAGE_KEY).ok().flatten());
        match stored.as_deref() {
            Some("dark") => Self::Dark,
            Some("light") => Self::Light,
            _ => Self::System,
        }
    }

    /// Keeps the choice, and writes it on the root element, where the style sheet looks.
    pub fn apply(self) {
        if let Some(root) = dom::document().and_then(|d| d.document_element()) {
            let _ = match self.key() {
                Some(key) => root.set_attribute("data-theme", key),
                None => root.remove_attribute("data-theme"),
            };
        }
        let Some(storage) = dom::storage() else { return };
        let _ = match self.key() {
            Some(key) => storage.set_item(STORAGE_KEY, key),
            None => storage.remove_item(STORAGE_KEY),
        };
    }

    /// Whether the page is dark now.
    #[must_use]
    pub fn is_dark(self) -> bool {
        match self {
            Self::System => !dom::media_matches("(prefers-color-scheme: light)"),
            Self::Dark => true,
            Self::Light => false,
        }
    }

    /// The other one.
    #[must_use]
    pub fn toggled(self) -> Self {
        if self.is_dark() { Self::Light } else { Self::Dark }
    }

    const fn key(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Dark => Some("dark"),
            Self::Light => Some("light"),
        }
    }
}
