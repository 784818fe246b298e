//! The Leptos application: the only room that knows a browser.
//!
//! | room | purpose |
//! | --- | --- |
//! | [`app`] | the page: mount, layout |
//! | [`engine`] | sole owner of sessions, store and transports: frame in, dirty bits out |
//! | [`frame`] | the one animation frame: merge, publish, paint, measure |
//! | [`transport`] | a socket or the exchange in the page, as open, frame and closed events |
//! | [`rest`] | history and news over HTTP, or from the exchange in the page |
//! | [`source`], [`url`] | where the data comes from; the view in the address bar |
//! | [`layout`] | what a person chose about the chart; kept between visits |
//! | [`state`] | signals, written once a frame |
//! | [`canvas`] | drawing on canvas elements: our plotters backend, layers, colours |
//! | [`panels`] | a part of the page each: layout, input, accessibility |
//! | [`ui`] | elements without types of their own, bound to signals |
//! | [`widgets`] | controls that are built once and used all over |
//! | [`export`] | files and links that leave the page |
//! | [`announce`] | what the page says by itself |
//! | [`dom`], [`mod@format`], [`links`], [`theme`] | small things around the browser |

use gloo_timers::callback::Timeout;

pub mod announce;
pub mod app;
pub mod canvas;
pub mod dom;
pub mod engine;
pub mod export;
pub mod format;
pub mod frame;
pub mod layout;
pub mod links;
pub mod panels;
pub mod rest;
pub mod source;
pub mod state;
pub mod theme;
pub mod transport;
pub mod ui;
pub mod url;
pub mod widgets;

/// Hooks for panics, then mounts the application into the body.
pub fn start() {
    console_error_panic_hook::set_once();
    dom::remove_boot_notice();
    if let Some(body) = dom::document().and_then(|document| document.body()) {
        ui::El::mount(&body, app::app).forget();
        // After the page itself. Where it is not possible, the first picture says so.
        Timeout::new(0, || {
            panels::chart::warm::warm_up();
        })
        .forget();
    }
}
