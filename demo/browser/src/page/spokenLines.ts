import { count, cut } from './format.js';

const spoken = 3;
const longest = 160;

/** Lines of a console for those who listen: of many, the newest few and how many there were. */
export class SpokenLines {
  #newest: string[] = [];
  #total = 0;

  add(lines: readonly string[]): void {
    this.#total += lines.length;
    this.#newest = [...this.#newest, ...lines.slice(-spoken).map((line) => cut(line, longest))].slice(-spoken);
  }

  /** What is to be said, and begins anew. Empty when there is nothing. */
  take(): string {
    const left = this.#total - this.#newest.length;
    const text = [...(left > 0 ? [`${count(left)} more ${left === 1 ? 'line' : 'lines'}, then:`] : []), ...this.#newest].join('\n');
    this.#newest = [];
    this.#total = 0;
    return text;
  }
}
