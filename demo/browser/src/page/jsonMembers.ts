// Reads members of a broker's response. Invalid ones are undefined.

/** A name and its count. */
export interface Count {
  readonly name: string;
  readonly count: number;
}

const mostText = 400;

/** The last moment of JavaScript's dates. */
const latest = 8.64e15;

/** An object; an array is not one. */
export function members(json: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : undefined;
}

/** A number from 0 up. */
export function number(json: unknown): number | undefined {
  return typeof json === 'number' && Number.isFinite(json) && json >= 0 ? json : undefined;
}

/** A number from 1 up. */
export function positive(json: unknown): number | undefined {
  const value = number(json);
  return value !== undefined && value >= 1 ? value : undefined;
}

/** A time in milliseconds since 1970 that a date can have. */
export function moment(json: unknown): number | undefined {
  const value = number(json);
  return value !== undefined && value <= latest ? value : undefined;
}

/** A non-empty text, cut to a length that can be shown. */
export function text(json: unknown, most = mostText): string | undefined {
  return typeof json === 'string' && json !== '' ? json.slice(0, most) : undefined;
}

/** A text that names something and is therefore never cut; undefined if it is empty or too long. */
export function exact(json: unknown, most: number): string | undefined {
  return typeof json === 'string' && json !== '' && json.length <= most ? json : undefined;
}

/** One of a list of words. */
export function oneOf<T extends string>(json: unknown, words: readonly T[]): T | undefined {
  return words.find((word) => word === json);
}

/** The valid items of an array, up to a number. */
export function list<T>(json: unknown, limit: number, read: (item: unknown) => T | undefined, keep: 'first' | 'last'): readonly T[] {
  if (!Array.isArray(json)) return [];
  const kept: readonly unknown[] = keep === 'first' ? json.slice(0, limit) : json.slice(-limit);
  return kept.flatMap((item) => read(item) ?? []);
}

/** Counts by name, the largest first. */
export function tally(json: unknown, limit: number): readonly Count[] {
  return Object.entries(members(json) ?? {})
    .slice(0, limit)
    .flatMap(([name, value]) => {
      const count = number(value);
      return count === undefined || count === 0 ? [] : [{ name: name.slice(0, mostText), count }];
    })
    .sort((one, other) => other.count - one.count || one.name.localeCompare(other.name));
}
