import { deepEqual, doesNotMatch, equal, match, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { Figures } from '../report/figures.mjs';
import { linesOf } from '../report/keep.mjs';
import { microFigures, microFiles, time } from '../report/micro.mjs';
import { reportFiles } from '../report/page.mjs';
import { scaleFiles } from '../report/scale-page.mjs';
import { soakFiles, soakTrends } from '../report/soak.mjs';
import { scalingTable } from '../report/throughput.mjs';
import { leastSamples, trendOf } from '../report/trend.mjs';

const machine =
  { date: 'today', cpu: 'a processor', cores: 2, memoryGiB: 8, system: 'Debian', kernel: 'Linux 6', load: 0.5, node: '26', v8: '14', dotnet: '10',
    commit: 'abc' };
const line = (workload, metric, value, unit, more = {}) => ({ peer: 'enclave', workload, metric, value, unit, n: 1, ...more });
const scaled = [
  line('S1', '1 worker', 500, 'jobs/s'), line('S1', '1 worker, p50', 2, 'ms'),
  line('S1', '16 workers', 1500, 'jobs/s'), line('S1', '2 workers', 900, 'jobs/s'), line('S1', '2 workers, p50', 3, 'ms'),
  line('S2', 'alone, p50', 1.5, 'ms'), line('S3', 'source, 2 kB', 0.5, 'ms', { note: '250 us for each' }),
];

/** From -2 to 2, without a trend. */
const noise = i => [0, 2, -1, 1, -2, 2, 0, -2, 1, -1][i % 10];
const series = (count, value) => Array.from({ length: count }, (_, i) => ({ at: i, value: value(i) }));

test('a series that only scatters is flat, and one that grows or shrinks under the scatter is not', () => {
  equal(trendOf(series(20, i => 50 + noise(i))).verdict, 'flat');
  const rising = trendOf(series(20, i => 50 + i + noise(i)));
  equal(rising.verdict, 'rises');
  ok(Math.abs(rising.slope - 1) < 0.2, `${rising.slope}`);
  equal(trendOf(series(20, i => 50 - i + noise(i))).verdict, 'falls');
});

test('one peak is no trend, and neither is less than the least change', () => {
  equal(trendOf(series(20, i => i === 19 ? 1000 : 50)).slope, 0);
  equal(trendOf(series(20, i => 50 + i / 100), 1).verdict, 'flat');
  equal(trendOf(series(20, i => 50 + i / 100)).verdict, 'rises');
});

test('few samples say nothing', () => {
  equal(trendOf(series(leastSamples - 1, i => i)).verdict, 'too few samples');
  equal(trendOf(series(leastSamples, i => i)).verdict, 'rises');
  deepEqual(trendOf(series(1, i => i)), { slope: undefined, change: undefined, verdict: 'too few samples' });
});

const samples = Array.from({ length: 30 }, (_, minute) => ({
  minute, jobs: minute * 1000, hostManaged: 5 + minute, hostResident: 80 + noise(minute), workers: 4, workerMean: minute < 7 ? minute : 10, workerMost: 12,
    workersAll: 40,
}));

test('a soak is judged after its first quarter, series by series', () => {
  deepEqual(soakTrends(samples).map(({ title, verdict }) => [title, verdict]), [
    ['host, managed', 'rises'], ['host, resident', 'flat'], ['worker, private, mean', 'flat'], ['worker, private, most', 'flat'],
  ]);
});

test('a soak is kept as data, a page with slopes and samples, and a chart', () => {
  const files = soakFiles({ machine, samples, command: './bench.sh --soak 30' });
  deepEqual([...files.keys()], ['soak.json', 'soak.md', 'soak.svg']);
  const page = files.get('soak.md');
  for (const expected of [/a processor, 2 cores/, /\| host, managed \| 13 \| 34 \| 60 \| rises \|/, /\| 29 \| 29000 \| 34 \|/, /\(soak\.svg\)/])
    match(page, expected);
  deepEqual(JSON.parse(files.get('soak.json')).samples, samples);
  match(files.get('soak.svg'), /host, managed: rises, 60 MiB an hour/);
  for (const [, x] of files.get('soak.svg').matchAll(/ (?:x|cx|x1|x2)="([\d.-]+)"/g)) ok(Number(x) >= 0 && Number(x) <= 800, x);
});

test('workers are the rows of a scaling table, by rising number', () => {
  deepEqual(scalingTable(new Figures(scaled)), {
    header: ['', 'workers', 'jobs/s', 'p50, ms'], left: [true, false, false, false],
    rows: [['enclave', '1', '500', '2'], ['enclave', '2', '900', '3'], ['enclave', '16', '1500', '-']],
  });
});

test('a run of --scale is kept as data, a page with every part, and a chart', () => {
  const files = scaleFiles({ machine, lines: scaled, command: './bench.sh --scale' });
  deepEqual([...files.keys()], ['scale.json', 'scale.md', 'throughput-workers.svg']);
  for (const expected of [/a processor, 2 cores/, /\| enclave \| 16 \| 1500 \|/, /\| alone, p50 \| 1\.5 \| ms \| 1 \|/, /250 us for each/])
    match(files.get('scale.md'), expected);
  deepEqual(JSON.parse(files.get('scale.json')).lines, scaled);
  const rest = scaleFiles({ machine, lines: scaled.slice(5), command: './bench.sh --scale --only growth' });
  deepEqual([...rest.keys()], ['scale.json', 'scale.md']);
});

test('a report shows the throughput over workers that --scale kept, as chart and table, and nothing else of it', () => {
  const contest = new Figures([{ peer: 'deno', workload: '', metric: 'version', value: '2.9.6', unit: '' }, line('W1', '2 ms apart, p50', 1, 'ms'),
  {
    ...line('W1', '2 ms apart, p50', 3, 'ms'), peer: 'deno',
  }]);
  const files = reportFiles(contest, machine, { machine: { ...machine, date: 'yesterday' }, lines: scaled });
  ok(files.has('throughput-workers.svg'));
  const page = files.get('report.md');
  for (const expected of [/## S1: tiny jobs on 1 to 64 workers/, /\| enclave \| 2 \| 900 \| 3 \|/, /a run of its own: yesterday/, /\| deno \| 2\.9\.6 \|/])
    match(page, expected);
  doesNotMatch(page, /alone, p50/);
  ok(!reportFiles(contest, machine).has('throughput-workers.svg'));
});

const brief = { Benchmarks: [
  { Type: 'CodecBenchmarks', Method: 'Read', Parameters: 'Size=10', Statistics: { N: 3, Median: 1500, StandardDeviation: 20 },
    Memory: { BytesAllocatedPerOperation: 64 } },
  { Type: 'GuardBenchmarks', Method: 'Broken', Parameters: '', Statistics: null, Memory: null },
] };

test('small parts are kept by group, with times in a unit that can be read', () => {
  const figures = microFigures([brief]);
  deepEqual(figures[0], { group: 'CodecBenchmarks', name: 'Read', parameters: 'Size=10', medianNs: 1500, deviationNs: 20, n: 3, allocatedBytes: 64 });
  equal(figures[1].medianNs, undefined);
  const page = microFiles({ machine, figures, command: './bench.sh --micro' }).get('micro.md');
  for (const expected of [/## CodecBenchmarks/, /\| Read, Size=10 \| 1\.5 µs \| 20 ns \| 64 B \| 3 \|/, /\| Broken \| - \| - \| - \| 0 \|/])
    match(page, expected);
  deepEqual([0.5, 999, 1000, 2.5e6, 3e9, undefined].map(time), ['0.5 ns', '999 ns', '1 µs', '2.5 ms', '3 s', '-']);
});

async function all(lines) {
  const found = [];
  for await (const each of lines) found.push(each);
  return found;
}

test('lines of a program are read as they come, and a program that fails leaves no result', async () => {
  const print = 'console.log(JSON.stringify({ a: 1 })); console.log(JSON.stringify({ a: 2 }));';
  deepEqual(await all(linesOf(process.execPath, ['-e', print])), [{ a: 1 }, { a: 2 }]);
  await rejects(all(linesOf(process.execPath, ['-e', `${print} process.exitCode = 3;`])), /ended with 3/);
  await rejects(all(linesOf('/nowhere/at/all', [])), /ENOENT/);
});
