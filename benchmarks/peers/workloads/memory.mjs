// W9: the memory of one more unit (isolate, context, thread or process) while it is idle, after it ran W2 once.
import { setTimeout as sleep } from 'node:timers/promises';
import { job, workload } from '../catalogue.mjs';
import { processTree, shareOf } from '../processes.mjs';
import { print, rounded } from '../report.mjs';

// Threads and processes are expensive and few suffice. Isolates and contexts are small, so many of them are needed above the noise of the heap.
const unitsOf = { piscina: 8, 'upstream-pool': 8, 'node-process': 6, deno: 6 };

export async function measure(host, name, options) {
  const task = job(workload(name, options).job);
  const units = unitsOf[options.peer] ?? 100;
  for (let i = 0; i < 20; i++) await host.run(task);
  const before = await settled();
  await host.holdUnits(units, task);
  const after = await settled();
  const note = [`${units} more units`, ...(host.heldAs ? [host.heldAs] : [])].join(', ');
  print({ metric: 'private per unit', value: rounded((after.private - before.private) / units), unit: 'MiB', n: units, note });
  print({ metric: 'proportional per unit', value: rounded((after.proportional - before.proportional) / units), unit: 'MiB', n: units, note });
}

/** The memory of this process and all processes of the peer. */
async function settled() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await sleep(100);
  }
  return shareOf(processTree(process.pid));
}
