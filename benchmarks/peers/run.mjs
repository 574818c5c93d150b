// node run.mjs --peer isolated-vm|piscina|node-vm [--workload W1,W2] [--quick]
// Prints a JSON line for each figure: {"peer","workload","metric","value","unit","n","note"?}.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { job, watchdog, workload, workloadNames } from './catalogue.mjs';
import { engine } from './paths.mjs';
import { print, printPercentiles, rounded } from './report.mjs';
import { runWatched } from './watchdog.mjs';

const peers = ['isolated-vm', 'piscina', 'node-vm'];
const patienceMs = 120_000;

const { peer, names, quick } = readArguments();
const { nodeFlags } = await import(`./adapters/${peer}.mjs`);

for (const name of names) {
  if (name === 'W8') await coldStart();
  else if (['W6', 'W6b'].includes(name)) await endlessLoop(name);
  else if (['W7', 'W11'].includes(name)) await bomb(name);
  else report(name, await complete(name, { timeMs: patienceMs }));
}

/** Runs one workload in a process of its own. */
function start(name, limits, flags = flagsFor(name)) {
  const child = join(import.meta.dirname, 'child.mjs');
  return runWatched(engine, [...flags, child, peer, name, ...(quick ? ['--quick'] : [])], limits);
}

function flagsFor(name) {
  const flags = nodeFlags({ limitsMemory: ['W7', 'W11'].includes(name), memoryMb: job(workload(name).job ?? name).memoryMb });
  return name === 'W9' ? [...flags, '--expose-gc'] : flags;
}

async function complete(name, limits, flags) {
  const run = await start(name, limits, flags);
  if (run.code !== 0) throw new Error(`${peer} ${name} ${ending(run)}\n${run.errors}`);
  return run;
}

async function coldStart() {
  await coldStarts('spawn to first result, p50', flagsFor('W8'));
  // A flag that a peer asks for can cost more of the start than the peer itself, so the figure without it stands beside.
  if (flagsFor('W8').length > 0) await coldStarts('spawn to first result without flags, p50', []);
}

async function coldStarts(metric, flags) {
  const samples = [];
  for (let i = 0; i < workload('W8', { quick }).repeats; i++) {
    samples.push((await complete('W8', { timeMs: watchdog.timeMs }, flags)).marks.result);
  }
  const note = flags.length > 0 ? { note: `with ${flags.join(' ')}` } : {};
  printPercentiles(samples, 'ms', { [metric]: 50 }, { peer, workload: 'W8', ...note });
}

async function endlessLoop(name) {
  const run = await start(name, watchdog);
  if (run.killedFor) run.lines.push({ metric: 'outcome', value: 'never stops', unit: '', n: 1, note: ending(run) });
  else if (run.code !== 0) throw new Error(`${peer} ${name} ${ending(run)}\n${run.errors}`);
  report(name, run);
}

async function bomb(name) {
  const run = await start(name, watchdog);
  if (!run.marks.start) throw new Error(`${peer} ${name} ended before its bomb: ${ending(run)}\n${run.errors}`);
  if (!run.lines.some(line => line.metric === 'outcome')) {
    const time = run.elapsedMs - run.marks.start;
    run.lines.push({ metric: 'outcome', value: outcomeOfLost(run, time, job(name)), unit: '', n: 1, note: ending(run) });
    run.lines.push({ metric: 'time', value: rounded(time), unit: 'ms', n: 1 });
  }
  if (!run.lines.some(line => line.metric === 'neighbour')) {
    const note = run.killedFor ? 'our watchdog killed the process they share' : 'it was in the process that died';
    run.lines.push({ metric: 'neighbour', value: 'lost', unit: '', n: 1, note });
  }
  run.lines.push({ metric: 'peak', value: Math.round(run.peakMiB), unit: 'MiB', n: 1 });
  report(name, run);
}

/** What to call a bomb that left no answer: only one that outlived its time limit as well is said never to stop. */
function outcomeOfLost({ killedFor }, time, { timeMs }) {
  if (!killedFor) return 'whole process dies';
  return time > timeMs + 500 ? 'never stops' : 'not limited';
}

function ending({ killedFor, signal, code, elapsedMs, marks, peakMiB }) {
  const after = Math.round(elapsedMs - (marks.start ?? 0));
  if (killedFor === 'memory') return `killed by our watchdog at ${Math.round(peakMiB)} MiB, ${after} ms after its start`;
  if (killedFor === 'time') return `killed by our watchdog ${after} ms after its start`;
  return signal ? `died of ${signal}` : `ended with exit code ${code}`;
}

function report(name, { lines }) {
  for (const line of lines) print({ peer, workload: name, ...line });
}

function readArguments() {
  const { values } = parseArgs({ options: { peer: { type: 'string' }, workload: { type: 'string' }, quick: { type: 'boolean' } } });
  if (!peers.includes(values.peer)) fail(`--peer must be one of ${peers.join(', ')}`);
  const chosen = values.workload?.split(',') ?? workloadNames;
  for (const name of chosen) if (!workloadNames.includes(name)) fail(`no workload ${name}; there are ${workloadNames.join(', ')}`);
  if (!existsSync(engine)) fail(`no engine at ${engine}; set it up first`);
  return { peer: values.peer, names: chosen, quick: values.quick ?? false };
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
