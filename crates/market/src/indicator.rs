//! Technical indicators, O(1) a tick.
//!
//! [`kind`] is the table of what there is: names, parameters, outputs.

pub mod kind;

pub use kind::{
    MAX_LENGTH, MAX_OUTPUTS, MAX_PARAMS, Output, Param, Placement, Shape, StudyKind, StudySpec, Unit,
};
