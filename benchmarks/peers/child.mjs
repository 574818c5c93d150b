// One workload of one peer in a process of its own: node <flags> child.mjs <peer> <workload> [--quick]. Started by run.mjs.
import { job, workload } from './catalogue.mjs';

const modules = {
  W1: 'latency', W2: 'latency', W3: 'latency', W4: 'latency', W5: 'load', W6: 'limits', W6b: 'limits',
  W7: 'bombs', W8: 'cold', W9: 'memory', W10: 'latency', W11: 'bombs',
};

const [peer, name, flag] = process.argv.slice(2);
const options = { peer, quick: flag === '--quick' };
const { open } = await import(`./adapters/${peer}.mjs`);
const { measure } = await import(`./workloads/${modules[name]}.mjs`);

const host = await open({ memoryMb: job(workload(name).job ?? name).memoryMb });
await measure(host, name, options);
await host.close();
// A neighbour that was given up may still hold a handle.
process.exit(0);
