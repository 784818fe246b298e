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

// Frames that a thread without an answer leaves waiting until it is given up: five seconds of them.
const MAX_UNANSWERED = 300;

// The one thread for all canvases: none yet, or null once it has failed.
let thread;
let nextId = 0;
const painters = new Map();
// One batch of paintings is with the thread at a time; of each canvas one more waits, the newest.
let busy = false;
let scheduled = false;
let unanswered = 0;
let watchers = [];

function started() {
  if (thread !== undefined) return thread;
  thread = null;
  try {
    const source = URL.createObjectURL(new Blob([`(${paintingThread})()`], { type: "text/javascript" }));
    thread = new Worker(source);
    thread.onmessage = ({ data }) => answered(data);
    thread.onmessageerror = fail;
    thread.onerror = (event) => {
      event.preventDefault();
      fail();
    };
  } catch {
    // The page's policy or the browser has no threads: who asked paints by itself.
  }
  return thread;
}

function fail() {
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
    if (++unanswered > MAX_UNANSWERED) fail();
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
  unanswered = 0;
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

/** Gives an element the place and size of device pixels; only what differs is laid out. */
export function place(style, x, y, width, height, ratio) {
  style.transform = `translate(${x / ratio}px, ${y / ratio}px)`;
  style.width = `${width / ratio}px`;
  style.height = `${height / ratio}px`;
}

/** A canvas that the thread paints. */
export class Painter {
  /** Takes over `canvas`, which is transparent and placed where its painting belongs if it is one `over`
      others; throws, and leaves it as it is, where there is no such thread. `failed` is called if the
      thread fails later: the canvas is then lost. */
  constructor(canvas, family, over, failed) {
    if (!started() || !canvas.transferControlToOffscreen) throw new Error("no painting thread");
    const offscreen = canvas.transferControlToOffscreen();
    this.id = nextId++;
    this.style = over ? canvas.style : null;
    this.failed = failed;
    this.waiting = null;
    this.spare = null;
    // Where the painting that waits belongs, and the one that is with the thread.
    this.next = null;
    this.sent = null;
    this.at = "";
    painters.set(this.id, this);
    thread.postMessage({ made: { id: this.id, canvas: offscreen, family, opaque: !over } }, [offscreen]);
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
    if (this.style) this.next = [...numbers.subarray(0, 4), ratio];
    schedule();
  }

  // What is painted is shown with the browser's next frame, and so is the canvas at another place.
  painted(buffer) {
    this.spare = buffer;
    const at = this.sent?.join() ?? this.at;
    if (at !== this.at) place(this.style, ...this.sent);
    this.at = at;
    this.sent = null;
  }

  /** Lets go of the canvas. */
  close() {
    if (painters.delete(this.id)) thread.postMessage({ gone: this.id });
  }
}
