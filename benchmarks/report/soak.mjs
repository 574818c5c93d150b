// The result of ./bench.sh --soak as files: the data, a page with the verdict on each series, and a chart.
import { compact, markdown } from './format.mjs';
import { machineTable } from './machine.mjs';
import { linearScale } from './scale.mjs';
import { chart, dot, line, path, round, text } from './svg.mjs';
import { trendOf } from './trend.mjs';

export const soakChartFile = 'soak.svg';

/** Less than `least` MiB over the whole time is not growth: a collector or an allocator may keep such pages. */
const series = [
  { key: 'hostManaged', title: 'host, managed', least: 1 },
  { key: 'hostResident', title: 'host, resident', least: 16 },
  { key: 'workerMean', title: 'worker, private, mean', least: 1 },
  { key: 'workerMost', title: 'worker, private, most', least: 4 },
];

/** Compilation and the first recycling of workers happen in the first quarter. */
const settled = 0.25;

/** The trend of each series, from the samples after the first quarter of the time. */
export function soakTrends(samples) {
  const from = samples.at(-1).minute * settled;
  const rest = samples.filter(({ minute }) => minute >= from);
  return series.map(({ key, title, least }) =>
    ({ title, first: rest[0][key], last: rest.at(-1)[key], ...trendOf(rest.map(each => ({ at: each.minute, value: each[key] })), least) }));
}

/** One line per series, for a terminal. */
export function soakVerdicts(samples) {
  return soakTrends(samples).map(({ title, slope, change, verdict }) =>
    `${title}: ${verdict}, ${slopeOf(slope)} MiB an hour${change === undefined ? '' : `, ${compact(change)} MiB in that time`}`);
}

/** A map from file names to their content. */
export function soakFiles({ machine, samples, command }) {
  const trends = soakTrends(samples);
  const page = [
    '# Soak',
    `Written by \`${command}\`; what it does is in [the benchmarks' README](../README.md#soak), the data in [soak.json](soak.json).`,
    machineTable(machine, [['jobs', `${samples.at(-1).jobs} in ${compact(samples.at(-1).minute)} minutes`]]),
    '## Flat or not',
    markdown({
      header: ['', 'first, MiB', 'last, MiB', 'slope, MiB an hour', ''], left: [true, false, false, false, true],
      rows: trends.map(({ title, first, last, slope, verdict }) => [title, compact(first), compact(last), slopeOf(slope), verdict]),
    }),
    '## Samples',
    `![Memory over time](${soakChartFile})`,
    markdown({
      header: ['minute', 'jobs', ...series.map(({ title }) => `${title}, MiB`), 'workers', 'all workers, MiB'], left: Array(series.length + 4).fill(false),
      rows: samples.map(
        each => [compact(each.minute), String(each.jobs), ...series.map(({ key }) => compact(each[key])), String(each.workers), compact(each.workersAll)]),
    }),
  ];
  return new Map(
    [['soak.json', JSON.stringify({ machine, command, samples }, null, 1) + '\n'], ['soak.md', page.join('\n\n') + '\n'], [soakChartFile, soakChart(samples)]]);
}

const [left, right, top, bottom] = [72, 590, 60, 330];
const leastGap = 15;

export function soakChart(samples) {
  const x = linearScale(samples.map(({ minute }) => minute), left, right);
  const y = linearScale(samples.flatMap(each => series.map(({ key }) => each[key])), bottom, top);
  let last = -Infinity;
  const labels = series.map(({ key, title }) => ({ title, value: samples.at(-1)[key] })).sort((a, b) => b.value - a.value).map(({ title, value }) => {
    last = Math.max(y.place(value), last + leastGap);
    return text(right + 18, last + 4, `${title} ${compact(value)}`);
  });
  const parts = [
    ...y.ticks.flatMap(
      tick => [line(left, y.place(tick), right, y.place(tick), 'grid'), text(left - 10, y.place(tick) + 4, tick, { class: 'small', anchor: 'end' })]),
    ...x.ticks.map(tick => text(x.place(tick), bottom + 18, tick, { class: 'small', anchor: 'middle' })),
    text((left + right) / 2, bottom + 38, 'minutes', { class: 'small', anchor: 'middle' }),
    text(left - 56, top - 14, 'MiB', { class: 'small' }),
    ...series.flatMap(
      ({ key }) => seriesParts(samples.map(each => [round(x.place(each.minute)), round(y.place(each[key]))]), key.startsWith('host') ? ' ours' : '')),
    ...labels,
  ];
  return chart({ title: 'Memory while jobs come and go', description: soakVerdicts(samples).join('; '), height: bottom + 52, parts });
}

function seriesParts(places, ours) {
  return [path(`M${places.map(place => place.join(' ')).join('L')}`, `line${ours}`), ...places.map(([px, py]) => dot(px, py, 3, `first${ours}`))];
}

/** Converts a slope per minute to one per hour. */
function slopeOf(slope) {
  return slope === undefined ? '-' : compact(slope * 60);
}
