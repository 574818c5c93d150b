// W9: what one more unit (isolate, context or thread) costs while it is idle, after it ran W2 once.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { job, workload } from '../catalogue.mjs';
import { print, rounded } from '../report.mjs';

// Threads are dear and few suffice; isolates and contexts are small, so many of them rise above the noise of the heap.
const unitsOf = { piscina: 8 };

export async function measure(host, name, options) {
  const task = job(workload(name, options).job);
  const units = unitsOf[options.peer] ?? 100;
  for (let i = 0; i < 20; i++) await host.run(task);
  const before = await settled();
  await host.holdUnits(units, task);
  const after = await settled();
  const note = `${units} more units`;
  print({ metric: 'private per unit', value: rounded((after.private - before.private) / units), unit: 'MiB', n: units, note });
  print({ metric: 'proportional per unit', value: rounded((after.proportional - before.proportional) / units), unit: 'MiB', n: units, note });
}

async function settled() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await sleep(100);
  }
  const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8');
  const mib = field => Number(rollup.match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))[1]) / 1024;
  return { private: mib('Private_Clean') + mib('Private_Dirty'), proportional: mib('Pss') };
}
