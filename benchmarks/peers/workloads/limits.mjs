// W6, W6b: a job that never ends. Measures how late the answer is, and how soon the next job succeeds.
import { checkAnswer } from '../answers.mjs';
import { job, workload } from '../catalogue.mjs';
import { print, printPercentiles } from '../report.mjs';

// A peer may need seconds to stop one. Then the figure is taken from fewer jobs, before the watchdog acts.
const patienceMs = 7000;

export async function measure(host, name, options) {
  const { next, repeats } = workload(name, options);
  const endless = job(name);
  const good = { ...job(next), unguarded: endless.unguarded, ...(host.oneTimeLimit ? { timeMs: endless.timeMs } : {}) };
  await host.run(good);

  print({ mark: 'start' });
  const late = [];
  const afterwards = [];
  const begin = performance.now();
  while (late.length < repeats && performance.now() - begin < patienceMs) {
    const start = performance.now();
    const message = await failureOf(host, endless);
    const stopped = performance.now();
    if (stopped - start < endless.timeMs - 1) throw new Error(`ended before its limit: ${message}`);
    late.push(stopped - start - endless.timeMs);
    const answer = await host.run(good).catch(error => ({ error }));
    if (answer?.error) {
      print({ metric: 'next job', value: 'fails', unit: '', n: late.length, note: answer.error.message.split('\n')[0] });
      break;
    }
    checkAnswer(answer, good);
    afterwards.push(performance.now() - stopped);
  }
  print({ metric: 'outcome', value: 'stopped', unit: '', n: late.length });
  printPercentiles(late, 'ms', { 'late, p50': 50, 'late, p95': 95 });
  if (afterwards.length > 0) printPercentiles(afterwards, 'ms', { 'next success, p50': 50 });
}

async function failureOf(host, task) {
  try {
    await host.run(task);
  } catch (error) {
    return error.message;
  }
  throw new Error('an endless loop came to an end');
}
