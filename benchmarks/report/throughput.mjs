// Jobs per second over the number of workers, from lines of the workload S1 with the metric "<n> workers".
import { isOurs } from '../peers/contestants.mjs';
import { compact, shown } from './format.mjs';
import { linearScale } from './scale.mjs';
import { chart, dot, line, path, round, text } from './svg.mjs';

export const scalingWorkload = 'S1';
export const scalingFile = 'throughput-workers.svg';

const [left, right, top, bottom] = [72, 620, 60, 330];
const leastGap = 15;

/** The points of each contestant that has any, by rising number of workers. */
export function scalingOf(figures) {
  return figures.peers.map(peer => {
    const points = figures.metricsOf(scalingWorkload).flatMap(({ metric }) => {
      const workers = Number(metric.match(/^(\d+) workers?$/)?.[1]);
      const median = figures.of(peer, scalingWorkload, metric)?.median;
      return workers > 0 && median !== undefined ? [{ workers, median }] : [];
    });
    return { peer, points: points.sort((a, b) => a.workers - b.workers) };
  }).filter(({ points }) => points.length > 0);
}

/** A row for each number of workers and each contestant with a figure; a column for each metric. */
export function scalingTable(figures) {
  const metrics = figures.metricsOf(scalingWorkload);
  const named = metrics.flatMap(({ metric, unit }) => {
    const [, workers, what] = metric.match(/^(\d+) workers?(?:, (.+))?$/) ?? [];
    return workers ? [{ metric, unit, workers: Number(workers), what: what ?? '' }] : [];
  });
  const columns = [...new Map(named.map(({ what, unit }) => [what, unit]))];
  const counts = [...new Set(named.map(({ workers }) => workers))].sort((a, b) => a - b);
  const rows = scalingOf(figures).flatMap(({ peer }) => counts.map(workers => [peer, String(workers), ...columns.map(([what]) => {
    const found = named.find(each => each.workers === workers && each.what === what);
    return shown(found && figures.of(peer, scalingWorkload, found.metric));
  })]));
  return { header: [
    '', 'workers', ...columns.map(([what, unit]) => what ? `${what}, ${unit}` : unit)], left: [true, ...Array(columns.length + 1).fill(false)], rows };
}

export function scalingChart(figures) {
  const all = scalingOf(figures);
  if (all.length === 0) return undefined;
  const points = all.flatMap(each => each.points);
  const x = linearScale(points.map(point => point.workers), left, right);
  const y = linearScale(points.map(point => point.median), bottom, top);
  const parts = [
    ...y.ticks.flatMap(
      tick => [line(left, y.place(tick), right, y.place(tick), 'grid'), text(left - 10, y.place(tick) + 4, tick, { class: 'small', anchor: 'end' })]),
    ...[...new Set(points.map(point => point.workers))].map(workers => text(x.place(workers), bottom + 18, workers, { class: 'small', anchor: 'middle' })),
    text((left + right) / 2, bottom + 38, 'workers', { class: 'small', anchor: 'middle' }),
    text(left - 56, top - 14, 'jobs/s', { class: 'small' }),
    ...all.flatMap(each => seriesParts(each, x, y)),
    ...labels(all, y),
  ];
  const description =
    all.map(({ peer, points: own }) => `${peer}: ${own.map(({ workers, median }) => `${workers} workers ${compact(median)} jobs/s`).join(', ')}`).join('; ');
  return chart({ title: 'Throughput over workers', description, height: bottom + 52, parts });
}

function seriesParts({ peer, points }, x, y) {
  const ours = isOurs(peer) ? ' ours' : '';
  const places = points.map(({ workers, median }) => [round(x.place(workers)), round(y.place(median))]);
  return [path(`M${places.map(place => place.join(' ')).join('L')}`, `line${ours}`), ...places.map(([px, py]) => dot(px, py, 4, `first${ours}`))];
}

/** Beside the end of each line, moved down where two labels would overlap. */
function labels(all, y) {
  let last = -Infinity;
  return all.map(({ peer, points }) => ({ peer, end: points.at(-1), at: y.place(points.at(-1).median) }))
    .sort((a, b) => a.at - b.at).map(({ peer, end, at }) => {
    last = Math.max(at, last + leastGap);
    return text(right + 18, last + 4, `${peer} ${compact(end.median)}`, { class: isOurs(peer) ? 'ours' : '' });
  });
}
