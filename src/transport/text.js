const encoder = new TextEncoder();

/** Encodes a text as UTF-8 at the start of `bytes`; how many bytes that took, or -1 if it does not fit. */
export function encodeInto(text, bytes) {
  const { read, written } = encoder.encodeInto(text, bytes);
  return read === text.length ? written : -1;
}
