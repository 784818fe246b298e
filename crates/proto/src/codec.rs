//! The two ways of writing values: JSON and MessagePack.
