//! One component each: layout, input, accessibility. No market logic.

pub mod chart;
pub mod connection;
pub mod news;
pub mod quote;
pub mod source;
pub mod spread_chart;
pub mod symbol;
pub mod timeframe;
