// Reads ../workloads.json, which the C# benchmark of Enclave reads too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchmarks } from './paths.mjs';

const catalogue = readJson('workloads.json');

export const watchdog = catalogue.watchdog;

/** The names of the workloads that are measured, in the order of the file. */
export const workloadNames = Object.keys(catalogue.workloads).filter(name => name !== 'neighbour');

/** The workloads about memory. */
export function isBomb(name) {
  return catalogue.workloads[name]?.neighbour !== undefined;
}

/** The two jobs of the clean-state check, and the expected answer of the second. */
export function cleanJobs() {
  const { dirty, look, expect, unguarded } = catalogue.clean;
  const of = lines => ({ ...catalogue.defaults, code: lines.join('\n'), args: {}, unguarded });
  return { dirty: of(dirty), look: of(look), expect };
}

/** The title of a workload, or of a part of `--scale`, for people. */
export function titleOf(name) {
  return (catalogue.workloads[name] ?? catalogue.scale[name])?.title ?? '';
}

/** The parameters of a workload. A quick run overrides some of them, in every form. */
export function workload(name, { quick = false } = {}) {
  const found = catalogue.workloads[name];
  if (!found) throw new Error(`no workload ${name}; there are ${workloadNames.join(', ')}`);
  const override = quick ? found.quick : {};
  return { ...found, ...override, forms: found.forms?.map(form => ({ ...form, ...override })) };
}

/** The job of a workload for a contestant: code, args, limits, tools, and the expected answer. */
export function job(name) {
  const found = catalogue.workloads[name];
  return {
    code: found.code.join('\n'),
    args: found.argsFile ? readJson(found.argsFile) : found.argsText ? { text: repeat(found.argsText) } : found.args,
    expect: found.expectFile ? readJson(found.expectFile) : found.expectText ? repeat(found.expectText) : found.expect,
    timeMs: found.timeMs ?? catalogue.defaults.timeMs,
    memoryMb: found.memoryMb ?? catalogue.defaults.memoryMb,
    unguarded: found.unguarded ?? false,
    tools: (found.tools ?? []).includes('echo') ? { echo: async args => args } : undefined,
  };
}

/** The time that a contestant in .NET needs to compile hot code for speed. */
export function leastDotnetWarmup(quick) {
  return (quick ? catalogue.dotnet.quick : catalogue.dotnet).leastWarmupMs;
}

function repeat({ unit, times }) {
  return unit.repeat(times);
}

function readJson(file) {
  return JSON.parse(readFileSync(join(benchmarks, file), 'utf8'));
}
