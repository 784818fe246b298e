//! The REST responses that a chart needs. Types follow.
