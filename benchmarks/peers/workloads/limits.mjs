// W6, W6b: a job that never ends. How late is the answer, and how soon does the next job succeed.
import { deepStrictEqual } from 'node:assert';
import { job, workload } from '../catalogue.mjs';
import { print, printPercentiles } from '../report.mjs';

export async function measure(host, name, options) {
  const { next, repeats } = workload(name, options);
  const endless = job(name);
  const good = job(next);
  await host.run(good);

  print({ mark: 'start' });
  const late = [];
  const afterwards = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    const message = await failureOf(host, endless);
    const stopped = performance.now();
    if (stopped - start < endless.timeMs - 1) throw new Error(`ended before its limit: ${message}`);
    late.push(stopped - start - endless.timeMs);
    deepStrictEqual(await host.run(good), good.expect);
    afterwards.push(performance.now() - stopped);
  }
  print({ metric: 'outcome', value: 'stopped', unit: '', n: repeats });
  printPercentiles(late, 'ms', { 'late, p50': 50, 'late, p95': 95 });
  printPercentiles(afterwards, 'ms', { 'next success, p50': 50 });
}

async function failureOf(host, task) {
  try {
    await host.run(task);
  } catch (error) {
    return error.message;
  }
  throw new Error('an endless loop came to an end');
}
