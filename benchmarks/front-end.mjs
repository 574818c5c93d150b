// Measures our front end beside acorn, Acornima, Esprima and astring: ./bench.sh --front-end
//
//   node front-end.mjs <Enclave.FrontEndBench> <folder that holds node_modules> <folder that holds those with types>
//     [--json] [--rounds N] [--megabytes N] [--package NAME] [--typed] [--bombs]
//
// The same files on both sides, both warm, each on one thread, in turns; medians of the rounds. acorn and we must first find the same number of nodes.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { files, packages } from '../eng/javascript/corpus.mjs';
import { Acorn } from './front-end/acorn.mjs';
import { bombTable, growthTable, report } from './front-end/report.mjs';
import { Typed, typedTable } from './front-end/typed.mjs';

const { values: options, positionals: [program, installed, installedTyped] } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '5' }, megabytes: { type: 'string', default: '4' }, package: { type: 'string' },
    typed: { type: 'boolean' }, bombs: { type: 'boolean' } },
});
const rounds = Number(options.rounds);
const smallRuns = 2_000;
// Code that takes microseconds has to run for a second until .NET has compiled it for speed. A package takes that long anyway.
const smallWarmUps = 25;
const warmUps = 2;
// The trees of a whole package at once take gigabytes.
const printedBytes = 3e6;
const leastBytes = 4e6;
const leastTypedBytes = 100_000;
const others = ['acornima', 'esprima'];
const bombLength = 1_000_000;
const bombSeconds = 60;
const shapeLengths = [1, 2, 4, 8, 16].map(times => times * 65_536);

const ours = startOurs();
if (options.typed) {
  const rows = await typedPackages();
  ours.end();
  console.log(options.json ? JSON.stringify(rows) : typedTable(rows));
  process.exit();
}
if (options.bombs) {
  ours.end();
  const rows = await bombs();
  console.log(options.json ? JSON.stringify(rows) : bombTable(rows, bombLength));
  process.exit();
}
const acorn = new Acorn(installed);
const results = { small: await small(), packages: [] };
for (const name of options.package ? [options.package] : packages(installed)) results.packages.push(await onePackage(name));
if (!options.package) results.typed = await typedPackages();
ours.end();
results.growth = await growth();
results.bombs = await bombs();
const typedText = results.typed ? `\n\n${typedTable(results.typed)}` : '';
const tables = () => [`${report(results)}${typedText}`, growthTable(results.growth), bombTable(results.bombs, bombLength)];
console.log(options.json ? JSON.stringify(results) : tables().join('\n\n'));

async function small() {
  const path = fileURLToPath(new URL('tool-calls.js', import.meta.url));
  const set = await load('a script that calls tools', [{ path, size: readFileSync(path).length }]);
  const parse = await inTurns(set.name, 'parse', smallRuns, smallWarmUps);
  const print = await inTurns(set.name, 'print', smallRuns, smallWarmUps);
  return { name: set.name, bytes: set.bytes, parse: perRun(parse), print: perRun(print) };
}

function perRun(measured, runs = smallRuns) {
  return Object.fromEntries(Object.entries(measured).map(([what, amount]) => [what, amount / runs]));
}

// A small package is measured several times at once: a few milliseconds would measure compilers and collectors.
async function often(name, what, bytes) {
  const times = Math.ceil(leastBytes / bytes);
  return perRun(await inTurns(name, what, times), times);
}

async function onePackage(name) {
  const chosen = largest(name, Number(options.megabytes) * 1e6);
  const set = await load(name, chosen);
  const parse = await often(name, 'parse', set.bytes);
  await unload(name);
  const printed = await load(name, largest(name, printedBytes));
  const print = await often(name, 'print', printed.bytes);
  await unload(name);
  progress(`${name}: ${set.files} files`);
  return { name, files: set.files, bytes: set.bytes, nodes: set.nodes, parse, printedBytes: printed.bytes, print };
}

async function typedPackages() {
  const typed = await Typed.open(installedTyped);
  const rows = [];
  for (const { name, files: listed } of typed.packages(installedTyped, Number(options.megabytes) * 1e6)) {
    const set = typed.load(name, listed);
    if (set.bytes > leastTypedBytes) rows.push(await typedPackage(typed, name, set));
    typed.drop(name);
  }
  return rows;
}

