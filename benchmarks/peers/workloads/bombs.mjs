// W7, W11: a job that takes memory until something stops it, beside a neighbour that waits for a tool.
// Only run.mjs may start this: its watchdog kills the process if nothing else stops the bomb.
import { setTimeout as sleep } from 'node:timers/promises';
import { job, workload } from '../catalogue.mjs';
import { print, rounded } from '../report.mjs';

const neighbourPatienceMs = 3000;

export async function measure(host, name, options) {
  const { neighbour: neighbourName } = workload(name, options);
  const atGate = Promise.withResolvers();
  const gate = Promise.withResolvers();
  const neighbour = {
    ...job(neighbourName),
    tools: {
      async gate(args) {
        if (args.step === 2) {
          atGate.resolve();
          await gate.promise;
        }
        return args;
      },
    },
  };
  const neighbourEnd = host.run(neighbour).then(value => value === neighbour.expect ? 'ok' : 'lost', () => 'lost');
  await atGate.promise;

  print({ mark: 'start' });
  const start = performance.now();
  const { outcome, note } = await host.run(job(name)).then(
    () => ({ outcome: 'not limited', note: 'ran to its end' }),
    error => ({ outcome: error.allLost ? 'whole process dies' : 'stopped', note: String(error.message).split('\n')[0] }));
  const time = performance.now() - start;
  gate.resolve();

  print({ metric: 'outcome', value: outcome, unit: '', n: 1, note });
  print({ metric: 'time', value: rounded(time), unit: 'ms', n: 1 });
  print({ metric: 'neighbour', value: await Promise.race([neighbourEnd, sleep(neighbourPatienceMs, 'lost')]), unit: '', n: 1 });
  print({ mark: 'peak', mib: process.resourceUsage().maxRSS / 1024 });
}
