/** Names the member of an event that violates the protocol. */
export class UnreadableEvent extends Error {}

/** A JSON object whose members are read one at a time. A member that is `null` is not absent: the protocol leaves absent members out. */
export class Members {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path = '') {
    if (!isObject(value)) throw new UnreadableEvent(`${path || 'the event'} is not an object`);
    this.#object = value;
    this.#path = path;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name);
  }

  any(name: string): unknown {
    return this.has(name) ? this.#object[name] : this.#refuse(name, 'missing');
  }

  text(name: string, least = 0): string {
    const value = this.any(name);
    return typeof value === 'string' && value.length >= least ? value : this.#refuse(name, least > 0 ? 'not a non-empty string' : 'not a string');
  }

  oneOf<T extends string>(name: string, known: readonly T[]): T {
    const value = this.any(name);
    return known.find((k) => k === value) ?? this.#refuse(name, `not one of ${known.join(', ')}`);
  }

  flag(name: string): boolean {
    const value = this.any(name);
    return typeof value === 'boolean' ? value : this.#refuse(name, 'not true or false');
  }

  number(name: string, least = -Infinity): number {
    const value = this.any(name);
    return typeof value === 'number' && Number.isFinite(value) && value >= least ? value : this.#refuse(name, 'not a number in range');
  }

  integer(name: string, least = -Infinity): number {
    const value = this.number(name, least);
    return Number.isSafeInteger(value) ? value : this.#refuse(name, 'not an integer');
  }

  /** ISO 8601 with seconds and `Z`. */
  time(name: string): string {
    const value = this.text(name);
    const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) && !Number.isNaN(Date.parse(value));
    return isTime ? value : this.#refuse(name, 'not a time in UTC');
  }

  texts(name: string): readonly string[] {
    return this.list(name, (value, path) => (typeof value === 'string' ? value : refuse(path, 'not a string')));
  }

  list<T>(name: string, read: (value: unknown, path: string) => T): readonly T[] {
    const value = this.any(name);
    if (!Array.isArray(value)) return this.#refuse(name, 'not an array');
    return value.map((item, index) => read(item, `${this.#at(name)}.${index}`));
  }

  object(name: string): Members {
    return new Members(this.any(name), this.#at(name));
  }

  record(name: string): Readonly<Record<string, unknown>> {
    const value = this.any(name);
    return isObject(value) ? value : this.#refuse(name, 'not an object');
  }

  /** The member under its own name, or an empty object: for spreading into an object without a key for an absent member. */
  optional<N extends string, T>(name: N, read: (name: N) => T): { readonly [K in N]?: T } {
    return this.has(name) ? ({ [name]: read(name) } as { [K in N]: T }) : {};
  }

  #at(name: string): string {
    return this.#path ? `${this.#path}.${name}` : name;
  }

  #refuse(name: string, why: string): never {
    return refuse(this.#at(name), why);
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(path: string, why: string): never {
  throw new UnreadableEvent(`${path} is ${why}`);
}
