//! The chart's colours, from the style sheet.

use wickwire_chart::{Error, Theme};

/// Reads the colours in force on the root element. Makes the browser compute styles: once a theme
/// change, not once a frame.
///
/// # Errors
/// [`Error::Token`] when the style sheet lacks a colour, or is not there yet.
pub fn theme() -> Result<Theme, Error> {
    let style = web_sys::window().and_then(|window| {
        let root = window.document()?.document_element()?;
        window.get_computed_style(&root).ok().flatten()
    });
    Theme::from_tokens(|name| style.as_ref()?.get_property_value(name).ok())
}
