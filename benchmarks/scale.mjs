// node scale.mjs <Enclave.LoadBench> [--quick] [--only NAME] [--json] [--into FOLDER]: runs its --scale and stores the result.
// A full run is stored in benchmarks/results, any other one only in the folder of --into.
import { parseArgs } from 'node:util';
import { failed, keep, linesOf, resultsFolder } from './report/keep.mjs';
import { machine } from './report/machine.mjs';
import { scaleFiles } from './report/scale-page.mjs';

const { values, positionals: [program] } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'boolean' }, into: { type: 'string' } },
  allowPositionals: true,
});
const chosen = [...(values.quick ? ['--quick'] : []), ...(values.only ? ['--only', values.only] : [])];
const folder = values.into ?? (chosen.length === 0 ? resultsFolder : undefined);
const about = machine();
const lines = [];
try {
  for await (const line of linesOf(program, ['--scale', ...chosen, '--json'])) {
    lines.push(line);
    const { workload, metric, value, unit, note } = line;
    console.log(
      values.json ? JSON.stringify(line) : [workload.padEnd(4), metric.padEnd(46), String(value).padStart(12), unit.padEnd(7), note ?? ''].join(' ').trimEnd());
  }
  if (folder) keep(folder, scaleFiles({ machine: about, lines, command: ['./bench.sh --scale', ...chosen].join(' ') }));
} catch (error) {
  failed(error);
}
