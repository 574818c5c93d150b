// One workload of one peer in its own process: node <flags> child.mjs <peer> <workload> [--quick] [--unclean]. Started by run.mjs.
import { isBomb, job, workload } from './catalogue.mjs';
import { whatIsLeft } from './clean.mjs';
import { unclean } from './exit-codes.mjs';
import { print } from './report.mjs';

const modules = {
  W1: 'latency', W2: 'latency', W3: 'latency', W4: 'latency', W5: 'load', W6: 'limits', W6b: 'limits',
  W7: 'bombs', W7b: 'bombs', W8: 'cold', W9: 'memory', W10: 'latency', W11: 'bombs',
};

const [peer, name, ...flags] = process.argv.slice(2);
const options = { peer, quick: flags.includes('--quick') };
const { open } = await import(`./adapters/${peer}.mjs`);
const { measure } = await import(`./workloads/${modules[name]}.mjs`);

const task = job(workload(name).job ?? name);
const host = await open({ memoryMb: task.memoryMb, timeMs: task.timeMs, limitsMemory: isBomb(name) });
// A cold start ends with its first job, so the check comes after it.
if (name !== 'W8') await checkClean();
if (task.unguarded) await verdict();
await measure(host, name, options);
if (name === 'W8') await checkClean();
await host.close();
// An abandoned neighbour may still hold a handle.
process.exit(0);

/** A peer whose jobs see one another is measured only on request. */
async function checkClean() {
  const left = await whatIsLeft(host);
  if (!left) return;
  print({ metric: 'clean state', value: 'not clean', unit: '', n: 1, note: left });
  if (!flags.includes('--unclean')) process.exit(unclean);
}

/** The verdict that a peer's checks would have given on this script. The checks themselves are off. */
async function verdict() {
  const refusal = await host.verdict?.(task);
  if (refusal) print({ metric: 'with its checks', value: 'refused', unit: '', n: 1, note: refusal });
}
