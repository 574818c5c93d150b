// The documented product's worker pool: two threads with a node:vm context for each job.
import { loadUpstream, runOn } from './upstream-host.mjs';

export { missing, nodeFlags, version } from './upstream-host.mjs';

export const note = 'both of its memory limits are off: its pool starts only so';

function poolOf(workers) {
  return {
    adapter: 'worker_threads',
    doubleVm: { enabled: false },
    memoryLimit: 0,
    workerPoolConfig: {
      minWorkers: workers,
      maxWorkers: workers,
      // With a limit it does not start. With memory checks it would take every worker for too large.
      memoryLimitPerWorker: 0,
      memoryCheckIntervalMs: 2 ** 31 - 1,
      // The default would end W3.
      maxMessagesPerSecond: 1e6,
    },
  };
}

export async function open() {
  const { newEnclave, run, verdict, close } = await loadUpstream(() => poolOf(2));
  const held = [];
  return {
    run,
    verdict,
    // Pool and time limit belong to the object: a job with another limit would run in another pool.
    oneTimeLimit: true,

    async holdUnits(count, job) {
      const enclave = newEnclave(job, poolOf(count));
      held.push(enclave);
      // A thread takes one job at a time, so as many jobs at once as threads warm them all.
      await Promise.all(Array.from({ length: count }, () => runOn(enclave, job)));
    },

    async close() {
      for (const enclave of held) enclave.dispose();
      close();
    },
  };
}
