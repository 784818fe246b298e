// Paints canvases on a thread of their own. The main thread only writes down what to paint, as painter.rs
// does, and hands it over once a frame; shaping texts and filling pixels, which is most of the work, is
// done while it goes on.

// The code of that thread. It is sent as text, so it refers to nothing outside of itself.
function paintingThread() {
  const sheets = new Map();
  const aligns = ["left", "center", "right"];
  const css = (color) => `#${(color >>> 0).toString(16).padStart(8, "0")}`;

  // The opcodes of painter.rs.
  const [RECTS, LINES, AREAS, TEXT] = [0, 1, 2, 3];
  const BREAK = -2147483648;

  function path(context, numbers, from, to, shift) {
    context.beginPath();
    let open = false;
    for (let i = from; i < to; i += 2) {
      const x = numbers[i];
      if (x === BREAK) {
        open = false;
      } else if (open) {
        context.lineTo(x + shift, numbers[i + 1] + shift);
      } else {
        context.moveTo(x + shift, numbers[i + 1] + shift);
        open = true;
      }
    }
  }

  function paint({ context, family, opaque }, numbers, length, chars) {
    const { canvas } = context;
    const [x, y, width, height] = numbers;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.setTransform(1, 0, 0, 1, -x, -y);
    if (!opaque) context.clearRect(x, y, width, height);
    let written = 0;
    let font = "";
    for (let i = 4; i < length; ) {
      const op = numbers[i++];
      const color = css(numbers[i++]);
      if (op === TEXT) {
        const face = `${numbers[i++]} ${numbers[i++]}px ${family}`;
        if (font !== face) context.font = font = face;
        context.textAlign = aligns[numbers[i++]];
        context.fillStyle = color;
        const text = chars.slice(written, (written += numbers[i++]));
        context.fillText(text, numbers[i++], numbers[i++]);
        continue;
      }
      const pen = op === LINES ? numbers[i++] : 0;
      const count = numbers[i++];
      const end = i + count;
      if (op === RECTS) {
        context.fillStyle = color;
        for (; i < end; i += 4) context.fillRect(numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3]);
      } else if (op === LINES) {
        context.strokeStyle = color;
        context.lineWidth = pen;
        context.lineJoin = "round";
        // A line of odd width is sharp where it runs through the middle of pixels.
        path(context, numbers, i, end, pen % 2 === 1 ? 0.5 : 0);
        context.stroke();
      } else if (op === AREAS) {
        context.fillStyle = color;
        path(context, numbers, i, end, 0);
        context.fill();
      }
      i = end;
    }
  }

  self.onmessage = ({ data: { made, gone, paintings } }) => {
    if (made) {
      const { id, canvas, family, opaque } = made;
      // What was on it is gone: the page is to paint all again, by itself.
      canvas.oncontextlost = () => {
        throw new Error("a canvas was lost");
      };
      sheets.set(id, { context: canvas.getContext("2d", { alpha: !opaque }), family, opaque });
    } else if (paintings) {
      for (const { id, buffer, length, chars } of paintings) {
        const sheet = sheets.get(id);
        if (sheet) paint(sheet, new Int32Array(buffer), length, chars);
      }
      const used = paintings.map(({ id, buffer }) => ({ id, buffer }));
      self.postMessage(used, used.map(({ buffer }) => buffer));
    } else {
      sheets.delete(gone);
    }
  };
}

// A thread that has not answered for so long, in milliseconds, is given up when the next frame is painted.
const MAX_SILENCE = 5000;

// The one thread for all canvases: none yet, or null once it has failed.
let thread;
let nextId = 0;
const painters = new Map();
// One batch of paintings is with the thread at a time; of each canvas one more waits, the newest.
let busy = false;
let scheduled = false;
let since = 0;
let watchers = [];

function started() {
  if (thread !== undefined) return thread;
  thread = null;
  try {
    const source = URL.createObjectURL(new Blob([`(${paintingThread})()`], { type: "text/javascript" }));
    thread = new Worker(source);
    thread.onmessage = ({ data }) => {
      URL.revokeObjectURL(source);
      thread.onmessage = ({ data }) => answered(data);
      answered(data);
    };
    thread.onmessageerror = () => fail("its answer could not be read");
    thread.onerror = (event) => {
      event.preventDefault();
      fail(event.message || "it could not be started");
    };
  } catch (error) {
    tellWhy(error);
  }
  return thread;
}

