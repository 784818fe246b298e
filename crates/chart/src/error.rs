//! What can go wrong when drawing.

use plotters_backend::DrawingErrorKind;

/// A drawing that did not come out. The model is unharmed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The surface refused an operation (a lost canvas context, a full disk). Drop this frame and
    /// mark every layer for repainting; a surface that fails again should be made anew.
    #[error("the drawing surface failed: {0}")]
    Surface(String),
    /// A design token is absent or is not a `#RRGGBB` or `#RRGGBBAA` colour. Correct the style
    /// sheet; until then keep the theme in use.
    #[error("design token {0} is not a colour")]
    Token(&'static str),
}

impl<E: std::error::Error + Send + Sync> From<DrawingErrorKind<E>> for Error {
    fn from(error: DrawingErrorKind<E>) -> Self {
        Self::Surface(error.to_string())
    }
}
