//! Files to and from the person's own disk.

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};
use wickwire_market::Timeframe;
use wickwire_proto::time::Timestamp;

use crate::dom;

/// How long the browser may take to begin with a download before its address goes, milliseconds.
const REVOKE_AFTER_MS: u32 = 30_000;

/// Text in pieces becomes a file's content.
#[derive(Default)]
pub struct Pieces(Array);

impl Pieces {
    /// Appends a piece.
    pub fn push(&mut self, text: &str) {
        self.0.push(&JsValue::from_str(text));
    }

    /// Offers the content as a download. Whether the browser took it.
    pub fn save(&self, name: &str, media_type: &str) -> bool {
        let options = BlobPropertyBag::new();
        options.set_type(media_type);
        Blob::new_with_str_sequence_and_options(&self.0, &options).is_ok_and(|blob| save(name, &blob))
    }
}

/// Offers `blob` as a download under `name`. Whether the browser took it.
pub fn save(name: &str, blob: &Blob) -> bool {
    let Ok(address) = Url::create_object_url_with_blob(blob) else { return false };
    let link = dom::document()
        .and_then(|d| d.create_element("a").ok())
        .and_then(|a| a.dyn_into::<HtmlAnchorElement>().ok());
    let Some(link) = link else { return false };
    link.set_href(&address);
    link.set_download(name);
    link.click();
    let revoke = move || {
        let _ = Url::revoke_object_url(&address);
    };
    gloo_timers::callback::Timeout::new(REVOKE_AFTER_MS, revoke).forget();
    true
}

/// Reads a file of at most `max_bytes` as text.
///
/// # Errors
/// Words: it is longer, or the browser cannot read it.
pub async fn read(file: &File, max_bytes: usize) -> Result<String, &'static str> {
    if file.size() > max_bytes as f64 {
        return Err("The file is too long.");
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    text.ok_or("The file cannot be read.")
}

/// Puts `text` on the clipboard. Whether it is there: a page without a secure origin may not, and
/// the person may say no.
pub async fn copy(text: &str) -> bool {
    let Some(window) = dom::window() else { return false };
    let navigator = window.navigator();
    // Absent where the origin is not secure, which the binding does not know.
    if js_sys::Reflect::get(&navigator, &"clipboard".into()).map_or(true, |c| c.is_undefined()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Calls `then` once, with what the browser hands over.
pub(super) fn once(then: impl FnOnce(JsValue) + 'static) -> js_sys::Function {
    Closure::once_into_js(then).unchecked_into()
}

/// `IBM-1Min-20131007.csv`: symbol, timeframe and the UTC day of the last bar.
#[must_use]
pub fn name(symbol: &str, timeframe: Timeframe, last: Option<Timestamp>, kind: &str) -> String {
    let symbol: String =
        symbol.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let symbol = if symbol.is_empty() { "chart" } else { &symbol };
    let day = last.map(|time| format!("-{}", crate::format::date(time.seconds()).replace('-', "")));
    format!("{symbol}-{}{}.{kind}", timeframe.label(), day.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names_everywhere() {
        let day = Some(Timestamp::from_seconds(1_381_152_600));
        assert_eq!(name("IBM", Timeframe::Min1, day, "png"), "IBM-1Min-20131007.png");
        assert_eq!(name("BTC/USD", Timeframe::Day1, None, "csv"), "BTC-USD-1Day.csv");
        assert_eq!(name("../x:é", Timeframe::Min1, None, "csv"), "..-x---1Min.csv");
        assert_eq!(name("", Timeframe::Min1, None, "svg"), "chart-1Min.svg");
    }
}
