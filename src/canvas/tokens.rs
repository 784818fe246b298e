//! The chart's colours, from the style sheet.

use web_sys::CssStyleDeclaration;
use wickwire_chart::{Color, Error, Theme};

/// Reads the colours in force on the root element. Makes the browser compute styles: once a theme
/// change, not once a frame.
///
/// # Errors
/// [`Error::Token`] when the style sheet lacks a colour, or is not there yet.
pub fn theme() -> Result<Theme, Error> {
    let style = style();
    Theme::from_tokens(|name| style.as_ref()?.get_property_value(name).ok())
}

/// The colour in force of one token; `None` where the style sheet lacks it, or is not there yet.
#[must_use]
pub fn token(name: &str) -> Option<Color> {
    Color::parse(&style()?.get_property_value(name).ok()?)
}

fn style() -> Option<CssStyleDeclaration> {
    let window = web_sys::window()?;
    let root = window.document()?.document_element()?;
    window.get_computed_style(&root).ok().flatten()
}
