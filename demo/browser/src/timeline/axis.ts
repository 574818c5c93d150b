/** A mark on an axis of time. */
export interface Tick {
  /** Milliseconds. */
  readonly at: number;
  /** Its position on the axis, from 0 to 1. */
  readonly share: number;
}

/** An axis from 0 to at least the requested time, with marks at round times. */
export interface Axis {
  readonly end: number;
  readonly ticks: readonly Tick[];
}

const intervals = 4;

/** @param longest The time that must fit, in milliseconds. */
export function timeAxis(longest: number): Axis {
  const wanted = Math.max(longest, 1);
  const step = roundUp(wanted / intervals);
  const needed = Math.max(1, Math.ceil(wanted / step - 1e-9));
  const end = needed * step;
  return { end, ticks: Array.from({ length: needed + 1 }, (_, index) => ({ at: index * step, share: index / needed })) };
}

/** The next number of the form 1, 2, 2.5 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}
