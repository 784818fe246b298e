//! The words that the page paints on canvases, as it paints them.
//!
//! A canvas does not tell what was painted on it. So before the page runs, a script takes its place
//! between the page and the browser, and between the page's painting thread and the browser: it
//! remembers every text with its place, and forgets those whose place is cleared, filled or resized
//! away. A canvas may be moved along with what is on it: what is cleared are its pixels, wherever they
//! stand then.

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
  // Runs in the page and, ahead of its code, in the thread that paints.
  const listen = (told) => {
    const texts = new WeakMap();
    const of = (canvas) => texts.get(canvas) ?? texts.set(canvas, []).get(canvas);
    const keep = (canvas, kept) => {
      texts.set(canvas, kept);
      told(canvas, kept);
    };
    const pixel = (context, x, y) => {
      const { a, d, e, f } = context.getTransform();
      return [a * x + e, d * y + f];
    };
    const wipe = (context, x, y, width, height) => {
      const [[left, top], [right, bottom]] = [pixel(context, x, y), pixel(context, x + width, y + height)];
      const kept = ({ at: [x, y] }) => x < left || y < top || x >= right || y >= bottom;
      keep(context.canvas, of(context.canvas).filter(kept));
    };
    for (const context of [self.CanvasRenderingContext2D, self.OffscreenCanvasRenderingContext2D]) {
      if (!context) continue;
      const { fillText, clearRect, fillRect } = context.prototype;
      context.prototype.fillText = function (text, x, y, ...rest) {
        keep(this.canvas, [...of(this.canvas), { text, x, y, at: pixel(this, x, y) }]);
        return fillText.call(this, text, x, y, ...rest);
      };
      context.prototype.clearRect = function (...area) {
        wipe(this, ...area);
        return clearRect.apply(this, area);
      };
      context.prototype.fillRect = function (...area) {
        wipe(this, ...area);
        return fillRect.apply(this, area);
      };
    }
    for (const canvas of [self.HTMLCanvasElement, self.OffscreenCanvas]) {
      for (const side of canvas ? ['width', 'height'] : []) {
        const { get, set } = Object.getOwnPropertyDescriptor(canvas.prototype, side);
        Object.defineProperty(canvas.prototype, side, { get, set(value) {
          keep(this, []);
          set.call(this, value);
        } });
      }
    }
    return of;
  };

  // The thread gets canvases in the order in which the page hands them over, and asks each once for
  // its context.
  const inThread = (listen) => {
    const canvases = [];
    const changed = new Map();
    const post = self.postMessage.bind(self);
    const tell = () => {
      if (changed.size > 0) post({ painted: [...changed].map(([canvas, texts]) => [canvases.indexOf(canvas), texts]) });
      changed.clear();
    };
    listen((canvas, texts) => {
      if (changed.size === 0) queueMicrotask(tell);
      changed.set(canvas, texts);
    });
    // What is painted is known before the page shows it.
    self.postMessage = (...rest) => {
      tell();
      post(...rest);
    };
    const { getContext } = OffscreenCanvas.prototype;
    OffscreenCanvas.prototype.getContext = function (...rest) {
      if (!canvases.includes(this)) canvases.push(this);
      return getContext.apply(this, rest);
    };
  };
  const handedOver = [];
  const there = new Map();
  self.Worker = class extends Worker {
    constructor(...rest) {
      super(...rest);
      this.addEventListener('message', (event) => {
        if (!event.data.painted) return;
        event.stopImmediatePropagation();
        for (const [index, texts] of event.data.painted) there.set(handedOver[index], texts);
      });
    }
  };
  self.Blob = new Proxy(Blob, {
    construct(target, [parts, options]) {
      const code = options?.type === 'text/javascript';
      const ahead = code ? [`(${inThread})(${listen});`] : [];
      return new target([...ahead, ...parts], options);
    },
  });
  const { transferControlToOffscreen } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.transferControlToOffscreen = function () {
    const surface = transferControlToOffscreen.call(this);
    handedOver.push(this);
    return surface;
  };

  const here = listen(() => {});
  window.paintedTexts = (canvas) => there.get(canvas) ?? here(canvas);
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
