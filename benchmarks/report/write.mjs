// node write.mjs <folder of a run> <folder of the report>: writes report.md and its charts from the run's *.jsonl and machine.json, and from
// the result of ./bench.sh --scale in the report's folder.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Figures, readLines } from './figures.mjs';
import { reportFiles } from './page.mjs';
import { scaleData } from './scale-page.mjs';
import { soakChartFile } from './soak.mjs';

const [from, to] = process.argv.slice(2);
const files = to && existsSync(from) ? readdirSync(from).filter(name => name.endsWith('.jsonl')).sort().map(name => join(from, name)) : [];
if (files.length === 0) {
  console.error(to ? `report: no figures in ${from}; ./bench.sh measures them` : 'node write.mjs <folder of a run> <folder of the report>');
  process.exit(2);
}

const machineFile = join(from, 'machine.json');
const machine = existsSync(machineFile) ? JSON.parse(readFileSync(machineFile, 'utf8')) : undefined;
const scaleFile = join(to, scaleData);
const scale = existsSync(scaleFile) ? JSON.parse(readFileSync(scaleFile, 'utf8')) : undefined;
const written = reportFiles(new Figures(readLines(files)), machine, scale);
mkdirSync(to, { recursive: true });
// An old chart without figures in this run must not stay beside the new ones.
for (const name of readdirSync(to)) if (name.endsWith('.svg') && name !== soakChartFile) rmSync(join(to, name));
for (const [name, content] of written) writeFileSync(join(to, name), content);
console.log(`report: ${join(to, 'report.md')} and ${written.size - 1} charts`);
