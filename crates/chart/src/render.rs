//! From numbers to marks: the scene and the surfaces it is painted on.

pub mod plotters_surface;
pub mod scene;
pub mod surface;
