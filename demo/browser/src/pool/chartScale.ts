import type { Second } from './poolSnapshot.js';

/** A logarithmic scale for times. */
export interface LogScale {
  readonly low: number;
  readonly high: number;
  /** The position of a value, from 0 at the lowest to 1 at the highest. */
  readonly share: (value: number) => number;
  readonly ticks: readonly number[];
}

// Faster values are drawn at the bottom; nothing that a broker does is faster.
const fastest = 0.1;

/** A scale from one power of ten to another that contains all values. */
export function logScale(values: readonly number[]): LogScale {
  const bounded = values.filter((value) => Number.isFinite(value)).map((value) => Math.max(value, fastest));
  const first = bounded.length > 0 ? Math.floor(Math.log10(Math.min(...bounded)) + 1e-9) : 0;
  const last = bounded.length > 0 ? Math.ceil(Math.log10(Math.max(...bounded)) - 1e-9) : 2;
  // At least two powers of ten, because noise would look like change otherwise.
  const top = Math.max(last, first + 2);
  const share = (value: number): number => Math.min(1, Math.max(0, (Math.log10(Math.max(value, fastest)) - first) / (top - first)));
  return { low: 10 ** first, high: 10 ** top, share, ticks: Array.from({ length: top - first + 1 }, (_, index) => 10 ** (first + index)) };
}

/** The last seconds in order, the newest at the end; undefined for seconds without data. */
export function slots(seconds: readonly Second[], size: number): readonly (Second | undefined)[] {
  const row: (Second | undefined)[] = new Array<Second | undefined>(size).fill(undefined);
  const newest = Math.max(...seconds.map((second) => second.at));
  for (const second of seconds) {
    const place = size - 1 - (newest - second.at);
    if (Number.isInteger(place) && place >= 0) row[place] = second;
  }
  return row;
}

/** The percentile of values, by the nearest rank; undefined for no values. */
export function percentile(values: readonly number[], share: number): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}

/** A summary of one minute. */
export interface Minute {
  readonly sessions: number;
  readonly failed: number;
  /** The median of the seconds' medians, in milliseconds. */
  readonly typical: number | undefined;
  /** The largest of the seconds' 99th percentiles, in milliseconds. */
  readonly slowest: number | undefined;
}

export function minuteOf(seconds: readonly Second[]): Minute {
  return {
    sessions: seconds.reduce((sum, second) => sum + second.sessions, 0),
    failed: seconds.reduce((sum, second) => sum + second.failed, 0),
    typical: percentile(seconds.flatMap((second) => second.p50 ?? []), 0.5),
    slowest: percentile(seconds.flatMap((second) => second.p99 ?? []), 1),
  };
}