function tellWhy(reason) {
  console.info(`The page paints without a thread of its own for that: ${reason}.`);
}

function fail(reason) {
  tellWhy(reason);
  thread?.terminate();
  thread = null;
  busy = false;
  const all = [...painters.values()];
  painters.clear();
  for (const painter of all) painter.failed();
  tell();
}

function schedule() {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(send);
}

function send() {
  scheduled = false;
  if (busy) {
    if (performance.now() - since > MAX_SILENCE) fail("it does not answer");
    return;
  }
  const paintings = [];
  for (const painter of painters.values()) {
    if (!painter.waiting) continue;
    paintings.push(painter.waiting);
    painter.sent = painter.next;
    painter.waiting = painter.next = null;
  }
  if (paintings.length === 0) return tell();
  busy = true;
  since = performance.now();
  thread.postMessage({ paintings }, paintings.map(({ buffer }) => buffer));
}

function answered(used) {
  busy = false;
  for (const { id, buffer } of used) painters.get(id)?.painted(buffer);
  send();
}

function tell() {
  for (const watcher of watchers.splice(0)) watcher();
}

/** Resolves once all that was handed over is painted. */
export function settled() {
  return new Promise((resolve) => {
    if (busy || scheduled) watchers.push(resolve);
    else resolve();
  });
}

/** Shows an element where and as large as device pixels say; only what differs is laid out. */
export function show(style, x, y, width, height, ratio) {
  style.transform = `translate(${x / ratio}px, ${y / ratio}px)`;
  style.width = `${width / ratio}px`;
  style.height = `${height / ratio}px`;
  style.visibility = "inherit";
}

/** A canvas that the thread paints. */
export class Painter {
  /** Takes over `canvas`, and throws and leaves it as it is where there is no such thread. `failed` is
      called if the thread fails later: the canvas is then lost. */
  constructor(canvas, family, opaque, failed) {
    if (!started() || !canvas.transferControlToOffscreen) throw new Error("no painting thread");
    const offscreen = canvas.transferControlToOffscreen();
    this.id = nextId++;
    this.style = canvas.style;
    this.failed = failed;
    this.waiting = null;
    this.spare = null;
    // Where the painting that waits belongs, and the one that is with the thread.
    this.next = null;
    this.sent = null;
    this.at = "";
    painters.set(this.id, this);
    thread.postMessage({ made: { id: this.id, canvas: offscreen, family, opaque } }, [offscreen]);
  }

  /** Has the whole canvas painted at the end of the frame: its place and size, then what painter.rs
      writes. `ratio` is that of device pixels to CSS pixels. */
  paint(numbers, chars, ratio) {
    if (!painters.has(this.id)) return;
    let buffer = this.waiting?.buffer ?? this.spare;
    this.spare = null;
    if (!buffer || buffer.byteLength < numbers.byteLength) {
      // Room for a picture that is a little larger, so that buffers are hardly ever made.
      buffer = new ArrayBuffer(4 * Math.ceil(1.25 * numbers.length));
    }
    new Int32Array(buffer).set(numbers);
    this.waiting = { id: this.id, buffer, length: numbers.length, chars };
    this.next = [...numbers.subarray(0, 4), ratio];
    schedule();
  }

  // What is painted is shown with one of the browser's next frames, mostly the next, and so is the canvas
  // at another place.
  painted(buffer) {
    this.spare = buffer;
    const at = this.sent?.join() ?? this.at;
    if (at !== this.at) show(this.style, ...this.sent);
    this.at = at;
    this.sent = null;
  }

  /** Whether what was handed over last is not painted yet. */
  get pending() {
    return this.waiting !== null || this.sent !== null;
  }

  /** Hides the canvas at once, until something new is painted. */
  hide() {
    this.style.visibility = "hidden";
    this.waiting = this.next = this.sent = null;
    this.at = "";
  }

  /** Lets go of the canvas. */
  close() {
    if (painters.delete(this.id)) thread.postMessage({ gone: this.id });
  }
}
