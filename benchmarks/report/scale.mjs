/** Places on a logarithmic axis from whole decade to whole decade around the values; at least one decade. */
export function logScale(values, from, to) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => Number((10 ** (low + i)).toPrecision(1))),
    place: value => from + (to - from) * (Math.log10(value) - low) / (high - low),
  };
}

/** Places on an axis from zero to a round number above the values, in four or five steps. */
export function linearScale(values, from, to) {
  const most = Math.max(...values, Number.MIN_VALUE);
  const rough = most / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map(factor => factor * unit).find(each => each >= rough);
  const count = Math.ceil(most / step - 1e-9);
  return {
    ticks: Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12))),
    place: value => from + (to - from) * value / (count * step),
  };
}
