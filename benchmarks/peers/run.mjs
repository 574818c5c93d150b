// node run.mjs --peer NAME [--workload W1,W2] [--quick]      NAME is one of contestants.txt; --unclean: figures even where jobs see one another
// node run.mjs --peer NAME --version|--missing               its version as a line; why it cannot be measured here, if it cannot
// Prints a JSON line for each figure: {"peer","workload","metric","value","unit","n","note"?}.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isBomb, job, watchdog, workload, workloadNames } from './catalogue.mjs';
import { peers } from './contestants.mjs';
import { unclean } from './exit-codes.mjs';
import { engine } from './paths.mjs';
import { print, printPercentiles, rounded } from './report.mjs';
import { runWatched } from './watchdog.mjs';

const patienceMs = 300_000;

class NotClean extends Error {
  constructor(run) {
    super();
    this.run = run;
  }
}

const { peer, names, childFlags, quick, keepUnclean, only } = readArguments();
const adapter = await import(`./adapters/${peer}.mjs`);
const missing = adapter.missing?.();
if (only === 'missing') {
  if (missing) console.log(missing);
  process.exit(0);
}
if (missing) fail(`${peer}: ${missing}`);
if (only === 'version') {
  print({ peer, workload: '', metric: 'version', value: adapter.version(), unit: '', n: 1 });
  process.exit(0);
}

for (const name of names) {
  try {
    if (name === 'W8') await coldStart();
    else if (['W6', 'W6b'].includes(name)) await endlessLoop(name);
    else if (isBomb(name)) await bomb(name);
    else report(name, await complete(name, { timeMs: patienceMs }));
  } catch (error) {
    if (!(error instanceof NotClean)) throw error;
    console.error(`${peer} ${name}: no figure; ${error.run.lines[0].note}`);
    report(name, error.run);
  }
}

/** Runs one workload in its own process. */
async function start(name, limits, flags = flagsFor(name)) {
  const { program, args, input } = adapter.command?.(name, { quick, keepUnclean }) ??
    { program: engine, args: [...flags, join(import.meta.dirname, 'child.mjs'), peer, name, ...childFlags] };
  const run = await runWatched(program, args, limits, input);
  if (run.code === unclean) throw new NotClean(run);
  return run;
}

function flagsFor(name) {
  const flags = adapter.nodeFlags({ limitsMemory: isBomb(name), memoryMb: job(workload(name).job ?? name).memoryMb });
  return name === 'W9' && !adapter.command ? [...flags, '--expose-gc'] : flags;
}

async function complete(name, limits, flags) {
  const run = await start(name, limits, flags);
  if (run.signal && !run.killedFor) report(name, { lines: [{ metric: 'outcome', value: 'whole process dies', unit: '', n: 1, note: ending(run) }] });
  if (run.code !== 0) throw new Error(`${peer} ${name} ${ending(run)}\n${run.errors}`);
  return run;
}

async function coldStart() {
  await coldStarts('spawn to first result, p50', flagsFor('W8'));
  // A flag that a peer needs may cost more of the start than the peer itself, so the figure without it is printed too.
  if (flagsFor('W8').length > 0) await coldStarts('spawn to first result without flags, p50', []);
}

async function coldStarts(metric, flags) {
  const samples = [];
  for (let i = 0; i < workload('W8', { quick }).repeats; i++) {
    samples.push((await complete('W8', { timeMs: watchdog.timeMs }, flags)).marks.result);
  }
  const note = [adapter.note, flags.length > 0 && `with ${flags.join(' ')}`].filter(Boolean).join('; ');
  printPercentiles(samples, 'ms', { [metric]: 50 }, { peer, workload: 'W8', ...(note ? { note } : {}) });
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
  const outcome = run.lines.find(line => line.metric === 'outcome');
  if (!outcome) {
    const time = run.elapsedMs - run.marks.start;
    run.lines.push({ metric: 'outcome', value: outcomeOfLost(run, time, job(name)), unit: '', n: 1, note: ending(run) });
    run.lines.push({ metric: 'time', value: rounded(time), unit: 'ms', n: 1 });
  } else if (run.killedFor === 'memory') {
    // Our watchdog killed the job's process, and the peer saw it end.
    Object.assign(outcome, { value: 'not limited', note: `its process was killed by our watchdog; all held ${Math.round(run.peakMiB)} MiB` });
  }
  if (!run.lines.some(line => line.metric === 'neighbour')) {
    const note = run.killedFor ? 'our watchdog killed the process they share' : 'it was in the process that died';
    run.lines.push({ metric: 'neighbour', value: 'lost', unit: '', n: 1, note });
  }
  run.lines.push({ metric: 'peak', value: Math.round(run.peakMiB), unit: 'MiB', n: 1 });
  report(name, run);
}

/** The outcome of a bomb without an answer. It counts as never stopping only if it also outlived its time limit. */
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
  lines.forEach((line, i) => print({ peer, workload: name, ...line, ...noteOf(line, i) }));
}

/** The note for all figures of a peer goes to the first figure of each workload. */
function noteOf({ note }, i) {
  return i === 0 && adapter.note ? { note: [adapter.note, note].filter(Boolean).join('; ') } : {};
}

function readArguments() {
  const flags = Object.fromEntries(['quick', 'unclean', 'version', 'missing'].map(name => [name, { type: 'boolean' }]));
  const { values } = parseArgs({ options: { peer: { type: 'string' }, workload: { type: 'string' }, ...flags } });
  if (!peers.includes(values.peer)) fail(`--peer must be one of ${peers.join(', ')}`);
  const chosen = values.workload?.split(',') ?? workloadNames;
  for (const name of chosen) if (!workloadNames.includes(name)) fail(`no workload ${name}; there are ${workloadNames.join(', ')}`);
  if (!existsSync(engine)) fail(`no engine at ${engine}; set it up first`);
  const only = ['version', 'missing'].find(name => values[name]);
  const childFlags = ['quick', 'unclean'].filter(name => values[name]).map(name => `--${name}`);
  return { peer: values.peer, names: chosen, childFlags, quick: values.quick ?? false, keepUnclean: values.unclean ?? false, only };
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
