import { writeSync } from "node:fs";

// Pipes are asynchronous in node and fill its memory if the reader is slower; written like this, the writer waits.
const pending = [];
let pendingLength = 0;
/** Writes a line, later. */
export function answer(line) {
  pending.push(line, "\n");
  pendingLength += line.length;
  if (pendingLength > 1 << 16) flush();
}

/** Writes what is not written yet. */
export function flush() {
  const bytes = Buffer.from(pending.join(""));
  pending.length = pendingLength = 0;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
