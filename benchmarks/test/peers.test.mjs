import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkAnswer } from '../peers/answers.mjs';
import { jobSource, toolsAsText } from '../peers/adapters/job-text.mjs';
import { within } from '../peers/adapters/within.mjs';
import { cleanJobs, isBomb, job, workload, workloadNames } from '../peers/catalogue.mjs';
import { whatIsLeft } from '../peers/clean.mjs';
import { peers } from '../peers/contestants.mjs';
import { runWatched } from '../peers/watchdog.mjs';

// The adapters load their packages when they are opened, so these tests need no packages.
const adapters = await Promise.all(peers.map(async peer => ({ peer, adapter: await import(`../peers/adapters/${peer}.mjs`) })));
for (const { peer, adapter } of adapters) {
  test(`${peer} has an adapter`, () => {
    deepEqual(['nodeFlags', 'version'].map(name => typeof adapter[name]), ['function', 'function']);
    // One in .NET is a command; one in node is opened in our process.
    equal(typeof (adapter.command ?? adapter.open), 'function');
    ok(Array.isArray(adapter.nodeFlags({ limitsMemory: true, memoryMb: 64 })));
  });
}

for (const { peer, adapter: { command, missing, version } } of adapters.filter(({ adapter }) => adapter.command)) {
  test(`${peer} runs a job, leaves nothing to the next, and gives no figure for a wrong answer`, async () => {
    equal(missing(), undefined);
    match(version(), /^\d+\.\d+/);
    const { program, args, input } = command('W8', { quick: true });
    const { code, lines, marks, errors } = await runWatched(program, args, { timeMs: 120_000 }, input);
    deepEqual({ code, lines, marks: Object.keys(marks) }, { code: 0, lines: [], marks: ['result'] }, errors);
    const wrong = JSON.parse(input);
    wrong.job.expect = 3;
    ok((await runWatched(program, args, { timeMs: 120_000 }, JSON.stringify(wrong))).code !== 0);
  });
}

test('the catalogue has a job for every workload, and knows the bombs', () => {
  for (const name of workloadNames) ok(job(workload(name).job ?? name).code.length > 0, name);
  deepEqual(workloadNames.filter(isBomb), ['W7', 'W7b', 'W11']);
  ok(workloadNames.filter(isBomb).every(name => job(name).unguarded));
});

/** Runs a job in this realm, and resets nothing. */
const leaky = { run: ({ code, args, tools }) =>
  new Function('args', 'callTool', `return ${jobSource(code, 'args', 'callTool')}`)(JSON.stringify(args), toolsAsText(tools)).then(JSON.parse) };

test('what one job leaves to the next is found', async () => {
  const global = Object.getOwnPropertyNames(globalThis);
  try {
    equal(await whatIsLeft(leaky), 'a job found what another one had left in globalThis, Array.prototype, JSON');
  } finally {
    delete globalThis.leak;
    delete Array.prototype.leak;
    delete JSON.leak;
  }
  deepEqual(Object.getOwnPropertyNames(globalThis), global);
});

test('a peer that leaves nothing is clean', async () => {
  const { dirty, expect } = cleanJobs();
  equal(await whatIsLeft({ run: async ({ code }) => code === dirty.code ? 'done' : expect }), undefined);
});

test('a job gets its arguments and its tools as text, and answers with text', async () => {
  const { code, args, expect, tools } = job('W3');
  equal(await leaky.run({ code, args, tools }), expect);
});

test('answers are compared as JSON', () => {
  checkAnswer(Object.assign(Object.create(null), { a: 1 }), { expect: { a: 1 } });
});

test('a job that waits for too long is given up', async () => {
  equal(await within(Promise.resolve(1), 1000), 1);
  equal(await within(new Promise(() => {}), 1).catch(error => error.message), 'time limit');
});

// Prints the id of a process that it started and that does not end by itself.
const withChild = `
  const child = require('child_process').spawn(process.execPath, ['-e', process.argv[1] ?? 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  console.log(JSON.stringify({ child: child.pid }));
  child.once('exit', (code, signal) => console.log(JSON.stringify({ childEnded: signal })) || process.exit(0));`;

/** A process that has ended may still wait to be reaped. */
function isRunning(pid) {
  return existsSync(`/proc/${pid}/status`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** The watchdog sends the signal before it answers. The kernel acts on it later. */
async function ends(pid) {
  const deadline = performance.now() + 10_000;
  while (isRunning(pid)) {
    if (performance.now() > deadline) return false;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  return true;
}

test('the watchdog ends a process with all that it has started', async () => {
  const run = await runWatched(process.execPath, ['-e', withChild], { timeMs: 1500 });
  deepEqual([run.killedFor, run.signal], ['time', 'SIGKILL']);
  equal(run.lines.length, 1);
  ok(await ends(run.lines[0].child));
});

test('over the memory limit the process that holds the most is ended, and one beside it lives on', async () => {
  const hungry = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(1 << 24, 1)), 10)';
  const run = await runWatched(process.execPath, ['-e', withChild, hungry], { timeMs: 20_000, memoryMb: 400, sampleMs: 20 });
  deepEqual([run.killedFor, run.code, run.lines.at(-1).childEnded], ['memory', 0, 'SIGKILL']);
  ok(run.peakMiB > 400);
});
