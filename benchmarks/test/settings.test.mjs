import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { workloadNames } from '../peers/catalogue.mjs';
import { contestants, variants } from '../peers/contestants.mjs';
import { benchmarks } from '../peers/paths.mjs';
import { Figures } from '../report/figures.mjs';
import { reportFiles } from '../report/page.mjs';
import { workloadTable } from '../report/tables.mjs';

const root = join(benchmarks, '..');
const program = join(root, 'artifacts/bin/Enclave.LoadBench/release/Enclave.LoadBench');
const timeout = 60_000;

test('every level and every adapter is a contestant, called as its lines are', () => {
  deepEqual(variants.map(({ settings }) => settings.join(' ')), [
    '--level secure', '--level strict', '--level permissive', '--adapter embedded', '--adapter double-vm', '--ahead START_PROGRAM']);
  for (const { name, workloads, settings } of variants) {
    equal(name, settings[0] === '--ahead' ? 'enclave-aot' : `enclave-${settings[1]}`);
    for (const workload of workloads) ok(workloadNames.includes(workload), `${name}: ${workload}`);
  }
  equal(new Set(contestants).size, contestants.length);
});

/** A run of Enclave.LoadBench with another workloads.json: its lines, its exit code, and its errors. */
function run(change, ...args) {
  ok(existsSync(program), `${program} is missing; ./bench.sh builds it`);
  const folder = mkdtempSync(join(tmpdir(), 'enclave-bench-'));
  try {
    cpSync(join(benchmarks, 'records.json'), join(folder, 'records.json'));
    cpSync(join(benchmarks, 'records.expected.json'), join(folder, 'records.expected.json'));
    const catalogue = JSON.parse(readFileSync(join(benchmarks, 'workloads.json'), 'utf8'));
    change(catalogue);
    writeFileSync(join(folder, 'workloads.json'), JSON.stringify(catalogue));
    const { status, stdout, stderr } = spawnSync(program, ['--quick', '--json-lines', '--catalogue', folder, ...args], { encoding: 'utf8', timeout });
    return { status, lines: stdout.split('\n').filter(Boolean).map(text => JSON.parse(text)), errors: stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const brief = catalogue => { catalogue.workloads.W1.forms = [{ name: 'back to back', gapMs: 0, warmup: 1, jobs: 5 }]; };

for (const { name, settings } of [{ name: 'enclave', settings: [] }, ...variants]) {
  test(`${name} is clean, and has figures by its name`, () => {
    const { status, lines, errors } = run(brief, '--workload', 'W1', ...settings);
    equal(status, 0, errors);
    deepEqual([...new Set(lines.map(line => `${line.peer} ${line.metric}`))], [`${name} back to back, p50`, `${name} back to back, p99`]);
  });
}

test('a job that finds what another one left is told, and there is no figure', () => {
  // No setting leaves traces, so here the job that looks is also the one that made the place dirty.
  const { status, lines, errors } = run(catalogue => {
    brief(catalogue);
    catalogue.clean.look = [...catalogue.clean.dirty.slice(0, -1), ...catalogue.clean.look];
  }, '--workload', 'W1', '--level', 'secure');
  equal(status, 1);
  deepEqual(lines.map(({ peer, metric, value }) => [peer, metric, value]), [['enclave-secure', 'clean state', 'not clean']]);
  match(errors, /no figure; a job found what another one had left in \["globalThis"/);
});

test('the clean-state check fails where its dirty job does', () => {
  const { status, lines, errors } = run(catalogue => { brief(catalogue); catalogue.clean.dirty = ["throw new Error('left nothing');"]; }, '--workload', 'W1');
  deepEqual([status, lines], [1, []]);
  match(errors, /dirty failed: .*left nothing/);
});

test('a script that a level refuses has the reason in place of figures', () => {
  const { status, lines, errors } = run(
    catalogue => { brief(catalogue); catalogue.workloads.W1.code = ["return eval('1 + 1');"]; }, '--workload', 'W1', '--level', 'strict');
  equal(status, 0, errors);
  deepEqual(lines.map(({ peer, metric, value }) => [peer, metric, value]), [['enclave-strict', 'outcome', 'refused']]);
  match(lines[0].note, /^refused at STRICT: DISALLOWED_IDENTIFIER: /);
});

const line = (peer, workload, metric, value, unit = 'ms') => ({ peer, workload, metric, value, unit, n: 1 });

test('settings have their rows and ratios where they were measured, and no empty ones', () => {
  const figures = new Figures([
    line('enclave', 'W1', '2 ms apart, p50', 2), line('enclave-strict', 'W1', '2 ms apart, p50', 3), line('enclave-secure', 'W3', 'outcome', 'refused', ''),
    line('deno', 'W1', '2 ms apart, p50', 8),
    line('enclave', 'W6', 'outcome', 'stopped', ''),
  ]);
  deepEqual(workloadTable(figures, 'W1').rows, [['enclave', '2', '-'], ['enclave-strict', '3', '1.5'], ['deno', '8', '4']]);
  deepEqual(workloadTable(figures, 'W6').rows.map(([name]) => name), ['enclave', 'deno']);
  const files = reportFiles(figures, undefined);
  match(files.get('latency-tiny-apart.svg'), /class="ours"[^>]*>enclave-strict</);
  match(files.get('report.md'), /\| enclave-secure \| refused \|/);
});
