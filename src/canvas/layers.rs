//! Canvases stacked on each other, and their size in device pixels.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, HtmlCanvasElement, ResizeObserver, ResizeObserverBoxOptions, ResizeObserverEntry,
    ResizeObserverOptions, ResizeObserverSize,
};

use super::context::{CanvasError, Context};

/// A size in device pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Size {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Device pixels to a CSS pixel.
    pub ratio: f64,
}

/// Three canvases of one size: base, live and overlay.
pub struct CanvasStack {
    /// Opaque, at the back.
    pub base: Context,
    /// The last bar and the line at its price.
    pub live: Context,
    /// The crosshair.
    pub overlay: Context,
}

impl CanvasStack {
    /// Draws on three canvases that the page has stacked.
    ///
    /// # Errors
    /// When one gives no 2D context.
    pub fn new(
        base: HtmlCanvasElement,
        live: HtmlCanvasElement,
        overlay: HtmlCanvasElement,
    ) -> Result<Self, CanvasError> {
        Ok(Self {
            base: Context::new(base, true)?,
            live: Context::new(live, false)?,
            overlay: Context::new(overlay, false)?,
        })
    }

    /// Sets the size of all three, which empties them.
    pub fn resize(&mut self, size: Size) {
        for context in [&mut self.base, &mut self.live, &mut self.overlay] {
            context.resize(size.width, size.height);
        }
    }
}

/// Watches an element's size until dropped.
#[must_use = "dropping it ends the watch"]
pub struct SizeWatch {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Calls `changed` with the size of `element`'s content box in whole device pixels, now and at
/// every change, of the device pixel ratio too where the browser can tell exactly
/// (`device-pixel-content-box`); elsewhere the CSS size is multiplied and rounded.
///
/// # Errors
/// When the browser has no `ResizeObserver`.
pub fn watch_size(
    element: &Element,
    mut changed: impl FnMut(Size) + 'static,
) -> Result<SizeWatch, CanvasError> {
    let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        // Only the newest entry counts: one element is watched.
        let entry = entries.pop();
        if let Some(size) = entry.dyn_ref::<ResizeObserverEntry>().and_then(size_of) {
            changed(size);
        }
    });
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref())?;
    let options = ResizeObserverOptions::new();
    options.set_box(ResizeObserverBoxOptions::DevicePixelContentBox);
    // A browser that does not know this box throws a TypeError.
    let exact = js_sys::Reflect::get(&observer, &"observe".into())
        .and_then(|observe| observe.dyn_into::<js_sys::Function>())
        .and_then(|observe| observe.call2(&observer, element, &options));
    if exact.is_err() {
        observer.observe(element);
    }
    Ok(SizeWatch { observer, _callback: callback })
}

fn size_of(entry: &ResizeObserverEntry) -> Option<Size> {
    let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
    let rect = entry.content_rect();
    let scaled = (rect.width() * ratio, rect.height() * ratio);
    let key = JsValue::from_str("devicePixelContentBoxSize");
    let exact = js_sys::Reflect::has(entry, &key).unwrap_or(false).then(|| {
        let size: ResizeObserverSize = entry.device_pixel_content_box_size().get(0).dyn_into().ok()?;
        Some((size.inline_size(), size.block_size()))
    });
    // Exact and scaled differ by rounding only. Where they differ by more the browser emulates
    // another ratio than the screen has, and its exact size is that of the real screen.
    let agree = |(width, height): &(f64, f64)| {
        (width - scaled.0).abs() <= 1.0 + ratio && (height - scaled.1).abs() <= 1.0 + ratio
    };
    let (width, height) = exact.flatten().filter(agree).unwrap_or(scaled);
    let whole = |side: f64| side.round().clamp(0.0, 16_384.0) as u32;
    Some(Size { width: whole(width), height: whole(height), ratio })
}
