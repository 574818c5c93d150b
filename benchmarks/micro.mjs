// node micro.mjs <Enclave.MicroBench> <its results' folder> [--quick] [--filter GLOB] [--json] [--into FOLDER]: runs it and keeps the result.
// A full run is stored in benchmarks/results, any other one only in the folder of --into.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aligned } from './report/format.mjs';
import { failed, keep, resultsFolder } from './report/keep.mjs';
import { machine } from './report/machine.mjs';
import { microFigures, microFiles, microTable } from './report/micro.mjs';

const { values, positionals: [program, reports] } = parseArgs({
  options: { quick: { type: 'boolean' }, filter: { type: 'string' }, json: { type: 'boolean' }, into: { type: 'string' } },
  allowPositionals: true,
});
const chosen = [...(values.quick ? ['--quick'] : []), ...(values.filter ? ['--filter', values.filter] : [])];
const folder = values.into ?? (chosen.length === 0 ? resultsFolder : undefined);
const about = machine();
try {
  // Files of an earlier run would count as results of this one.
  rmSync(reports, { recursive: true, force: true });
  // Its log goes where no program reads it.
  const { status, signal, error } = spawnSync(program, chosen, { stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${signal ?? status}`);
  const files = existsSync(reports) ? readdirSync(reports).filter(name => name.endsWith('-report-brief.json')).sort() : [];
  const figures = microFigures(files.map(name => JSON.parse(readFileSync(join(reports, name), 'utf8'))));
  if (figures.length === 0) throw new Error(`no figures in ${reports}`);
  const missing = figures.filter(({ medianNs }) => typeof medianNs !== 'number');
  if (missing.length > 0) throw new Error(`no time of ${missing.map(({ group, name }) => `${group}.${name}`).join(', ')}`);
  console.log(values.json ? JSON.stringify(figures, null, 1) : aligned(microTable(figures)));
  if (folder) keep(folder, microFiles({ machine: about, figures, command: ['./bench.sh --micro', ...chosen].join(' ') }));
} catch (error) {
  failed(error);
}
