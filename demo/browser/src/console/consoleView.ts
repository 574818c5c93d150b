import type { Announcer } from '../page/announcer.js';
import { find, make, write } from '../page/dom.js';
import { count, many } from '../page/format.js';
import { ConsoleBuffer, type ConsoleLine } from './consoleBuffer.js';

// Limits that keep the document small whatever a script prints.
const bounds = { lines: 500, characters: 2_000 };

/** The console of a run. */
export class ConsoleView {
  readonly #announcer: Announcer;
  readonly #buffer = new ConsoleBuffer(bounds);
  readonly #box = find('console', HTMLElement);
  readonly #lines = find('console-lines', HTMLElement);
  readonly #empty = find('console-empty', HTMLElement);
  readonly #dropped = find('console-dropped', HTMLElement);
  readonly #count = find('console-count', HTMLElement);
  #waiting: ConsoleLine[] = [];
  #drawing = false;

  constructor(announcer: Announcer) {
    this.#announcer = announcer;
  }

  clear(): void {
    this.#announcer.hush();
    this.#buffer.clear();
    this.#waiting = [];
    this.#lines.replaceChildren();
    this.#tell();
  }

  /** Adds output of the script. */
  write(chunk: string): void {
    this.#take(this.#buffer.write(chunk));
  }

  /** Adds a remark of the broker. */
  note(text: string): void {
    this.#take(this.#buffer.note(text));
  }

  /** Ends the console. */
  end(): void {
    this.#take(this.#buffer.flush());
  }

  #take(lines: ConsoleLine[]): void {
    if (lines.length === 0) return;
    this.#announcer.lines(lines.map((line) => line.text));
    this.#waiting = [...this.#waiting, ...lines].slice(-bounds.lines);
    if (this.#drawing) return;
    this.#drawing = true;
    // Once per frame for any number of events; also while the page is hidden.
    if (document.visibilityState === 'visible') requestAnimationFrame(() => this.#draw());
    else setTimeout(() => this.#draw(), 0);
  }

  #draw(): void {
    this.#drawing = false;
    // Follows the end only if the user has not scrolled up.
    const follows = this.#box.scrollTop + this.#box.clientHeight >= this.#box.scrollHeight - 4;
    const surplus = this.#lines.childElementCount + this.#waiting.length - bounds.lines;
    for (let i = 0; i < surplus; i++) this.#lines.firstElementChild?.remove();
    this.#lines.append(...this.#waiting.map(row));
    this.#waiting = [];
    this.#tell();
    if (follows) this.#box.scrollTop = this.#box.scrollHeight;
  }

  #tell(): void {
    const { total, dropped } = this.#buffer;
    this.#empty.hidden = total > 0;
    this.#dropped.hidden = dropped === 0;
    if (dropped > 0) write(this.#dropped, `${many(dropped, 'older line')} dropped: the newest ${count(bounds.lines)} are kept`);
    write(this.#count, total > 0 ? many(total, 'line') : '');
  }
}

function row(line: ConsoleLine): HTMLElement {
  return make(
    'li',
    { class: line.from === 'broker' ? 'console-line console-note' : 'console-line' },
    make('span', { class: 'console-number', text: String(line.number), attributes: { 'aria-hidden': 'true' } }),
    make('span', { class: 'console-text', text: line.from === 'broker' ? `broker: ${line.text}` : line.text }),
  );
}
