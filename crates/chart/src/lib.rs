//! Turns columns of bars into a picture on any plotters backend.
