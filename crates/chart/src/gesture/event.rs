//! What the recognizer is told.

use super::keys::Key;

/// The part of the chart that a position is on. The caller knows the layout and says which.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Region {
    /// Where the bars of a pane are; pane 0 is the topmost.
    Plot {
        /// Which pane.
        pane: usize,
    },
    /// The price labels of a pane.
    PriceAxis {
        /// Which pane.
        pane: usize,
    },
    /// The time labels.
    TimeAxis {
        /// Right edge of the plots, CSS pixels: the line about which this axis is stretched.
        right: f64,
    },
    /// The row of news marks: moves with the bars, and is clicked on.
    News,
    /// The line between two panes.
    Splitter {
        /// The pane above it.
        above: usize,
    },
    /// Where the two axes meet.
    Corner,
    /// Not on the chart.
    Outside,
}

/// What points.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Hovers and presses, to the pixel.
    Mouse,
    /// Hovers and presses; the tip trembles.
    Pen,
    /// A finger: does not hover, and there may be two.
    Touch,
}

/// Something that happened. Positions are CSS pixels from the left and upper edge of the chart,
/// times are milliseconds of one clock that does not go backwards.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Event {
    /// A button or a finger went down.
    PointerDown {
        /// Which pointer.
        id: i32,
        /// What points.
        kind: Kind,
        /// Whether it is the first button, or a finger. Others end a flick and do nothing else.
        primary: bool,
        /// Where from the left.
        x: f64,
        /// Where from the top.
        y: f64,
        /// What is there.
        region: Region,
        /// When.
        time_ms: f64,
    },
    /// A pointer is somewhere else.
    PointerMove {
        /// Which pointer.
        id: i32,
        /// What points.
        kind: Kind,
        /// Whether the first button, or the finger, is down.
        pressed: bool,
        /// Where from the left.
        x: f64,
        /// Where from the top.
        y: f64,
        /// When.
        time_ms: f64,
    },
    /// The button or the finger went up.
    PointerUp {
        /// Which pointer.
        id: i32,
        /// Where from the left.
        x: f64,
        /// Where from the top.
        y: f64,
        /// When.
        time_ms: f64,
    },
    /// The browser took the pointer away, or its capture was lost: whatever it did ends.
    PointerCancel {
        /// Which pointer.
        id: i32,
    },
    /// A pointer left the chart.
    PointerLeave {
        /// What points.
        kind: Kind,
    },
    /// The wheel, or two fingers on a trackpad.
    Wheel {
        /// Where from the left.
        x: f64,
        /// Where from the top.
        y: f64,
        /// Travel to the right, CSS pixels.
        dx: f64,
        /// Travel down, CSS pixels.
        dy: f64,
        /// What is there.
        region: Region,
        /// The control key is down; browsers say so of a trackpad's pinch, too.
        ctrl: bool,
        /// The shift key is down.
        shift: bool,
        /// When.
        time_ms: f64,
    },
    /// A double click of mouse or pen. Double taps are found by the recognizer itself.
    DoubleClick {
        /// What is there.
        region: Region,
    },
    /// A key went down, or repeats.
    Key {
        /// Which.
        key: Key,
        /// The shift key is down.
        shift: bool,
        /// The control key is down.
        ctrl: bool,
        /// The alternate key is down.
        alt: bool,
    },
    /// An animation frame, while the recognizer wants them.
    Tick {
        /// When.
        time_ms: f64,
    },
}
