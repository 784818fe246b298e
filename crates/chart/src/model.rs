//! What is shown: bars, scales, viewport, ticks and time zone. No pixels of a screen, no colours.

pub mod bars;
pub mod civil;
pub mod extent;
pub mod price_ticks;
pub mod scale;
pub mod slots;
pub mod time_ticks;
pub mod viewport;
pub mod zone;
