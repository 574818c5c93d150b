// Measures the guard's cost before a script runs: ./bench.sh --guard
//
//   node guard.mjs <Enclave.FrontEndBench> <enclave-core.mjs of the documented product, if it is there> [--json] [--rounds N]
//
// The product's validation cannot be called alone. A script that it refuses at its end has been parsed, transformed and checked, and has not run.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options, positionals: [program, peerPath] } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '3' } },
});
const rounds = Number(options.rounds);
const unit = readFileSync(fileURLToPath(new URL('orders.js', import.meta.url)), 'utf8');
const small = `const users = await callTool('users:list', { limit: 100 });
const names = users.items.filter((u) => u.active).map((u) => u.name + ' <' + u.email + '>');
return { count: names.length, names };
`;
// A larger script repeats the small one, each time in its own block.
const blocks = (count) => Array.from({ length: count }, (_, i) => `{\n${unit.replace('return ', `const result${i} = `)}\n}\n`).join('');
const scripts = [['200 B', small, 4000], ['1 kB', unit, 4000], ['10 kB', blocks(9), 600], ['100 kB', blocks(92), 80]];

const ours = startOurs();
const peer = existsSync(peerPath ?? '') ? new (await import(pathToFileURL(peerPath))).Enclave({ doubleVm: { enabled: false } }) : null;
const rows = [];
for (const [name, source, times] of scripts) {
  const refused = `${source}\neval('1');`;
  const taken = [];
  const theirs = [];
  for (let round = 0; round < rounds; round++) {
    taken.push(await ours.ask({ do: 'guard', source, refused, times }));
    if (peer) theirs.push(await peerTime(refused, Math.max(10, times / 40)));
  }
  const middle = (key) => median(taken.map((each) => each[key]));
  rows.push({
    name, bytes: source.length, cold: middle('cold'), cached: middle('cached'), refused: middle('refused'), allocated: middle('allocated'),
    peer: peer && median(theirs),
  });
}
ours.end();
console.log(options.json ? JSON.stringify(rows) : table(rows));
process.exit(0);

async function peerTime(source, times) {
  const taken = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    const result = await peer.run(source);
    taken.push((performance.now() - started) * 1000);
    if (result.success) throw new Error('the documented product ran a script that it should refuse');
  }
  return median(taken);
}

function table(measured) {
  const head = '| script | bytes | unseen, µs | kept, µs | refused, µs | allocated, bytes | documented product refuses, µs |\n|---|--:|--:|--:|--:|--:|--:|';
  const cell = (number) => (number === null ? '–' : number.toFixed(1));
  return [head, ...measured.map((row) =>
    `| ${row.name} | ${row.bytes} | ${cell(row.cold)} | ${cell(row.cached)} | ${cell(row.refused)} | ${row.allocated} | ${cell(row.peer)} |`)].join('\n');
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1];
}

function startOurs() {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${program} ended while it was asked to ${request.do}`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}
