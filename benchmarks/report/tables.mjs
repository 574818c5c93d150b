// The table of one workload: a row for each contestant, and for each metric its figure and ratio.
import { titleOf } from '../peers/catalogue.mjs';
import { baseline, isOurs } from '../peers/contestants.mjs';
import { shown, shownRatio } from './format.mjs';

export const ratioNote = `x: how many times better ${baseline} is than the contestant of the row; below 1 it is worse.`;

export function workloadTable(figures, workload) {
  const columns = figures.metricsOf(workload).flatMap(({ metric, unit }) => columnsOf(figures, workload, metric, unit));
  return {
    header: ['', ...columns.map(column => column.title)],
    left: [true, ...columns.map(column => column.left)],
    rows: rowsOf(figures, [workload]).map(peer => [peer, ...columns.map(column => column.cell(peer))]),
  };
}

/** The contestants with a row. Another setting of ours has one only if it was measured, because most workloads do not ask for it. */
export function rowsOf(figures, workloads) {
  const measured = peer => figures.lines.some(line => line.peer === peer && workloads.includes(line.workload));
  return figures.peers.filter(peer => peer === baseline || !isOurs(peer) || measured(peer));
}

/** A ratio stands to the right of its figure. It is missing if nothing compares. */
function columnsOf(figures, workload, metric, unit) {
  const figure = { title: unit ? `${metric}, ${unit}` : metric, left: !unit, cell: peer => shown(figures.of(peer, workload, metric)) };
  const ratio = { title: 'x', left: false, cell: peer => shownRatio(figures.ratio(peer, workload, metric)) };
  return figures.peers.some(peer => figures.ratio(peer, workload, metric) !== undefined) ? [figure, ratio] : [figure];
}

export function headingOf(workload) {
  const title = titleOf(workload);
  return title ? `${workload}: ${title}` : workload;
}
