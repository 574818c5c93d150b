// W1, W2, W3, W4, W10: a caller's wait for one answer while nothing else runs.
import { setTimeout as sleep } from 'node:timers/promises';
import { checkAnswer } from '../answers.mjs';
import { job, workload } from '../catalogue.mjs';
import { print, printPercentiles } from '../report.mjs';

// A peer that starts a process for each job would take minutes. After this time no job starts if there are enough for a p99.
const enough = { warmup: { jobs: 20, ms: 3000 }, measured: { jobs: 300, ms: 15_000 } };

export async function measure(host, name, options) {
  const task = job(name);
  checkAnswer(await host.run(task), task);
  for (const { name: form, gapMs, warmup, jobs } of workload(name, options).forms) {
    let samples;
    try {
      await sequence(host, task, gapMs, warmup, enough.warmup);
      samples = await sequence(host, task, gapMs, jobs, enough.measured);
    } catch (error) {
      // The first answer was right, so a wrong one here is the peer's error.
      print({ metric: 'outcome', value: 'jobs fail', unit: '', n: 1, note: `${form}: ${error.message.split('\n')[0]}` });
      return;
    }
    printPercentiles(samples, 'ms', { [`${form}, p50`]: 50, [`${form}, p99`]: 99 });
  }
}

async function sequence(host, task, gapMs, count, least) {
  const samples = [];
  const end = performance.now() + least.ms;
  while (samples.length < count && (samples.length < least.jobs || performance.now() < end)) {
    if (gapMs > 0) await sleep(gapMs);
    const start = performance.now();
    await host.run(task);
    samples.push(performance.now() - start);
  }
  return samples;
}
