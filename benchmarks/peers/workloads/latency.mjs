// W1, W2, W3, W4, W10: how long a caller waits for one answer while nothing else runs.
import { deepStrictEqual } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { job, workload } from '../catalogue.mjs';
import { printPercentiles } from '../report.mjs';

export async function measure(host, name, options) {
  const task = job(name);
  // A wrong answer is no figure at all.
  deepStrictEqual(await host.run(task), task.expect);
  for (const { name: form, gapMs, warmup, jobs } of workload(name, options).forms) {
    await sequence(host, task, gapMs, warmup);
    const samples = await sequence(host, task, gapMs, jobs);
    printPercentiles(samples, 'ms', { [`${form}, p50`]: 50, [`${form}, p99`]: 99 });
  }
}

async function sequence(host, task, gapMs, count) {
  const samples = [];
  for (let i = 0; i < count; i++) {
    if (gapMs > 0) await sleep(gapMs);
    const start = performance.now();
    await host.run(task);
    samples.push(performance.now() - start);
  }
  return samples;
}
