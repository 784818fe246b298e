//! Turns columns of bars into a picture.
//!
//! Three rooms that never mix:
//!
//! - [`model`]: what is shown. Bars behind the [`Bars`] trait, price scale, viewport, ticks, time zone.
//! - [`view`]: model to whole device pixels. Every rule of snapping and layout is here.
//! - [`render`]: a [`Scene`] of rectangles and texts, and the [`Surface`] it is painted on.
//!   [`Plotters`] makes a surface of any plotters [`DrawingBackend`](plotters_backend::DrawingBackend)
//!   that writes texts itself.
//!
//! [`Chart`] joins them: the application tells it about data, size, theme and pointer, and asks it
//! once a frame to [paint](Chart::paint) what changed on three stacked layers. [`spread`] draws the
//! bid, the ask and the spread over time on any surface.
//!
//! The crate knows no browser, no market, no clock and no log. Positions and sizes are device
//! pixels, times are nanoseconds since the Unix epoch, prices are `f64` as received.

pub mod chart;
pub mod error;
pub mod format;
pub mod gesture;
pub mod legend;
pub mod model;
pub mod render;
pub mod spread;
pub mod theme;
pub mod view;

pub use chart::{Chart, Content, Layers, Options, Style};
pub use error::Error;
pub use legend::Legend;
pub use model::bars::{Bars, Columns, Flags, Slices};
pub use model::change::Change;
pub use model::marks::Marks;
pub use model::pane::{PaneSpec, Plot, PlotStyle, Values};
pub use model::scale::ScaleMode;
pub use model::series_kind::SeriesKind;
pub use model::zone::{Utc, Zone};
pub use render::plotters_surface::Plotters;
pub use render::scene::{Rect, Scene};
pub use render::surface::{Anchor, Font, Surface};
pub use theme::{Color, Theme};
