import { deepEqual, doesNotMatch, match } from 'node:assert/strict';
import { test } from 'node:test';
import { durableFiles, durableTables } from '../report/durable-page.mjs';

const machine = { date: 'today', cpu: 'a processor', cores: 2, memoryGiB: 8, system: 'Debian', kernel: 'Linux 6', load: 0.5, loads: [0.5, 12.345],
  node: '26', dotnet: '10' };
const line = (peer, workload, metric, value, unit, more = {}) => ({ peer, workload, metric, value, unit, n: 1, ...more });
const lines = [
  line('memory', 'waking', '100 recorded calls, p50', 2.5, 'ms'), line('memory', 'waking', '100 recorded calls, p90', 4, 'ms'),
  line('folder', 'waking', '100 recorded calls, p50', 16.64, 'ms'),
  line('folder', 'many', 'suspended runs', 31500, '', { note: 'of 100000: the others would have taken more than 0:06:00' }),
  line('memory', 'steps', '16 at once', 12200, 'steps/s'), line('memory', 'steps', 'repeatable, 16 at once', 14600, 'steps/s'),
  line('DBOS', 'steps', 'repeatable, 1 at once', 236, 'steps/s', { note: 'DBOS 5' }),
  line('DBOS', 'steps', 'repeatable, 16 at once', 879, 'steps/s', { note: 'DBOS 5' }),
  line('Restate', 'steps', 'left out', 'its npm package is not installed', ''),
];

test('stores and peers are columns, with what is allowed and with the command of each table', () => {
  const page = durableTables(lines, []);
  for (const expected of [/\|  \|  \| most allowed \| memory \| folder \|/, /\| 100 recorded calls, p50 \| ms \| 3 \| 2\.5 \| 16\.6 \|/,
    /--durable --only waking`/, /\| 100 recorded calls, p90 \| ms \|  \| 4 \| - \|/, /\| repeatable, 16 at once \| steps\/s \| 14600 \| 879 \|/])
    match(page, expected);
  doesNotMatch(page, /--only due/);
});

test('a note stands once, and a peer that is left out says why', () => {
  const page = durableTables(lines, []);
  for (const expected of [/- folder, suspended runs: of 100000/, /^- DBOS: DBOS 5$/m, /^- Restate is left out: its npm package is not installed$/m])
    match(page, expected);
  deepEqual(page.match(/DBOS 5/g).length, 1);
});

test('a run of --durable is kept as data and a page', () => {
  const files = durableFiles({ machine, lines, chosen: ['--quick'] });
  deepEqual([...files.keys()], ['durable.json', 'durable.md']);
  match(files.get('durable.md'), /\| load meanwhile \| 0\.5 to 12\.3 \|/);
  match(files.get('durable.md'), /Written by `\.\/bench\.sh --durable --quick`/);
  match(files.get('durable.md'), /`\.\/bench\.sh --durable --quick --only steps`/);
  deepEqual(JSON.parse(files.get('durable.json')).lines, lines);
});
