import { readEvent } from './eventReader.js';
import type { StreamEvent } from './events.js';
import { UnreadableEvent } from './members.js';

/** A line that is not an event. The stream goes on. */
export interface InvalidLine {
  /** Its number in this response, from 1. */
  readonly line: number;
  /** The fault. */
  readonly error: string;
  /** Its first 100 characters, with "..." if there are more. */
  readonly content: string;
}

/** The result of reading a line of a stream, and its size. */
export type ParsedLine =
  | { readonly event: StreamEvent; readonly bytes: number }
  | { readonly invalid: InvalidLine };

/** A line is longer than the limit. */
export class LineTooLong extends Error {
  constructor(readonly line: number, readonly maxBytes: number) {
    super(`line ${line} of the stream is longer than ${maxBytes} bytes`);
  }
}

const newline = 0x0a;

/** Splits bytes into events. Only `\n` ends a line: U+2028 is data. White space around an event is ignored. */
export class NdjsonParser {
  readonly #maxLineBytes: number;
  readonly #decoder = new TextDecoder();
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #line = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The number of lines read. */
  get line(): number {
    return this.#line;
  }

  /** True if an unfinished line is buffered. */
  get pending(): boolean {
    return this.#heldBytes > 0;
  }

  /** The events that these bytes complete. */
  *push(bytes: Uint8Array): Generator<ParsedLine> {
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      this.#hold(bytes.subarray(start, end));
      start = end + 1;
      const parsed = this.#take();
      if (parsed) yield parsed;
    }
    this.#hold(bytes.subarray(start));
  }

  /** The last event of a stream, if its line has no end. */
  *flush(): Generator<ParsedLine> {
    if (!this.pending) return;
    const parsed = this.#take();
    if (parsed) yield parsed;
  }

  #hold(bytes: Uint8Array): void {
    // Checked before anything is stored, so that a line without an end costs no more than the limit.
    if (this.#heldBytes + bytes.length > this.#maxLineBytes) throw new LineTooLong(this.#line + 1, this.#maxLineBytes);
    if (bytes.length === 0) return;
    // The caller may reuse the memory of the bytes.
    this.#held.push(bytes.slice());
    this.#heldBytes += bytes.length;
  }

  #take(): ParsedLine | undefined {
    const text = this.#decoder.decode(this.#join());
    const bytes = this.#heldBytes;
    this.#held = [];
    this.#heldBytes = 0;
    this.#line++;
    // String.prototype.trim also removes the byte order mark and the CR of CRLF.
    const content = text.trim();
    if (content === '') return undefined;
    try {
      return { event: parseEvent(content), bytes };
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      return { invalid: { line: this.#line, error: error.message, content: shorten(content) } };
    }
  }

  #join(): Uint8Array {
    if (this.#held.length === 1) return this.#held[0]!;
    const all = new Uint8Array(this.#heldBytes);
    let at = 0;
    for (const part of this.#held) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

/**
 * Reads one event from its text.
 * @throws UnreadableEvent if the text is not an event.
 */
export function parseEvent(text: string): StreamEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UnreadableEvent(`not JSON: ${(error as Error).message}`);
  }
  return readEvent(value);
}

function shorten(content: string): string {
  return content.length > 100 ? `${content.slice(0, 100)}...` : content;
}
