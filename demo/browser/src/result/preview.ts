import { cut } from '../page/format.js';

/** A value as JSON-like text of limited length. No more of a large value is read than is shown. */
export function preview(value: unknown, most: number): string {
  const writer = new Writer(most);
  writer.value(value, 0);
  return writer.text;
}

const deepest = 6;

class Writer {
  readonly #most: number;
  text = '';

  constructor(most: number) {
    this.#most = most;
  }

  value(value: unknown, depth: number): void {
    if (typeof value === 'string') this.#add(`"${cut(value, this.#most)}"`);
    else if (Array.isArray(value)) this.#members('[', ']', value.length, depth, (index) => this.value(value[index], depth + 1));
    else if (typeof value === 'object' && value !== null) this.#object(value, depth);
    else this.#add(value === undefined ? 'undefined' : String(value));
  }

  #object(value: object, depth: number): void {
    const keys = Object.keys(value);
    this.#members('{', '}', keys.length, depth, (index) => {
      const key = keys[index]!;
      this.#add(`${cut(key, this.#most)}: `);
      this.value((value as Record<string, unknown>)[key], depth + 1);
    });
  }

  #members(begin: string, end: string, length: number, depth: number, member: (index: number) => void): void {
    if (length > 0 && depth >= deepest) return this.#add(`${begin}…${end}`);
    this.#add(length > 0 && begin === '{' ? '{ ' : begin);
    for (let index = 0; index < length && !this.#full; index++) {
      if (index > 0) this.#add(', ');
      member(index);
    }
    this.#add(length > 0 && end === '}' ? ' }' : end);
  }

  get #full(): boolean {
    return this.text.length > this.#most;
  }

  #add(text: string): void {
    if (this.#full) return;
    this.text += text;
    if (this.#full) this.text = `${cut(this.text, this.#most)}…`;
  }
}