async function typedPackage(typed, name, set) {
  await ours.ask({ do: 'load', name, files: set.files });
  const times = Math.ceil(leastBytes / 4 / set.bytes);
  const seconds = { parse: [], erase: [], theirs: Object.fromEntries(Object.keys(typed.peers).map(peer => [peer, []])) };
  let allocated;
  for (let round = -warmUps; round < rounds; round++) {
    const measured = Object.keys(typed.peers).map(peer => [peer, typed.measure(peer, name, times) / times]);
    const parse = await ours.ask({ do: 'parse', name, parser: 'ours', times });
    const erase = await ours.ask({ do: 'erase', name, times });
    if (round < 0) continue;
    for (const [peer, taken] of measured) seconds.theirs[peer].push(taken);
    seconds.parse.push(parse.seconds / times);
    seconds.erase.push(erase.seconds / times);
    allocated = parse.allocated / times;
  }
  await ours.ask({ do: 'drop', name });
  progress(`${name}: ${set.files.length} typed files`);
  const theirs = Object.fromEntries(Object.entries(seconds.theirs).map(([peer, taken]) => [peer, median(taken)]));
  return { name, files: set.files.length, bytes: set.bytes, parse: median(seconds.parse), erase: median(seconds.erase), theirs, allocated };
}

// The largest files first: in practice people parse bundles.
function largest(name, atMost) {
  const all = files(installed).filter(file => file.package === name).sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1));
  let taken = 0;
  return all.filter((file, index) => (index === 0 || taken + file.size <= atMost) && ((taken += file.size), true));
}

async function load(name, chosen) {
  const set = acorn.load(name, chosen);
  const { nodes, bytes, refused } = await ours.ask({ do: 'load', name, files: set.files });
  if (refused.length > 0) {
    progress(`left out, as Acornima or Esprima refuses it: ${refused.join(', ')}`);
    return load(name, chosen.filter(({ path }) => !refused.includes(path)));
  }
  if (nodes !== set.nodes || bytes !== set.bytes) throw new Error(`${name}: acorn found ${set.nodes} nodes in ${set.bytes} bytes, we ${nodes} in ${bytes}`);
  return { name, files: set.files.length, nodes, bytes };
}

async function unload(name) {
  acorn.drop(name);
  await ours.ask({ do: 'drop', name });
}

async function inTurns(name, what, times, unmeasured = warmUps) {
  const parsers = ['ours', ...what === 'parse' ? others : []];
  const seconds = { theirs: [], ...Object.fromEntries(parsers.map(parser => [parser, []])) };
  let allocated;
  for (let round = -unmeasured; round < rounds; round++) {
    const theirs = acorn[what](name, times);
    if (round >= 0) seconds.theirs.push(theirs);
    for (const parser of parsers) {
      const answer = await ours.ask({ do: what, name, parser, times });
      if (round < 0) continue;
      seconds[parser].push(answer.seconds);
      if (parser === 'ours') allocated = answer.allocated;
    }
  }
  return { ...Object.fromEntries(Object.entries(seconds).map(([who, taken]) => [who, median(taken)])), allocated };
}

// While a tree grows, collections copy it again and again. A heap for the whole tree shows the parser's own cost.
async function growth() {
  const roomy = startOurs({ DOTNET_GCgen0size: '0x40000000' });
  const { names } = await roomy.ask({ do: 'shapes' });
  const rows = [];
  for (const name of names) {
    const points = [];
    for (const length of shapeLengths) points.push({ length, ...(await roomy.ask({ do: 'shape', name, length })) });
    rows.push({ name, points });
  }
  roomy.end();
  return rows;
}

// Each bomb in a process of its own, because it may end it.
async function bombs() {
  const asker = startOurs();
  const { untyped } = await asker.ask({ do: 'shapes' });
  asker.end();
  const rows = [];
  for (const name of untyped) {
    const row = { name };
    for (const parser of ['ours', ...others]) row[parser] = await bomb(name, parser);
    rows.push(row);
  }
  return rows;
}

async function bomb(name, parser) {
  const one = startOurs({ DOTNET_DbgEnableMiniDump: '0' }, 'ignore');
  let late = false;
  const timer = setTimeout(() => one.kill(late = true), bombSeconds * 1000);
  try {
    return await one.ask({ do: 'bomb', name, parser, length: bombLength });
  } catch {
    return late ? { late } : { died: true };
  } finally {
    clearTimeout(timer);
    one.end();
  }
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1];
}

function progress(text) {
  console.error(`bench: ${text}`);
}

function startOurs(environment = {}, errors = 'inherit') {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', errors], env: { ...process.env, ...environment } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${program} ended while it was asked to ${request.do} ${request.name ?? ''}`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
  };
}
