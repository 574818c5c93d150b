// The outcome of jobs that never end or take all memory: a matrix of contestants and workloads.
import { isOurs } from '../peers/contestants.mjs';
import { compact } from './format.mjs';
import { chart, line, path, text } from './svg.mjs';

export const hostile = [
  { workload: 'W6', title: 'endless loop' },
  { workload: 'W6b', title: 'loop after await' },
  { workload: 'W7', title: 'arrays, 64 MB' },
  { workload: 'W7b', title: 'objects, 64 MB' },
  { workload: 'W11', title: 'buffers, 64 MB' },
];

/** From the best outcome to the worst. Each has its own sign, so the colour adds nothing. */
const outcomes = {
  stopped: { word: 'stopped', tone: 'good', sign: 'M-6 0L-2 5L6 -5' },
  'not limited': { word: 'not limited', tone: 'fair', sign: 'M0 -6L6 5L-6 5ZM0 -2L0 1' },
  'whole process dies': { word: 'process dies', tone: 'bad', sign: 'M-5 -5L5 5M5 -5L-5 5' },
  'never stops': { word: 'never stops', tone: 'bad', sign: 'M0 0C-3 -5 -8 -4 -8 0C-8 4 -3 5 0 0C3 -5 8 -4 8 0C8 4 3 5 0 0' },
};
const unknown = { word: 'not measured', tone: 'none', sign: 'M-5 0L5 0' };
const unclean = { word: 'not clean', tone: 'none', sign: 'M-5 0L5 0' };

/** The outcome of a job: the worst of all rounds, with details for the reader. */
export function containmentOf(figures, peer, workload) {
  const lines = figures.lines.filter(each => each.peer === peer && each.workload === workload);
  const found = Object.keys(outcomes).filter(name => lines.some(each => each.metric === 'outcome' && each.value === name));
  if (found.length === 0) return { ...(lines.some(each => each.value === 'not clean') ? unclean : unknown), detail: '' };
  return { ...outcomes[found.at(-1)], detail: detailOf(figures, peer, workload) };
}

function detailOf(figures, peer, workload) {
  const median = metric => figures.of(peer, workload, metric)?.median;
  const late = median('late, p50');
  if (late !== undefined) return `${compact(late)} ms late`;
  const time = median('time');
  if (time === undefined) return '';
  const lost = figures.of(peer, workload, 'neighbour')?.text.includes('lost') ? ', all lost' : '';
  return `${compact(time / 1000)} s${lost}`;
}

const left = 148;
const column = 128;
const rowHeight = 40;
const top = 76;

export function containmentChart(figures) {
  const peers = figures.peers.filter(peer => hostile.some(({ workload }) => figures.of(peer, workload, 'outcome')));
  if (peers.length === 0) return undefined;
  const bottom = top + peers.length * rowHeight;
  const heads = hostile.flatMap(({ workload, title }, i) => [
    text(left + i * column + 8, top - 24, workload, { class: 'ours' }),
    text(left + i * column + 8, top - 9, title, { class: 'small' }),
  ]);
  const rows = peers.flatMap((peer, i) => rowParts(figures, peer, top + i * rowHeight));
  const description = peers.map(peer => `${peer}: ${hostile.map(({ workload }) => `${workload} ${containmentOf(figures, peer, workload).word}`).join(', ')}`)
    .join('; ');
  const parts = [...heads, ...rows, line(16, bottom, left + hostile.length * column, bottom, 'grid')];
  return chart({ title: 'Containment of hostile jobs', description, height: bottom + 14, parts });
}

function rowParts(figures, peer, y) {
  const cells = hostile.flatMap(({ workload }, i) => {
    const { word, tone, sign, detail } = containmentOf(figures, peer, workload);
    const x = left + i * column + 16;
    return [
      `<g transform="translate(${x} ${y + rowHeight / 2})">${path(sign, `sign ${tone}`)}</g>`,
      text(x + 16, y + (detail ? 17 : 24), word),
      ...(detail ? [text(x + 16, y + 32, detail, { class: 'small' })] : []),
    ];
  });
  return [line(16, y, left + hostile.length * column, y, 'grid'), text(16, y + 24, peer, { class: isOurs(peer) ? 'ours' : '' }), ...cells];
}
