//! Icons: paths on a grid of sixteen, drawn as lines in the colour of the text.

use crate::ui::{El, svg};

/// Three points below each other fall down: more.
pub const DOWN: &str = "M4.5 6.5 8 10l3.5-3.5";
/// An arrow up.
pub const UP: &str = "M8 13V3M4 7l4-4 4 4";
/// An arrow down.
pub const LOWER: &str = "M8 3v10M4 9l4 4 4-4";
/// A cross.
pub const CROSS: &str = "M4 4l8 8M12 4l-8 8";
/// An eye.
pub const EYE: &str =
    "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z";
/// An eye that is crossed out.
pub const EYE_OFF: &str = "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM2.5 14 13.5 2";
/// Sliders.
pub const SLIDERS: &str = "M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.5v4M6 9.5v4";
/// An arrow out of a tray.
pub const EXPORT: &str = "M8 10V2M5 5l3-3 3 3M2.5 9.5v4h11v-4";
/// A curve between axes.
pub const CURVE: &str = "M2 2v12h12M4.5 11c2-6 4 1 5.5-3s2-4 3.5-5";
/// A plus.
pub const PLUS: &str = "M8 3v10M3 8h10";

/// The icon of a path. It says nothing to a screen reader: its button has a name.
#[must_use]
pub fn icon(path: &str) -> El {
    picture("icon").child(svg("path", "").attr("d", path))
}

/// A picture on the grid, of a class, that says nothing to a screen reader.
#[must_use]
pub fn picture(class: &str) -> El {
    svg("svg", class).attrs(&[("viewBox", "0 0 16 16"), ("aria-hidden", "true"), ("focusable", "false")])
}
