// node targets.mjs <file of JSON lines>...: lists Enclave's targets, the measurements (medians of several rounds), and whether each target is met.
import { readFileSync } from 'node:fs';
import { percentile } from './peers/report.mjs';

const targets = [
  { workload: 'W1', metric: '2 ms apart, p50', most: 0.14, unit: 'ms', text: 'tiny job, 2 ms apart' },
  { workload: 'W1', metric: '2 ms apart, p99', most: 0.4, unit: 'ms', text: 'tiny job, 2 ms apart, p99' },
  { workload: 'W1', metric: 'back to back, p50', most: 0.2, unit: 'ms', text: 'tiny job, back to back on one worker' },
  { workload: 'W2', metric: '2 ms apart, p50', most: 0.45, unit: 'ms', text: '200 records, 2 ms apart' },
  { workload: 'W3', metric: '2 ms apart, p50', most: 0.5, unit: 'ms', text: 'ten tool calls, 2 ms apart' },
  { workload: 'W5', metric: '8 in flight', least: 3500, unit: 'jobs/s', text: '200 records, 8 in flight' },
  { workload: 'W6', metric: 'late, p95', most: 5, unit: 'ms', text: 'answer after the limit of an endless loop' },
  { workload: 'W6', metric: 'next success, p50', most: 0.4, unit: 'ms', text: 'next success after it' },
  { workload: 'W7', metric: 'outcome', is: 'stopped', noted: 'MEMORY_LIMIT_EXCEEDED', text: 'arrays are stopped, by the memory limit' },
  { workload: 'W7', metric: 'time', most: 500, unit: 'ms', text: 'within this time' },
  { workload: 'W7', metric: 'peak above base', most: 64 + 40, unit: 'MiB', text: 'with a peak above the base of no more than the limit and 40' },
  { workload: 'W7', metric: 'neighbour', is: 'ok', text: 'and the neighbour lives' },
  { workload: 'W8', metric: 'spawn to first result, p50', most: 110, unit: 'ms', text: 'cold start' },
  { workload: 'W9', metric: 'private per unit', most: 1.5, unit: 'MiB', text: 'private memory of an idle worker' },
  { workload: 'W10', metric: 'back to back, p50', most: 3, unit: 'ms', text: '1 MB in and out' },
  { workload: 'W11', metric: 'outcome', is: 'stopped', text: 'buffers are stopped' },
];

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('node targets.mjs <file of JSON lines>...');
  process.exit(2);
}

const lines = files.flatMap(file => readFileSync(file, 'utf8').split('\n').filter(text => text.startsWith('{')).map(text => JSON.parse(text)));
for (const target of targets) {
  const found = lines.filter(line => line.peer === 'enclave' && line.workload === target.workload && line.metric === target.metric);
  if (found.length > 0) console.log(row(target, found));
}

function row(target, found) {
  const isNumber = target.unit !== undefined;
  const measured = isNumber ? percentile(found.map(line => line.value).sort((a, b) => a - b), 50) : worst(target, found);
  const met = isNumber ? measured <= (target.most ?? Infinity) && measured >= (target.least ?? -Infinity) : measured === wanted(target);
  const goal = !isNumber ? wanted(target) : target.most === undefined ? `>= ${target.least} ${target.unit}` : `<= ${target.most} ${target.unit}`;
  return [target.workload.padEnd(4), target.text.padEnd(60), goal.padEnd(32), String(measured).padEnd(32), met ? 'met' : 'missed'].join(' ');
}

function wanted({ is, noted }) {
  return noted ? `${is} (${noted})` : is;
}

/** One round with another outcome is one too many. */
function worst(target, found) {
  const shown = found.map(line => target.noted ? `${line.value} (${(line.note ?? '').split(':')[0]})` : line.value);
  return shown.find(value => value !== wanted(target)) ?? wanted(target);
}
