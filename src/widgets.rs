//! Controls that are built once and used all over: a menu, rows of a form, icons.
//!
//! They take data instead of markup and are not generic: each kind of control is compiled once.

pub mod field;
pub mod icon;
pub mod menu;
