// W5: answers per second when callers do not wait for one another.
import { job, workload } from '../catalogue.mjs';
import { print, rounded } from '../report.mjs';

export async function measure(host, name, options) {
  const { job: of, inFlight, warmupMs, durationMs } = workload(name, options);
  const task = job(of);
  await callers(host, task, inFlight, warmupMs);
  const start = performance.now();
  const done = await callers(host, task, inFlight, durationMs);
  const seconds = (performance.now() - start) / 1000;
  print({ metric: `${inFlight} in flight`, value: rounded(done / seconds), unit: 'jobs/s', n: done });
}

/** Keeps `count` jobs in flight until the time is over. Returns how many ended, including the last ones. */
async function callers(host, task, count, durationMs) {
  const end = performance.now() + durationMs;
  let done = 0;
  async function caller() {
    while (performance.now() < end) {
      await host.run(task);
      done++;
    }
  }
  await Promise.all(Array.from({ length: count }, caller));
  return done;
}
