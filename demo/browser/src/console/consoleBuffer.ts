import { count, cut } from '../page/format.js';
import { printable } from '../page/printable.js';

/** One line of the console. */
export interface ConsoleLine {
  /** Its number among all lines of the run, from 1. */
  readonly number: number;
  readonly text: string;
  /** The source of the line. */
  readonly from: 'script' | 'broker';
}

/** Limits of a console. */
export interface ConsoleBounds {
  readonly lines: number;
  /** Length of one line in UTF-16 units. */
  readonly characters: number;
}

// The beginning of a line, and its full length.
type Piece = { readonly text: string; readonly length: number };
const nothing: Piece = { text: '', length: 0 };

/** The newest lines of a console, with unsafe characters escaped. */
export class ConsoleBuffer {
  readonly #bounds: ConsoleBounds;
  #lines: ConsoleLine[] = [];
  #total = 0;
  // An unfinished line. No more of it is kept than would be shown.
  #open = nothing;

  constructor(bounds: ConsoleBounds) {
    this.#bounds = bounds;
  }

  get lines(): readonly ConsoleLine[] {
    return this.#lines;
  }

  /** Number of lines, including dropped ones. */
  get total(): number {
    return this.#total;
  }

  get dropped(): number {
    return this.#total - this.#lines.length;
  }

  /** Adds output of a script, and returns the lines that it completes. */
  write(chunk: string): ConsoleLine[] {
    const [first = '', ...others] = chunk.split('\n');
    const pieces = [this.#grown(first), ...others.map((text) => ({ text, length: text.length }))];
    const last = pieces.pop()!;
    this.#open = { text: cut(last.text, this.#bounds.characters), length: last.length };
    return this.#add(pieces, 'script');
  }

  /** Adds a line of the broker. */
  note(text: string): ConsoleLine[] {
    return [...this.flush(), ...this.#add([{ text, length: text.length }], 'broker')];
  }

  /** Completes an unfinished line at the end. */
  flush(): ConsoleLine[] {
    const rest = this.#open;
    this.#open = nothing;
    return rest.length === 0 ? [] : this.#add([rest], 'script');
  }

  clear(): void {
    this.#lines = [];
    this.#total = 0;
    this.#open = nothing;
  }

  #grown(more: string): Piece {
    return { text: this.#open.text + cut(more, this.#bounds.characters), length: this.#open.length + more.length };
  }

  #add(pieces: readonly Piece[], from: ConsoleLine['from']): ConsoleLine[] {
    const first = this.#total + 1;
    this.#total += pieces.length;
    // Lines that would be dropped at once are not escaped first.
    const skipped = Math.max(0, pieces.length - this.#bounds.lines);
    const added = pieces.slice(skipped).map((piece, index) => ({ number: first + skipped + index, text: this.#fit(piece), from }));
    this.#lines = [...this.#lines, ...added].slice(-this.#bounds.lines);
    return added;
  }

  #fit({ text, length }: Piece): string {
    const shown = cut(text, this.#bounds.characters);
    // Lines may end with CRLF.
    if (length === shown.length && shown.endsWith('\r')) return printable(shown.slice(0, -1));
    return length > shown.length ? `${printable(shown)}… and ${count(length - shown.length)} more characters` : printable(shown);
  }
}
