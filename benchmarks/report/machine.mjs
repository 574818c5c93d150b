// node machine.mjs [--quick] [--rounds N]: describes the machine of a run as JSON. bench.sh stores it beside the figures, for the report.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchmarks, engine, engineVersion } from '../peers/paths.mjs';
import { compact, markdown } from './format.mjs';

const root = join(benchmarks, '..');

if (import.meta.main) {
  const { values } = parseArgs({ options: { quick: { type: 'boolean' }, rounds: { type: 'string' } } });
  console.log(JSON.stringify({ ...machine(), rounds: Number(values.rounds ?? 1), quick: values.quick ?? false }, null, 1));
}

/** The machine and the versions, now. */
export function machine() {
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    cpu: os.cpus()[0]?.model.trim(),
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: system(),
    kernel: `Linux ${os.release()}`,
    load: os.loadavg()[0],
    enclave: readFileSync(join(root, 'Directory.Build.props'), 'utf8').match(/<Version>(.+)<\/Version>/)?.[1],
    commit: output('git', ['-C', root, 'describe', '--always', '--dirty']),
    node: engineVersion(),
    v8: engineNote().v8,
    released: engineNote().released,
    dotnet: dotnet(),
  };
}

/** The same as a table of Markdown. `more` are rows of the run. */
export function machineTable(machine, more = []) {
  const rows = machine ? [
    ['date', machine.date],
    ['processor', `${machine.cpu}, ${machine.cores} cores`],
    ['memory', `${machine.memoryGiB} GiB`],
    ['system', `${machine.system}, ${machine.kernel}`],
    ['load when it began', compact(machine.load)],
    ...more,
    ['commit', machine.commit],
    ['node, V8 in it', `${machine.node}${machine.released ? ` of ${machine.released}` : ''}, ${machine.v8}`],
    ['.NET', machine.dotnet],
  ] : [['machine', 'not recorded']];
  return markdown({ header: ['', ''], left: [true, true], rows: rows.map(row => row.map(cell => String(cell ?? '-'))) });
}

function system() {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8').match(/^PRETTY_NAME="?(.+?)"?$/m)?.[1] : os.type();
}

/** From the record of the engine's set-up. */
function engineNote() {
  const file = join(dirname(engine), 'engine.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function dotnet() {
  const runtimes = output('dotnet', ['--list-runtimes']) ?? '';
  return [...runtimes.matchAll(/^Microsoft\.NETCore\.App (\S+)/gm)].at(-1)?.[1];
}

/** Undefined if the program is missing: a report without one version is still a report. */
function output(program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
