import { count, cut } from './format.js';

const spoken = 3;
const longest = 160;

/** Console lines for screen readers: the newest few of many, and their number. */
export class SpokenLines {
  #newest: string[] = [];
  #total = 0;

  add(lines: readonly string[]): void {
    this.#total += lines.length;
    this.#newest = [...this.#newest, ...lines.slice(-spoken).map((line) => cut(line, longest))].slice(-spoken);
  }

  /** Returns the text to announce, and starts again. Empty if there is none. */
  take(): string {
    const left = this.#total - this.#newest.length;
    const text = [...(left > 0 ? [`${count(left)} more ${left === 1 ? 'line' : 'lines'}, then:`] : []), ...this.#newest].join('\n');
    this.#newest = [];
    this.#total = 0;
    return text;
  }
}
