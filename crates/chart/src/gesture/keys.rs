//! Which key does what.

use super::action::Action;

/// Bars that arrows move by with Shift, and the view with Ctrl.
pub const MANY_BARS: i32 = 10;

/// All keys of the chart, and what they do: for people. Where one is about a pane, it is that of the
/// crosshair.
pub const KEYS: &[(&str, &str)] = &[
    ("← →", "Move the crosshair by one bar"),
    ("Shift + ← →", "Move the crosshair by ten bars"),
    ("↑ ↓", "Move the crosshair to the pane above or below"),
    ("Ctrl + ← →", "Scroll by ten bars"),
    ("Page Up, Page Down", "Scroll by a page"),
    ("Home", "Go to the first bar"),
    ("End", "Go to the last bar and follow it"),
    ("+ −", "Zoom in and out"),
    ("0", "Zoom as at first, at the last bar"),
    ("Shift + ↑ ↓", "Stretch and squeeze the price axis"),
    ("Alt + ↑ ↓", "Show higher or lower prices"),
    ("A", "Let the price axis follow the bars again"),
    ("Alt + Shift + ↑ ↓", "Make the pane taller or shorter"),
    ("R", "Reset the view and all axes"),
    ("Enter", "Show the headlines at the crosshair"),
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
    /// `a`, in either case.
    Auto,
    /// `r`, in either case.
    Reset,
    /// `0`.
    Zero,
    /// Enter.
    Enter,
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
            "a" | "A" => Self::Auto,
            "r" | "R" => Self::Reset,
            "0" => Self::Zero,
            "Enter" => Self::Enter,
            _ => Self::Other,
        }
    }

    /// What it does. With the control key only arrows to the sides are the chart's: the browser zooms with
    /// `+`. With Alt only those up and down: to the sides they are the browser's history.
    pub(super) fn action(self, shift: bool, ctrl: bool, alt: bool) -> Option<Action> {
        let along = |way: i32| match (ctrl, shift) {
            (true, _) => Action::PanBars(way * MANY_BARS),
            (false, true) => Action::Walk(way * MANY_BARS),
            (false, false) => Action::Walk(way),
        };
        let across = |way: i32| match (alt, shift) {
            (true, true) => Action::GrowStep(way),
            (true, false) => Action::PanStep(way),
            (false, true) => Action::ScaleStep(way),
            (false, false) => Action::WalkPanes(-way),
        };
        Some(match self {
            Self::Up if !ctrl => across(1),
            Self::Down if !ctrl => across(-1),
            _ if alt => return None,
            Self::Left => along(-1),
            Self::Right => along(1),
            _ if ctrl => return None,
            Self::Plus => Action::ZoomStep(1),
            Self::Minus => Action::ZoomStep(-1),
            Self::Home => Action::GoStart,
            Self::End => Action::GoLive,
            Self::PageUp => Action::PanPages(-1),
            Self::PageDown => Action::PanPages(1),
            Self::Escape => Action::Escape,
            Self::Help => Action::Help,
            Self::Auto => Action::ResetPointed,
            Self::Reset => Action::ResetAll,
            Self::Zero => Action::ResetTime,
            Self::Enter => Action::Headlines,
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
        // Row of the list, name, what is held, action.
        let keys = [
            ("← →", "ArrowLeft", "", Walk(-1)),
            ("← →", "ArrowRight", "", Walk(1)),
            ("Shift + ← →", "ArrowLeft", "S", Walk(-10)),
            ("Shift + ← →", "ArrowRight", "S", Walk(10)),
            ("↑ ↓", "ArrowUp", "", WalkPanes(-1)),
            ("↑ ↓", "ArrowDown", "", WalkPanes(1)),
            ("Ctrl + ← →", "ArrowLeft", "C", PanBars(-10)),
            ("Ctrl + ← →", "ArrowRight", "C", PanBars(10)),
            ("Page Up, Page Down", "PageUp", "", PanPages(-1)),
            ("Page Up, Page Down", "PageDown", "", PanPages(1)),
            ("Home", "Home", "", GoStart),
            ("End", "End", "", GoLive),
            ("+ −", "+", "S", ZoomStep(1)),
            ("+ −", "=", "", ZoomStep(1)),
            ("+ −", "-", "", ZoomStep(-1)),
            ("+ −", "_", "S", ZoomStep(-1)),
            ("0", "0", "", ResetTime),
            ("Shift + ↑ ↓", "ArrowUp", "S", ScaleStep(1)),
            ("Shift + ↑ ↓", "ArrowDown", "S", ScaleStep(-1)),
            ("Alt + ↑ ↓", "ArrowUp", "A", PanStep(1)),
            ("Alt + ↑ ↓", "ArrowDown", "A", PanStep(-1)),
            ("A", "a", "", ResetPointed),
            ("A", "A", "S", ResetPointed),
            ("Alt + Shift + ↑ ↓", "ArrowUp", "AS", GrowStep(1)),
            ("Alt + Shift + ↑ ↓", "ArrowDown", "AS", GrowStep(-1)),
            ("R", "r", "", ResetAll),
            ("R", "R", "S", ResetAll),
            ("Enter", "Enter", "", Headlines),
            ("Esc", "Escape", "", Escape),
            ("?", "?", "S", Help),
        ];
        for (_, name, held, action) in keys {
            assert_eq!(pressed(name, held), Some(action), "{name}");
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
        let others = [
            ("+", "C"),
            ("-", "C"),
            ("0", "C"),
            ("a", "C"),
            ("r", "CS"),
            ("Home", "C"),
            ("Home", "A"),
            ("ArrowUp", "C"),
            ("ArrowUp", "CA"),
            ("ArrowLeft", "A"),
            ("ArrowRight", "CA"),
            ("r", "A"),
            ("i", ""),
        ];
        for (name, held) in others {
            assert_eq!(pressed(name, held), None, "{held} {name}");
        }
    }

    /// What a key does while Shift, Ctrl and Alt are held, by their first letters.
    fn pressed(name: &str, held: &str) -> Option<Action> {
        Key::named(name).action(held.contains('S'), held.contains('C'), held.contains('A'))
    }
}
