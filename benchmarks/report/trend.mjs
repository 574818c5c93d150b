// Decides if a series rises: the slope by Theil and Sen (the median of all pairs' slopes), the significance by Mann and Kendall.

/** With fewer samples, chance alone gives any order too often. */
export const leastSamples = 8;

/** Two-sided 5 % of the normal distribution. */
const significant = 1.96;

/**
 * Of samples {at, value}: the slope per unit of `at`, and `flat`, `rises`, `falls` or
 * `too few samples`. A change below `least` over the whole time is flat.
 */
export function trendOf(samples, least = 0) {
  const pairs = samples.flatMap((a, i) => samples.slice(i + 1).map(b => ({ run: b.at - a.at, rise: b.value - a.value }))).filter(({ run }) => run > 0);
  if (pairs.length === 0) return { slope: undefined, change: undefined, verdict: 'too few samples' };
  const slopes = pairs.map(({ run, rise }) => rise / run).sort((a, b) => a - b);
  const middle = slopes.length / 2;
  const slope = slopes.length % 2 ? slopes[Math.floor(middle)] : (slopes[middle - 1] + slopes[middle]) / 2;
  const change = slope * (samples.at(-1).at - samples[0].at);
  return { slope, change, verdict: verdict(samples.length, pairs, change, least) };
}

function verdict(n, pairs, change, least) {
  if (n < leastSamples) return 'too few samples';
  const sum = pairs.reduce((all, { rise }) => all + Math.sign(rise), 0);
  const z = (sum - Math.sign(sum)) / Math.sqrt(n * (n - 1) * (2 * n + 5) / 18);
  if (Math.abs(z) <= significant || Math.abs(change) < least) return 'flat';
  return z > 0 ? 'rises' : 'falls';
}
