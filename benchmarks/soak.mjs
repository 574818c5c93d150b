// node soak.mjs <Enclave.LoadBench> MINUTES [--json] [--into FOLDER]: runs its --soak, decides if memory stays flat, and stores the result.
// A run of ten minutes or more is stored in benchmarks/results, a shorter one only in the folder of --into.
import { parseArgs } from 'node:util';
import { failed, keep, linesOf, resultsFolder } from './report/keep.mjs';
import { machine } from './report/machine.mjs';
import { soakFiles, soakVerdicts } from './report/soak.mjs';

const leastMinutes = 10;

const { values, positionals: [program, minutes = ''] } = parseArgs(
  { options: { json: { type: 'boolean' }, into: { type: 'string' } }, allowPositionals: true });
const folder = values.into ?? (Number(minutes) >= leastMinutes ? resultsFolder : undefined);
const about = machine();
const samples = [];
try {
  for await (const sample of linesOf(program, ['--soak', minutes, '--json'])) {
    samples.push(sample);
    console.log(values.json ? JSON.stringify(sample) : shown(sample));
  }
  if (!values.json) console.log(soakVerdicts(samples).join('\n'));
  if (folder) keep(folder, soakFiles({ machine: about, samples, command: `./bench.sh --soak ${minutes}` }));
} catch (error) {
  failed(error);
}

function shown({ minute, jobs, hostManaged, hostResident, workers, workerMean, workerMost, workersAll }) {
  const mib = value => value.toFixed(1).padStart(7);
  return `minute ${minute.toFixed(1).padStart(6)} ${String(jobs).padStart(9)} jobs  host ${mib(hostManaged)} MiB managed ${mib(hostResident)} resident  ` +
    `${String(workers).padStart(2)} workers ${mib(workerMean)} each ${mib(workerMost)} most ${mib(workersAll)} all`;
}
