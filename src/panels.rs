//! A part of the page each: layout, input, accessibility. No market logic.

pub mod chart;
pub mod connection;
pub mod controls;
pub mod indicators;
pub mod keys;
pub mod news;
pub mod quote;
pub mod settings;
pub mod sheet;
pub mod source;
pub mod spread_chart;
pub mod symbol;
pub mod timeframe;
