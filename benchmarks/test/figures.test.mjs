import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { inOrder, isOurs } from '../peers/contestants.mjs';
import { percentile } from '../peers/report.mjs';
import { Figures } from '../report/figures.mjs';
import { aligned, compact, markdown, shown } from '../report/format.mjs';
import { workloadTable } from '../report/tables.mjs';

const line = (peer, workload, metric, value, unit = 'ms', more = {}) => ({ peer, workload, metric, value, unit, n: 1, ...more });

test('a percentile is a value that was measured', () => {
  const sorted = [1, 2, 3, 4];
  equal(percentile(sorted, 50), 2);
  equal(percentile(sorted, 99), 4);
  equal(percentile(sorted, 0), 1);
  equal(percentile([7], 50), 7);
});

test('a figure is the median of its rounds, with the least and the most', () => {
  const figures = new Figures([3, 1, 2].map(value => line('deno', 'W1', 'p50', value)));
  deepEqual(figures.of('deno', 'W1', 'p50'), { unit: 'ms', rounds: 3, n: 1, median: 2, min: 1, max: 3 });
  equal(figures.of('deno', 'W1', 'p99'), undefined);
});

test('an outcome is all that came up', () => {
  const figures = new Figures(['stopped', 'never stops', 'stopped'].map(value => line('ses', 'W7', 'outcome', value, '')));
  equal(figures.of('ses', 'W7', 'outcome').text, 'stopped or never stops');
});

test('a ratio says how many times better the baseline is, for times and for rates', () => {
  const figures = new Figures([
    line('enclave', 'W1', 'p50', 2), line('deno', 'W1', 'p50', 10),
    line('enclave', 'W5', '8 in flight', 200, 'jobs/s'), line('deno', 'W5', '8 in flight', 50, 'jobs/s'),
  ]);
  equal(figures.ratio('deno', 'W1', 'p50'), 5);
  equal(figures.ratio('deno', 'W5', '8 in flight'), 4);
  equal(figures.ratio('enclave', 'W1', 'p50'), undefined);
});

test('what was not stopped compares with nothing', () => {
  const figures = new Figures([
    line('enclave', 'W7', 'outcome', 'stopped', ''), line('enclave', 'W7', 'time', 100),
    line('deno', 'W7', 'outcome', 'stopped', ''), line('deno', 'W7', 'time', 200),
    line('ses', 'W7', 'outcome', 'whole process dies', ''), line('ses', 'W7', 'time', 200),
  ]);
  equal(figures.ratio('deno', 'W7', 'time'), 2);
  equal(figures.ratio('ses', 'W7', 'time'), undefined);
});

test('every setting of enclave is ours, and ours come first', () => {
  deepEqual(inOrder(['deno', 'enclave-odd', 'enclave-strict', 'somebody', 'upstream', 'enclave', 'deno']), [
    'enclave', 'enclave-strict', 'enclave-odd', 'upstream', 'deno', 'somebody']);
  deepEqual(['enclave', 'enclave-secure', 'enclaves', 'upstream'].map(isOurs), [true, true, false, false]);
});

test('versions are no workload', () => {
  const figures = new Figures([line('deno', '', 'version', '2.9.6', ''), line('deno', 'W1', 'p50', 1)]);
  deepEqual(figures.workloads, ['W1']);
  equal(figures.versions.get('deno'), '2.9.6');
});

test('a note that several contestants have is told once', () => {
  const figures = new Figures(['ses', 'deno'].map(peer => line(peer, 'W9', 'private', 1, 'MiB', { note: '6 more units' })));
  deepEqual(figures.notesOf('W9'), ['ses, deno, private: 6 more units']);
});

test('a table has a row for each contestant, and ratios only where something compares', () => {
  const figures = new Figures([
    line('enclave', 'W1', 'p50', 2), line('enclave', 'W1', 'worker ready', 40),
    line('deno', 'W1', 'p50', 3), line('deno', 'W1', 'p50', 9), line('deno', 'W1', 'p50', 4), line('ses', 'W2', 'p50', 1),
  ]);
  deepEqual(workloadTable(figures, 'W1'), {
    header: ['', 'p50, ms', 'x', 'worker ready, ms'],
    left: [true, false, false, false],
    rows: [['enclave', '2', '-', '40'], ['ses', '-', '-', '-'], ['deno', '4 (3–9)', '2', '-']],
  });
});

test('numbers have three digits that mean something', () => {
  deepEqual([0.012345, 1.5, 12.345, 123.45, 12345.6].map(compact), ['0.0123', '1.5', '12.3', '123', '12346']);
  equal(shown(undefined), '-');
  equal(shown({ text: 'stopped' }), 'stopped');
  equal(shown({ median: 1, min: 1, max: 1.0001 }), '1');
});

test('tables are aligned as text, and a bar does not end a cell of Markdown', () => {
  const table = { header: ['', 'ms'], left: [true, false], rows: [['a|b', '1'], ['c', '12']] };
  equal(aligned(table), '     ms\na|b   1\nc    12');
  equal(markdown(table), '|  | ms |\n|---|---:|\n| a\\|b | 1 |\n| c | 12 |');
});
