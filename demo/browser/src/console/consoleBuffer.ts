import { count, cut } from '../page/format.js';
import { printable } from '../page/printable.js';

/** One line of the console. */
export interface ConsoleLine {
  /** Its number among all lines of the run, from 1. */
  readonly number: number;
  readonly text: string;
  /** Where it is from: the script, or the broker. */
  readonly from: 'script' | 'broker';
}

/** How much of a console is kept. */
export interface ConsoleBounds {
  readonly lines: number;
  /** Of one line, in UTF-16 units. */
  readonly characters: number;
}

// The beginning of a line, and how long all of it is.
type Piece = { readonly text: string; readonly length: number };
const nothing: Piece = { text: '', length: 0 };

/** The newest lines of a console, fit to be shown. */
export class ConsoleBuffer {
  readonly #bounds: ConsoleBounds;
  #lines: ConsoleLine[] = [];
  #total = 0;
  // A line that goes on with the next chunk. Of it no more is held than would be shown.
  #open = nothing;

  constructor(bounds: ConsoleBounds) {
    this.#bounds = bounds;
  }

  get lines(): readonly ConsoleLine[] {
    return this.#lines;
  }

  /** Lines that came, those that were dropped among them. */
  get total(): number {
    return this.#total;
  }

  get dropped(): number {
    return this.#total - this.#lines.length;
  }

  /** Takes what a script wrote, and gives the lines that are complete with it. */
  write(chunk: string): ConsoleLine[] {
    const [first = '', ...others] = chunk.split('\n');
    const pieces = [this.#grown(first), ...others.map((text) => ({ text, length: text.length }))];
    const last = pieces.pop()!;
    this.#open = { text: cut(last.text, this.#bounds.characters), length: last.length };
    return this.#add(pieces, 'script');
  }

  /** Adds a line of the broker's own. */
  note(text: string): ConsoleLine[] {
    return [...this.flush(), ...this.#add([{ text, length: text.length }], 'broker')];
  }

  /** Completes a line whose end did not come. */
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
    // What is dropped at once is not made fit first.
    const skipped = Math.max(0, pieces.length - this.#bounds.lines);
    const added = pieces.slice(skipped).map((piece, index) => ({ number: first + skipped + index, text: this.#fit(piece), from }));
    this.#lines = [...this.#lines, ...added].slice(-this.#bounds.lines);
    return added;
  }

  #fit({ text, length }: Piece): string {
    const shown = cut(text, this.#bounds.characters);
    return length > shown.length ? `${printable(shown)}… and ${count(length - shown.length)} more characters` : printable(shown);
  }
}
