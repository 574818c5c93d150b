// A row for each contestant with one or two dots on a logarithmic axis: p50 and p99, private and proportional, or one figure.
import { isOurs } from '../peers/contestants.mjs';
import { compact } from './format.mjs';
import { logScale } from './scale.mjs';
import { chart, dot, line, text } from './svg.mjs';

const left = 172;
const right = 640;
const rowHeight = 26;
const top = 66;

/** `marks` are one or two {label, of(peer)}. A contestant without the first is left out. Undefined if none has it. */
export function rangeChart({ title, unit, peers, marks }) {
  const rows = peers.map(peer => ({ peer, values: marks.map(mark => mark.of(peer)) })).filter(({ values }) => values[0] > 0);
  if (rows.length === 0) return undefined;
  const drawn = rows.flatMap(({ values }) => values).filter(value => value > 0);
  const { ticks, place } = logScale(drawn, left, right);
  const bottom = top + rows.length * rowHeight;
  const parts = [
    ...legend(marks),
    ...ticks.flatMap(tick =>
    [line(place(tick), top - 8, place(tick), bottom, 'grid'), text(place(tick), bottom + 18, `${tick} ${unit}`, { class: 'small', anchor: 'middle' })]),
    ...rows.flatMap((row, i) => rowParts(row, top + i * rowHeight + rowHeight / 2, place, unit)),
  ];
  const description = rows.map(({ peer, values }) => `${peer}: ${shown(values, unit)}`).join('; ');
  return chart({ title, description: `${marks.map(mark => mark.label).join(' and ')}, logarithmic. ${description}.`, height: bottom + 34, parts });
}

function rowParts({ peer, values: [first, second] }, y, place, unit) {
  const ours = isOurs(peer) ? ' ours' : '';
  const both = second > 0;
  return [
    text(left - 12, y + 4, peer, { class: ours.trim(), anchor: 'end' }),
    ...(both ? [line(place(first), y, place(second), y, `range${ours}`), dot(place(second), y, 5, `second${ours}`)] : []),
    dot(place(first), y, 6, `first${ours}`),
    text(right + 18, y + 4, shown(both ? [first, second] : [first], unit), { class: ours.trim() }),
  ];
}

function legend(marks) {
  return marks.flatMap(({ label }, i) => {
    const x = left + i * 160;
    return [dot(x, 43, i === 0 ? 6 : 5, i === 0 ? 'first' : 'second'), text(x + 12, 47, label, { class: 'small' })];
  });
}

function shown(values, unit) {
  return `${values.filter(value => value > 0).map(compact).join(' / ')} ${unit}`;
}
