import { readEvent } from './eventReader.js';
import type { StreamEvent } from './events.js';
import { UnreadableEvent } from './members.js';

/** A line that is no event. The stream goes on. */
export interface InvalidLine {
  /** Its number in this response, from 1. */
  readonly line: number;
  /** What is wrong with it. */
  readonly error: string;
  /** Its first 100 characters, with "..." when there are more. */
  readonly content: string;
}

/** What a line of a stream was, and what it takes to keep. */
export type ParsedLine =
  | { readonly event: StreamEvent; readonly bytes: number }
  | { readonly invalid: InvalidLine };

/** A line has more bytes than the reader holds. */
export class LineTooLong extends Error {
  constructor(readonly line: number, readonly maxBytes: number) {
    super(`line ${line} of the stream is longer than ${maxBytes} bytes`);
  }
}

const newline = 0x0a;

/** Splits bytes into events. Lines end at `\n` alone: U+2028 is data, and white space around an event is not. */
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

  /** Whether bytes wait for the end of their line. */
  get pending(): boolean {
    return this.#heldBytes > 0;
  }

  /** The events that are whole with these bytes. */
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

  /** The event that the stream ended with, when its line has no end. */
  *flush(): Generator<ParsedLine> {
    if (!this.pending) return;
    const parsed = this.#take();
    if (parsed) yield parsed;
  }

  #hold(bytes: Uint8Array): void {
    // Before anything is kept, so that a line without end costs no more than its limit.
    if (this.#heldBytes + bytes.length > this.#maxLineBytes) throw new LineTooLong(this.#line + 1, this.#maxLineBytes);
    if (bytes.length === 0) return;
    // Whoever gave the bytes may use their memory again.
    this.#held.push(bytes.slice());
    this.#heldBytes += bytes.length;
  }

  #take(): ParsedLine | undefined {
    const text = this.#decoder.decode(this.#join());
    const bytes = this.#heldBytes;
    this.#held = [];
    this.#heldBytes = 0;
    this.#line++;
    // String.prototype.trim takes the byte order mark along, and the CR of CRLF.
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
 * @throws UnreadableEvent when the text is no event.
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
