//! Which key does what.

use super::action::Action;

/// Bars that arrows move by with Shift, and the view with Ctrl.
pub const MANY_BARS: i32 = 10;
/// How much one key press stretches the price axis.
pub const KEY_SCALE: f64 = 1.1;

/// All keys of the chart, and what they do: for people.
pub const KEYS: &[(&str, &str)] = &[
    ("← →", "Move the crosshair by one bar"),
    ("Shift + ← →", "Move the crosshair by ten bars"),
    ("Ctrl + ← →", "Scroll by ten bars"),
    ("Page Up, Page Down", "Scroll by a page"),
    ("Home", "Go to the first bar"),
    ("End", "Go to the last bar and follow it"),
    ("+ −", "Zoom in and out"),
    ("Shift + ↑ ↓", "Stretch and squeeze the price axis"),
    ("Esc", "Put the crosshair away"),
    ("?", "Show these keys"),
];

/// A key that the chart knows, or another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// Arrow to the left.
    Left,
    /// Arrow to the right.
    Right,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// `+`, or `=` on the same key.
    Plus,
    /// `-`, or `_` on the same key.
    Minus,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Escape.
    Escape,
    /// `?`.
    Help,
    /// Any other: it ends a flick and does nothing else.
    Other,
}

impl Key {
    /// The key of this name (the values of `KeyboardEvent.key`, W3C UI Events).
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "ArrowLeft" => Self::Left,
            "ArrowRight" => Self::Right,
            "ArrowUp" => Self::Up,
            "ArrowDown" => Self::Down,
            "+" | "=" => Self::Plus,
            "-" | "_" => Self::Minus,
            "Home" => Self::Home,
            "End" => Self::End,
            "PageUp" => Self::PageUp,
            "PageDown" => Self::PageDown,
            "Escape" => Self::Escape,
            "?" => Self::Help,
            _ => Self::Other,
        }
    }

    /// What it does. With the control key only arrows are the chart's: the browser zooms with `+`.
    pub(super) fn action(self, shift: bool, ctrl: bool) -> Option<Action> {
        let along = |way: i32| match (ctrl, shift) {
            (true, _) => Action::PanBars(way * MANY_BARS),
            (false, true) => Action::Walk(way * MANY_BARS),
            (false, false) => Action::Walk(way),
        };
        let scale = |factor| Action::ScalePrice { pane: 0, anchor: None, factor };
        Some(match self {
            Self::Left => along(-1),
            Self::Right => along(1),
            _ if ctrl => return None,
            Self::Up if shift => scale(KEY_SCALE),
            Self::Down if shift => scale(1.0 / KEY_SCALE),
            Self::Plus => Action::ZoomStep(1),
            Self::Minus => Action::ZoomStep(-1),
            Self::Home => Action::GoStart,
            Self::End => Action::GoLive,
            Self::PageUp => Action::PanPages(-1),
            Self::PageDown => Action::PanPages(1),
            Self::Escape => Action::Escape,
            Self::Help => Action::Help,
            Self::Up | Self::Down | Self::Other => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_key_works_and_every_working_key_is_listed() {
        use Action::*;
        let price = |factor| ScalePrice { pane: 0, anchor: None, factor };
        // Row of the list, name, Shift, Ctrl, action.
        let keys = [
            ("← →", "ArrowLeft", false, false, Walk(-1)),
            ("← →", "ArrowRight", false, false, Walk(1)),
            ("Shift + ← →", "ArrowLeft", true, false, Walk(-10)),
            ("Shift + ← →", "ArrowRight", true, false, Walk(10)),
            ("Ctrl + ← →", "ArrowLeft", false, true, PanBars(-10)),
            ("Ctrl + ← →", "ArrowRight", false, true, PanBars(10)),
            ("Page Up, Page Down", "PageUp", false, false, PanPages(-1)),
            ("Page Up, Page Down", "PageDown", false, false, PanPages(1)),
            ("Home", "Home", false, false, GoStart),
            ("End", "End", false, false, GoLive),
            ("+ −", "+", true, false, ZoomStep(1)),
            ("+ −", "=", false, false, ZoomStep(1)),
            ("+ −", "-", false, false, ZoomStep(-1)),
            ("+ −", "_", true, false, ZoomStep(-1)),
            ("Shift + ↑ ↓", "ArrowUp", true, false, price(KEY_SCALE)),
            ("Shift + ↑ ↓", "ArrowDown", true, false, price(1.0 / KEY_SCALE)),
            ("Esc", "Escape", false, false, Escape),
            ("?", "?", true, false, Help),
        ];
        for (_, name, shift, ctrl, action) in keys {
            assert_eq!(Key::named(name).action(shift, ctrl), Some(action), "{name}");
        }
        let listed: Vec<&str> = KEYS.iter().map(|(keys, _)| *keys).collect();
        for row in &listed {
            assert!(keys.iter().any(|key| key.0 == *row), "{row} does nothing");
        }
        for key in keys {
            assert!(listed.contains(&key.0), "{} is not listed", key.0);
        }
    }

    #[test]
    fn keys_of_browser_and_page_are_left_alone() {
        for (name, ctrl) in [("+", true), ("-", true), ("Home", true), ("ArrowUp", false), ("a", false)] {
            assert_eq!(Key::named(name).action(false, ctrl), None, "{name}");
        }
    }
}
