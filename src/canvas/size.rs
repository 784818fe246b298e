//! The size of an element in device pixels.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, HtmlElement, ResizeObserver, ResizeObserverBoxOptions, ResizeObserverEntry,
    ResizeObserverOptions, ResizeObserverSize,
};

use super::context::CanvasError;

/// Longest side of a canvas in device pixels.
const MAX_SIDE: f64 = 16_384.0;

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

/// Watches an element's size until dropped.
#[must_use = "dropping it ends the watch"]
pub struct SizeWatch {
    element: Element,
    told: Rc<Cell<Size>>,
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl SizeWatch {
    /// The size anew, if the device pixel ratio is another than when it was last told: where only
    /// that changes (another screen, an emulated one) not every browser calls the observer.
    #[must_use]
    pub fn changed_ratio(&self) -> Option<Size> {
        if device_pixel_ratio().to_bits() == self.told.get().ratio.to_bits() {
            return None;
        }
        let size = size_now(&self.element);
        self.told.set(size);
        Some(size)
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Calls `changed` with the size of `element` in whole device pixels: before it returns, and at
/// every change, of the device pixel ratio too where the browser can tell exactly
/// (`device-pixel-content-box`); elsewhere the CSS size is multiplied and rounded. The observer
/// alone would tell the first size a frame late.
///
/// # Errors
/// When the browser has no `ResizeObserver`.
pub fn watch_size(
    element: &Element,
    mut changed: impl FnMut(Size) + 'static,
) -> Result<SizeWatch, CanvasError> {
    let now = size_now(element);
    let told = Rc::new(Cell::new(now));
    changed(now);
    let last = Rc::clone(&told);
    let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        // Only the newest entry counts: one element is watched.
        let entry = entries.pop();
        let size = entry.dyn_ref::<ResizeObserverEntry>().and_then(size_of);
        if let Some(size) = size.filter(|size| *size != last.get()) {
            last.set(size);
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
    Ok(SizeWatch { element: element.clone(), told, observer, _callback: callback })
}

/// Watches how far down an element reaches until dropped.
#[must_use = "dropping it ends the watch"]
pub struct BottomWatch {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Drop for BottomWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Calls `changed` with the distance in CSS pixels from the upper edge of what `element` is placed in
/// to its own lower edge, once it is laid out and whenever its size changes.
///
/// # Errors
/// When the browser has no `ResizeObserver`.
pub fn watch_bottom(
    element: &HtmlElement,
    mut changed: impl FnMut(f64) + 'static,
) -> Result<BottomWatch, CanvasError> {
    let watched = element.clone();
    let callback = Closure::<dyn FnMut()>::new(move || {
        // Observers are called when all is laid out, so that asking costs nothing.
        changed(f64::from(watched.offset_top() + watched.offset_height()));
    });
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref())?;
    observer.observe(element);
    Ok(BottomWatch { observer, _callback: callback })
}

fn device_pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// A side in whole pixels, within what browsers can draw on.
fn whole(side: f64) -> u32 {
    side.round().clamp(0.0, MAX_SIDE) as u32
}

/// What the element's box is now; makes the browser lay out.
fn size_now(element: &Element) -> Size {
    let ratio = device_pixel_ratio();
    let rect = element.get_bounding_client_rect();
    Size { width: whole(rect.width() * ratio), height: whole(rect.height() * ratio), ratio }
}

fn size_of(entry: &ResizeObserverEntry) -> Option<Size> {
    let ratio = device_pixel_ratio();
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
    Some(Size { width: whole(width), height: whole(height), ratio })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_whole_and_bounded() {
        assert_eq!([0.4, 1.5, 360.2, -3.0, f64::NAN].map(whole), [0, 2, 360, 0, 0]);
        assert_eq!([MAX_SIDE, MAX_SIDE + 1.0, f64::INFINITY].map(whole), [MAX_SIDE as u32; 3]);
    }
}
