//! The words that the page paints on canvases, as it paints them.
//!
//! A canvas does not tell what was painted on it. So before the page runs, a script takes its place
//! between the page and the browser: it remembers every text with its place, and forgets those whose
//! place is cleared, filled or resized away. A canvas may be moved along with what is on it: what is
//! cleared are its pixels, wherever they stand then.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;

use crate::browser::Browser;

/// A text on a canvas.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Painted {
    /// What it says.
    pub text: String,
    /// Its anchor, in device pixels from where its canvas counts.
    pub x: f64,
    /// Its baseline, likewise.
    pub y: f64,
}

const LISTEN: &str = "(() => {
  const texts = new WeakMap();
  const surfaces = new WeakMap();
  const of = (canvas) => texts.get(canvas) ?? texts.set(canvas, []).get(canvas);
  const pixel = (context, x, y) => {
    const { a, d, e, f } = context.getTransform();
    return [a * x + e, d * y + f];
  };
  const wipe = (context, x, y, width, height) => {
    const [[left, top], [right, bottom]] = [pixel(context, x, y), pixel(context, x + width, y + height)];
    const kept = of(context.canvas).filter(({ at: [x, y] }) => x < left || y < top || x >= right || y >= bottom);
    texts.set(context.canvas, kept);
  };
  for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const { fillText, clearRect, fillRect } = prototype;
    prototype.fillText = function (text, x, y, ...rest) {
      of(this.canvas).push({ text, x, y, at: pixel(this, x, y) });
      return fillText.call(this, text, x, y, ...rest);
    };
    prototype.clearRect = function (...area) {
      wipe(this, ...area);
      return clearRect.apply(this, area);
    };
    prototype.fillRect = function (...area) {
      wipe(this, ...area);
      return fillRect.apply(this, area);
    };
  }
  for (const { prototype } of [HTMLCanvasElement, OffscreenCanvas]) {
    for (const side of ['width', 'height']) {
      const { get, set } = Object.getOwnPropertyDescriptor(prototype, side);
      Object.defineProperty(prototype, side, { get, set(value) {
        texts.delete(this);
        set.call(this, value);
      } });
    }
  }
  const { transferControlToOffscreen } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.transferControlToOffscreen = function () {
    const surface = transferControlToOffscreen.call(this);
    surfaces.set(this, surface);
    return surface;
  };
  window.paintedTexts = (canvas) => of(surfaces.get(canvas) ?? canvas);
})()";

const READ: &str = "return [...document.querySelectorAll(arguments[0])]
  .filter((canvas) => getComputedStyle(canvas).visibility !== 'hidden')
  .flatMap((canvas) => window.paintedTexts(canvas));";

impl Browser {
    /// From the next page on, remembers what is written on canvases.
    pub(crate) async fn listen_to_canvases(&self) -> Result<()> {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LISTEN })).await?;
        Ok(())
    }

    /// The texts on the visible canvases of a selector, line by line and from left to right.
    ///
    /// # Errors
    /// If the page does not answer.
    pub async fn painted(&self, selector: &str) -> Result<Vec<Painted>> {
        let read = self.run(READ, vec![json!(selector)]).await?;
        let mut texts: Vec<Painted> = serde_json::from_value(read).context("no texts")?;
        texts.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
        Ok(texts)
    }
}
