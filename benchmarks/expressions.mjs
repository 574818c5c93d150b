// node expressions.mjs <Enclave.LoadBench> <Enclave.DotNetPeers> [--rounds N] [--quick] [--json] [--into FOLDER]
// One expression over many inputs, in turns: microseconds for an input. A full run is kept in benchmarks/results.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { engine } from './peers/paths.mjs';
import { aligned, markdown } from './report/format.mjs';
import { failed, keep, resultsFolder } from './report/keep.mjs';
import { machine, machineTable } from './report/machine.mjs';

const { values, positionals: [enclave, peers] } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, rounds: { type: 'string', default: '3' }, into: { type: 'string' } },
  allowPositionals: true,
});
const code = 'const net = input.lines.reduce((sum, line) => sum + line.price * line.count, 0); return input.country === \'CH\' ? net * 1.081 : net';
const inputs = Array.from({ length: values.quick ? 2000 : 100_000 }, (_, i) => ({
  number: i,
  country: ['CH', 'DE', 'FR'][i % 3],
  lines: Array.from({ length: 1 + (i % 4) }, (_, k) => ({ price: 5 + ((i + k) % 90), count: 1 + (k % 3) })),
}));
const valueOf = new Function('input', code);
const plan = JSON.stringify({ code, inputs, sum: inputs.reduce((sum, input) => sum + valueOf(input), 0) });
const programs = [[enclave, ['--expressions']], [peers, ['--expressions']], [engine, [join(import.meta.dirname, 'expressions/node-vm.mjs')]]];
const measured = new Map();
const about = machine();
try {
  for (let round = 0; round < (values.quick ? 1 : Number(values.rounds)); round++) {
    for (const [program, args] of programs) {
      const { status, signal, error, stdout } = spawnSync(program, args, { input: plan, encoding: 'utf8', stdio: ['pipe', 'pipe', 2] });
      if (error) throw error;
      if (status !== 0) throw new Error(`${program} ended with ${signal ?? status}`);
      for (const line of stdout.trim().split('\n')) {
        const { contestant, microseconds } = JSON.parse(line);
        measured.set(contestant, [...(measured.get(contestant) ?? []), microseconds]);
      }
    }
  }
  const figures = [...measured].map(([contestant, all]) => ({ contestant, microseconds: median(all), least: Math.min(...all), most: Math.max(...all) }));
  const table = {
    header: ['', 'µs for an input', 'least to most', 'inputs a second'],
    left: [true, false, false, false],
    rows: figures.map(f => [f.contestant, f.microseconds.toFixed(2), `${f.least.toFixed(2)} to ${f.most.toFixed(2)}`, thousands(1e6 / f.microseconds)]),
  };
  console.log(values.json ? JSON.stringify(figures, null, 1) : aligned(table));
  const folder = values.into ?? (values.quick ? undefined : resultsFolder);
  if (folder) keep(folder, new Map([['expressions.md', page(table)]]));
} catch (error) {
  failed(error);
}

function page(table) {
  return `# Small expressions

One pricing expression over ${thousands(inputs.length)} orders: \`./bench.sh --expressions\`.
Medians of rounds in turns; in each the best of five passes. [expressions.md](../../docs/expressions.md) says what the forms mean.

\`\`\`js
${code}
\`\`\`

${machineTable(about, [['rounds', values.rounds]])}

${markdown(table)}

Enclave runs the script in a jailed process of its own with limits that hold; the others run in the process of the application.
Each gets its inputs as data: Enclave as MessagePack, the others as JSON text.
\`jint, an engine each\` and \`a context each\` are the forms in which inputs cannot see each other, as \`FreshRealm\` is here.
`;
}

function thousands(number) {
  return Math.round(number).toLocaleString('en');
}

function median(all) {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
