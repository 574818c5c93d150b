import { writeSync } from 'node:fs';

/** Prints one JSON line, before any later step can stop or kill this process. */
export function print(line) {
  writeSync(1, JSON.stringify(line) + '\n');
}

/** Prints percentiles: `metrics` maps the name of a metric to its percentile, and `more` is added to each line. */
export function printPercentiles(samples, unit, metrics, more = {}) {
  const sorted = samples.toSorted((a, b) => a - b);
  for (const [metric, percent] of Object.entries(metrics)) {
    print({ ...more, metric, value: rounded(percentile(sorted, percent)), unit, n: sorted.length });
  }
}

export function rounded(value) {
  return Number(value.toPrecision(4));
}

/** Nearest rank, so it is a measured value. */
export function percentile(sorted, percent) {
  return sorted[Math.max(0, Math.ceil(sorted.length * percent / 100) - 1)];
}
