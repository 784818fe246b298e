//! What leaves the page: pictures, tables and layouts as files, links to the clipboard.

pub mod csv;
pub mod file;
pub mod picture;
pub mod svg;
