// node durable.mjs <Enclave.LoadBench> [--quick] [--only NAME] [--store NAME] [--json] [--into FOLDER]: runs its --durable, then the peers, and stores the
// result. A full run is stored in benchmarks/results, any other one only in the folder of --into.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { peerLines } from './durable/peers.mjs';
import { durableFiles, durableTables } from './report/durable-page.mjs';
import { failed, keep, linesOf, resultsFolder } from './report/keep.mjs';
import { machine } from './report/machine.mjs';

const { values, positionals: [program] } = parseArgs({
  options: {
    quick: { type: 'boolean' }, only: { type: 'string' }, store: { type: 'string' }, json: { type: 'boolean' }, into: { type: 'string' },
  },
  allowPositionals: true,
});
const chosen = [...(values.quick ? ['--quick'] : []), ...['only', 'store'].flatMap(name => values[name] ? [`--${name}`, values[name]] : [])];
const folder = values.into ?? (chosen.length === 0 ? resultsFolder : undefined);
const about = machine();
const lines = [], loads = [about.load];

async function* all() {
  yield* linesOf(program, ['--durable', ...chosen, '--json']);
  if (!values.store && (values.only ?? 'steps') === 'steps') yield* peerLines(values.quick);
}

try {
  for await (const line of all()) {
    lines.push(line);
    loads.push(loadavg()[0]);
    if (values.json) console.log(JSON.stringify(line));
    else console.error(`bench: ${line.peer}, ${line.workload}, ${line.metric}: ${line.value} ${line.unit}`);
  }
  if (!values.json) console.log(durableTables(lines, chosen));
  if (folder) keep(folder, durableFiles({ machine: { ...about, loads: [Math.min(...loads), Math.max(...loads)] }, lines, chosen }));
} catch (error) {
  failed(error);
}
