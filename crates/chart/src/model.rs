//! What is shown: bars, panes, scales, viewport, ticks, marks and time zone. No pixels of a screen.

pub mod bars;
pub mod change;
pub mod civil;
pub mod extent;
pub mod heikin_ashi;
pub mod marks;
pub mod pane;
pub mod price_ticks;
pub mod pyramid;
pub mod scale;
pub mod series_kind;
pub mod shown;
pub mod slots;
pub mod time_ticks;
pub mod viewport;
pub mod zone;
