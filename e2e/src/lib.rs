//! End-to-end harness: the built page in a real browser against the relay, through a proxy that can
//! do what networks do.
//!
//! | room | purpose |
//! | --- | --- |
//! | [`browser`] | one headless browser with an empty profile, ended by its own driver |
//! | [`roles`] | finds elements as people do: by role and accessible name |
//! | [`screen`] | reads the page's panels: status, table, quote, news |
//! | [`chart`] | reads the chart's summary and legends, and knows where its parts are |
//! | [`axis`] | rows and values of the chart, by the labels of its axes |
//! | [`hand`] | mouse, fingers, wheel and keys |
//! | [`picture`] | the pixels of the page |
//! | [`painted`] | the words that are painted on canvases |
//! | [`fault`] | a TCP proxy on loopback that refuses, cuts in mid-frame or swallows |
//! | [`site`] | the relay in this process, behind the proxy |
//! | [`files`] | the page as GitHub Pages serves it: files under a path prefix |
//! | [`tape`] | a recording of our own making, of which every bar is known |
//! | [`recordings`] | where recordings are, and what they hold |
//! | [`report`] | the folder for screenshots |
//! | [`soak`], [`memory`] | the page for a long time under a fast market |
//!
//! Everything listens on loopback only and ends with the test.

pub mod axis;
pub mod browser;
pub mod chart;
pub mod fault;
pub mod files;
pub mod hand;
pub mod memory;
pub mod painted;
pub mod picture;
pub mod recordings;
pub mod report;
pub mod roles;
pub mod screen;
pub mod site;
pub mod soak;
pub mod tape;

pub use axis::Ruler;
pub use browser::{Browser, Look};
pub use chart::{PAINTS, SHOWS, Stage, TELLS, View};
pub use fault::{Fault, Proxy};
pub use files::Files;
pub use hand::Step;
pub use picture::Picture;
pub use roles::Role;
pub use site::Site;
pub use tape::Tape;
