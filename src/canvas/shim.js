// What is done to the browser by the batch: one crossing from WebAssembly for many calls.

/** Fills rectangles: x, y, width and height of each in turn. */
export function fillRects(context, rects) {
  for (let i = 0; i < rects.length; i += 4) {
    context.fillRect(rects[i], rects[i + 1], rects[i + 2], rects[i + 3]);
  }
}

/** Moves an element without laying out; CSS pixels. */
export function place(style, x, y) {
  style.transform = `translate(${x}px,${y}px)`;
}

/** The same, and stretches it. */
export function stretch(style, x, y, across, down) {
  style.transform = `translate(${x}px,${y}px) scale(${across},${down})`;
}

/** Gives an element a size in CSS pixels. */
export function size(style, width, height) {
  style.width = `${width}px`;
  style.height = `${height}px`;
}

/** Fills an element with a colour, in dashes of some CSS pixels if there are any. */
export function fill(style, color, dash, down) {
  const stops = `${color} 0 ${dash}px, transparent ${dash}px ${2 * dash}px`;
  const way = down ? "to bottom" : "to right";
  style.background = dash > 0 ? `repeating-linear-gradient(${way}, ${stops})` : color;
}

/** Shows or hides an element without laying out. */
export function show(style, shown) {
  style.visibility = shown ? "visible" : "hidden";
}
