import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { containmentChart, containmentOf } from '../report/containment.mjs';
import { Figures } from '../report/figures.mjs';
import { reportFiles } from '../report/page.mjs';
import { rangeChart } from '../report/ranges.mjs';
import { linearScale, logScale } from '../report/scale.mjs';
import { chart, escaped, text } from '../report/svg.mjs';
import { scalingChart, scalingOf } from '../report/throughput.mjs';

const line = (peer, workload, metric, value, unit = 'ms', more = {}) => ({ peer, workload, metric, value, unit, n: 1, ...more });
const hostileName = '<script>alert("1")</script> & \'more\'';

const sample = [
  line('deno', '', 'version', '2.9.6', ''),
  ...['enclave', 'deno'].flatMap((peer, i) => [
    line(peer, 'W1', '2 ms apart, p50', 1 + i), line(peer, 'W1', '2 ms apart, p99', 3 + i),
    line(peer, 'W5', '8 in flight', 1000 / (1 + i), 'jobs/s'),
    line(peer, 'W6', 'outcome', 'stopped', ''), line(peer, 'W6', 'late, p50', 2.5),
    line(peer, 'W9', 'private per unit', 9, 'MiB', { note: '6 more units' }), line(peer, 'W9', 'proportional per unit', 12, 'MiB'),
  ]),
  line('enclave', 'S1', '1 workers', 500, 'jobs/s'), line('enclave', 'S1', '4 workers', 1500, 'jobs/s'), line('enclave', 'S1', '2 workers', 900, 'jobs/s'),
];

test('no text of a chart can be markup', () => {
  equal(escaped(hostileName), '&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62; &#38; &#39;more&#39;');
  doesNotMatch(text(0, 0, hostileName), /<script/);
  doesNotMatch(chart({ title: hostileName, description: hostileName, height: 10, parts: [] }), /<script/);
  const svg = rangeChart({ title: 'T', unit: 'ms', peers: [hostileName], marks: [{ label: hostileName, of: () => 1 }] });
  doesNotMatch(svg, /<script/);
});

test('a chart says in words what it shows, fits the page and has no text too small to read', () => {
  const figures = new Figures(sample);
  for (const [file, svg] of reportFiles(figures, undefined)) {
    if (!file.endsWith('.svg')) continue;
    match(svg, /<title id="title">.+<\/title>\n<desc id="desc">.+<\/desc>/, file);
    match(svg, /viewBox="0 0 800 \d+"/, file);
    match(svg, /prefers-color-scheme: dark/, file);
    for (const [, size] of svg.matchAll(/(?:font|font-size): ?(\d+)px/g)) ok(Number(size) >= 11, `${file}: ${size} px`);
    for (const [, x] of svg.matchAll(/ (?:x|cx|x1|x2)="([\d.-]+)"/g)) ok(Number(x) >= 0 && Number(x) <= 800, `${file}: ${x}`);
  }
});

test('a logarithmic axis goes from decade to decade', () => {
  const { ticks, place } = logScale([0.03, 20], 0, 400);
  deepEqual(ticks, [0.01, 0.1, 1, 10, 100]);
  deepEqual([0.01, 1, 100].map(value => Math.round(place(value))), [0, 200, 400]);
  deepEqual(logScale([10], 0, 100).ticks, [10, 100]);
});

test('a linear axis goes from zero to above the values', () => {
  const { ticks, place } = linearScale([1300], 0, 300);
  deepEqual(ticks, [0, 500, 1000, 1500]);
  equal(place(750), 150);
});

test('a contestant without a figure is not in a chart, and without any there is no chart', () => {
  const marks = [{ label: 'p50', of: peer => (peer === 'deno' ? 1 : undefined) }];
  doesNotMatch(rangeChart({ title: 'T', unit: 'ms', peers: ['ses', 'deno'], marks }), /ses/);
  equal(rangeChart({ title: 'T', unit: 'ms', peers: ['ses'], marks }), undefined);
  equal(containmentChart(new Figures([])), undefined);
  equal(scalingChart(new Figures([])), undefined);
});

test('containment shows the worst outcome of all rounds', () => {
  const figures = new Figures([
    line('isolated-vm', 'W7', 'outcome', 'stopped', ''), line('isolated-vm', 'W7', 'outcome', 'never stops', ''),
    line('isolated-vm', 'W7', 'time', 4000), line('isolated-vm', 'W7', 'neighbour', 'lost', ''),
    line('ses', 'W7', 'clean state', 'not clean', ''),
  ]);
  const { word, detail } = containmentOf(figures, 'isolated-vm', 'W7');
  deepEqual([word, detail], ['never stops', '4 s, all lost']);
  equal(containmentOf(figures, 'ses', 'W7').word, 'not clean');
  equal(containmentOf(figures, 'deno', 'W7').word, 'not measured');
});

test('throughput goes over rising numbers of workers', () => {
  deepEqual(scalingOf(new Figures(sample)), [{ peer: 'enclave', points: [1, 2, 4].map((workers, i) => ({ workers, median: [500, 900, 1500][i] })) }]);
});

test('a report has the machine, the versions, and the figures of each chart as a table', () => {
  const machine =
    { date: 'today', cpu: 'a processor', cores: 2, memoryGiB: 8, system: 'Debian', kernel: 'Linux 6', load: 0.5, rounds: 3, enclave: '0.1.0', node: '26',
      v8: '14', dotnet: '10' };
  const files = reportFiles(new Figures(sample), machine);
  deepEqual([...files.keys()].sort(), ['containment.svg', 'latency-tiny-apart.svg', 'memory.svg', 'report.md', 'throughput-workers.svg', 'throughput.svg']);
  const page = files.get('report.md');
  for (const expected of [/a processor, 2 cores/, /\| deno \| 2\.9\.6 \|/, /\| enclave \| 0\.1\.0 \|/, /\| deno \| 2 \| 2 \|/, /!\[.+\]\(memory\.svg\)/,
    /- enclave, deno, private per unit: 6 more units/]) match(page, expected);
  for (const file of files.keys()) if (file.endsWith('.svg')) ok(page.includes(`](${file})`), file);
});

test('a report without a machine says so', () => {
  match(reportFiles(new Figures(sample), undefined).get('report.md'), /not recorded/);
});
