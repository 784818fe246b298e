//! Drawing on canvas elements: our backend, its layers, and the colours of the style sheet.
//!
//! A frame's way to the pixels: the chart draws on the [`Stage`], whose layers put their calls on canvases of
//! their own (`layer`, `patch`, `rule`). Each of these is painted by a thread (`painted`, `painter`), or here,
//! by a [`Context`].
//!
//! [`Context`] paints on a 2D context. It is a plotters `DrawingBackend`, so anything that plotters
//! draws can be drawn on it, and a chart [`Surface`](wickwire_chart::Surface), which takes whole
//! batches of rectangles of one colour. A colour is turned into text and handed to the browser only
//! when it changes, coordinates are whole device pixels, and text is never measured through the DOM.

mod backend;
mod context;
mod figures;
mod layer;
mod measure;
mod painted;
mod painter;
mod patch;
mod rule;
mod shim;
mod size;
mod stage;
mod text;
mod tokens;

pub use context::{CanvasError, Context, DIGITS_FACE};
pub use figures::{FIGURE_GAP, Figure, Figures, NAME_GAP};
pub use measure::text_width;
pub use painter::settled;
pub use size::{BottomWatch, Size, SizeWatch, watch_bottom, watch_size};
pub use stage::Stage;
pub use text::TextWidths;
pub use tokens::{theme, token};

/// A new element in the document of `stage`.
fn element(stage: &web_sys::Element, name: &str) -> Result<web_sys::Element, CanvasError> {
    let document = stage.owner_document().or_else(crate::dom::document);
    Ok(document.ok_or_else(|| CanvasError::missing("document"))?.create_element(name)?)
}
