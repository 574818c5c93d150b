// node table.mjs [--markdown] <file of JSON lines>...
// One table of all contestants. A figure that the files hold several times (repeated runs) is shown by its median.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { workloadNames } from './catalogue.mjs';
import { percentile } from './report.mjs';

const baseline = 'enclave';
const order = [baseline, 'isolated-vm', 'piscina', 'node-vm'];

const { values: options, positionals: files } = parseArgs({ options: { markdown: { type: 'boolean' } }, allowPositionals: true });
if (files.length === 0) {
  console.error('node table.mjs [--markdown] <file of JSON lines>...');
  process.exit(2);
}

const lines = files.flatMap(readLines);
const contestants = byOrder([...new Set(lines.map(line => line.peer))], order);
const rows = tableRows();
console.log(options.markdown ? markdown(rows) : aligned(rows));
console.log(`\nx: how many times better ${baseline} is than the contestant to the left; below 1 it is worse.`);
for (const note of notes()) console.log(options.markdown ? `- ${note}` : note);

function readLines(file) {
  return readFileSync(file, 'utf8').split('\n').filter(text => text.startsWith('{')).map(text => JSON.parse(text));
}

function tableRows() {
  const header = ['', 'metric', 'unit', ...contestants.flatMap(peer => peer === baseline ? [peer] : [peer, 'x'])];
  const body = [];
  for (const workload of byOrder([...new Set(lines.map(line => line.workload))], workloadNames)) {
    const metrics = new Map(lines.filter(line => line.workload === workload).map(line => [line.metric, line.unit]));
    for (const [metric, unit] of metrics) {
      const cells = contestants.flatMap(peer => {
        const value = figure(peer, workload, metric);
        return peer === baseline ? [shown(value)] : [shown(value), ratio(peer, workload, metric, unit)];
      });
      body.push([workload, metric, unit, ...cells]);
    }
  }
  return [header, ...body];
}

function figure(peer, workload, metric) {
  const values = lines.filter(line => line.peer === peer && line.workload === workload && line.metric === metric).map(line => line.value);
  if (values.every(value => typeof value === 'number')) return percentile(values.sort((a, b) => a - b), 50);
  return [...new Set(values)].join(' or ');
}

function shown(value) {
  if (value === undefined || value === '') return '-';
  return typeof value === 'number' ? compact(value) : value;
}

function ratio(peer, workload, metric, unit) {
  const ours = figure(baseline, workload, metric);
  const theirs = figure(peer, workload, metric);
  // The time and the peak of a job that was not stopped are those of our watchdog, so they compare with nothing.
  const comparable = [baseline, peer].every(each => ['stopped', undefined].includes(figure(each, workload, 'outcome')));
  if (!comparable || typeof ours !== 'number' || typeof theirs !== 'number' || ours <= 0 || theirs <= 0) return '-';
  return compact(unit === 'jobs/s' ? ours / theirs : theirs / ours);
}

/** Three digits that mean something; more is noise. */
function compact(value) {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

function notes() {
  return [...new Set(lines.filter(line => line.note).map(line => `${line.workload} ${line.metric}, ${line.peer}: ${line.note}`))];
}

function aligned(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map(row => row[column].length)));
  return table.map(row => row.map((cell, column) => column < 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])).join('  ').trimEnd()).join('\n');
}

function markdown(table) {
  const [header, ...body] = table.map(row => `| ${row.join(' | ')} |`);
  return [header, `|${table[0].map((_, column) => column < 3 ? '---' : '---:').join('|')}|`, ...body].join('\n');
}

function byOrder(found, wanted) {
  const rank = name => wanted.includes(name) ? wanted.indexOf(name) : wanted.length;
  return found.sort((a, b) => rank(a) - rank(b));
}
