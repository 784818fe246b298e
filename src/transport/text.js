// Text out of the browser: one call for a whole frame.

const encoder = new TextEncoder();

/** Writes `text` into `bytes` as UTF-8; how many bytes, or -1 if there is too little room. */
export function encodeInto(text, bytes) {
  const { read, written } = encoder.encodeInto(text, bytes);
  return read === text.length ? written : -1;
}
