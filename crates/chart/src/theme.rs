//! Colours, as named by the design tokens of the page.

use plotters_backend::BackendColor;

use crate::Error;

/// A colour with straight (not premultiplied) alpha.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Color {
    /// Red, 0 to 255.
    pub r: u8,
    /// Green, 0 to 255.
    pub g: u8,
    /// Blue, 0 to 255.
    pub b: u8,
    /// Alpha, 0 (clear) to 255 (opaque).
    pub a: u8,
}

impl Color {
    /// An opaque colour from its channels.
    #[must_use]
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b, a: u8::MAX }
    }

    /// Reads a colour of CSS in hexadecimal digits (CSS Color 4, section 5.2), with surrounding space
    /// allowed: `#RRGGBB`, `#RRGGBBAA`, and `#RGB` and `#RGBA`, where each digit stands for two. Tools
    /// that make style sheets small write the short forms.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?.as_bytes();
        let wide = match digits.len() {
            3 | 4 => 1,
            6 | 8 => 2,
            _ => return None,
        };
        let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
        let channel = |i: usize| {
            let (high, low) = (digit(i * wide)?, digit(i * wide + wide - 1)?);
            u8::try_from(high * 16 + low).ok()
        };
        let a = if digits.len() == 4 * wide { channel(3)? } else { u8::MAX };
        Some(Self { r: channel(0)?, g: channel(1)?, b: channel(2)?, a })
    }

    /// The same colour with its alpha scaled by `part` (0 to 1).
    #[must_use]
    pub fn fade(self, part: f64) -> Self {
        Self { a: (f64::from(self.a) * part.clamp(0.0, 1.0)).round() as u8, ..self }
    }

    /// How bright it looks, 0 to 255.
    fn brightness(self) -> f64 {
        0.299 * f64::from(self.r) + 0.587 * f64::from(self.g) + 0.114 * f64::from(self.b)
    }

    /// Alpha as a part of one.
    #[must_use]
    pub fn alpha(self) -> f64 {
        f64::from(self.a) / f64::from(u8::MAX)
    }
}

impl From<Color> for BackendColor {
    fn from(color: Color) -> Self {
        Self { alpha: color.alpha(), rgb: (color.r, color.g, color.b) }
    }
}

/// Opacity of volume bars.
const VOLUME_ALPHA: f64 = 0.35;
/// Opacity of the band between bid and ask, of gap bands and of area fills.
const BAND_ALPHA: f64 = 0.14;
/// Opacity of the tint of extended hours.
const EXTENDED_ALPHA: f64 = 0.05;

/// The colours of a chart.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Theme {
    /// Background of the pane.
    pub ground: Color,
    /// Grid lines, barely there.
    pub grid: Color,
    /// Lines between pane and axes, session breaks.
    pub border: Color,
    /// Crosshair tags and strong labels.
    pub text: Color,
    /// Axis labels.
    pub secondary: Color,
    /// Crosshair lines, gap marks.
    pub muted: Color,
    /// Rising bars and the bid.
    pub up: Color,
    /// Falling bars and the ask.
    pub down: Color,
    /// The line of the spread.
    pub accent: Color,
}

impl Theme {
    /// Reads the theme through `token`, which answers the value of a CSS custom property.
    ///
    /// # Errors
    /// [`Error::Token`] names the first token that is absent or no colour.
    pub fn from_tokens(mut token: impl FnMut(&str) -> Option<String>) -> Result<Self, Error> {
        let mut color =
            |name: &'static str| token(name).as_deref().and_then(Color::parse).ok_or(Error::Token(name));
        Ok(Self {
            ground: color("--ground")?,
            grid: color("--grid")?,
            border: color("--border")?,
            text: color("--text")?,
            secondary: color("--text-2")?,
            muted: color("--text-3")?,
            up: color("--up")?,
            down: color("--down")?,
            accent: color("--accent")?,
        })
    }

    /// Volume of a rising (or falling) bar.
    #[must_use]
    pub fn volume(&self, rising: bool) -> Color {
        self.direction(rising).fade(VOLUME_ALPHA)
    }

    /// Rising or falling.
    #[must_use]
    pub fn direction(&self, rising: bool) -> Color {
        if rising { self.up } else { self.down }
    }

    /// What can be read on a colour: that of ground and text which differs more from it in brightness.
    #[must_use]
    pub fn ink_on(&self, fill: Color) -> Color {
        let away = |ink: Color| (ink.brightness() - fill.brightness()).abs();
        if away(self.ground) >= away(self.text) { self.ground } else { self.text }
    }

    /// Behind pre-market and after-hours.
    #[must_use]
    pub fn extended(&self) -> Color {
        self.accent.fade(EXTENDED_ALPHA)
    }

    /// Where trading stood still.
    #[must_use]
    pub fn halt(&self) -> Color {
        self.down.fade(BAND_ALPHA)
    }

    /// Neutral band: between bid and ask, and where data is missing.
    #[must_use]
    pub fn band(&self) -> Color {
        self.muted.fade(BAND_ALPHA)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_from_tokens() {
        assert_eq!(Color::parse(" #26A69A "), Some(Color::rgb(0x26, 0xA6, 0x9A)));
        assert_eq!(Color::parse("#26a69a80"), Some(Color { r: 0x26, g: 0xA6, b: 0x9A, a: 0x80 }));
        assert_eq!(Color::parse("#fff"), Some(Color::rgb(0xFF, 0xFF, 0xFF)));
        assert_eq!(Color::parse("#1c2d"), Some(Color { r: 0x11, g: 0xCC, b: 0x22, a: 0xDD }));
        for bad in ["", "26A69A", "#26A69", "#26A69G", "#é6A69A", "#+6A69A", "#", "#f", "#ff", "red"] {
            assert_eq!(Color::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_missing_token_is_named() {
        let missing = Theme::from_tokens(|name| (name != "--up").then(|| "#102030".to_owned()));
        assert!(matches!(missing, Err(Error::Token("--up"))));
    }

    #[test]
    fn ink_differs_from_what_it_is_on() {
        let (black, white) = (Color::rgb(14, 17, 23), Color::rgb(255, 255, 255));
        for (ground, text) in [(black, white), (white, black)] {
            let theme = Theme { ground, text, ..Theme::default() };
            assert_eq!(theme.ink_on(Color::rgb(0xF2, 0xB8, 0x4B)), black);
            assert_eq!(theme.ink_on(Color::rgb(0x03, 0x69, 0xA1)), white);
        }
    }

    #[test]
    fn fading_scales_alpha() {
        assert_eq!(Color::rgb(1, 2, 3).fade(0.35).a, 89);
        assert_eq!(Color::rgb(1, 2, 3).fade(7.0).a, 255);
    }
}
