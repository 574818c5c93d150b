// isolated-vm with a new isolate for each job, its asynchronous API, its own time limit and memory limit.
import { load, runIn } from './isolated-vm-job.mjs';

export { nodeFlags, version } from './isolated-vm-job.mjs';

export async function open() {
  const { Isolate } = load();
  const held = [];
  return {
    async run(job) {
      const isolate = new Isolate({ memoryLimit: job.memoryMb });
      try {
        return await runIn(await isolate.createContext(), job);
      } finally {
        if (!isolate.isDisposed) isolate.dispose();
      }
    },

    async holdUnits(count, job) {
      for (let i = 0; i < count; i++) {
        const isolate = new Isolate({ memoryLimit: job.memoryMb });
        await runIn(await isolate.createContext(), job);
        held.push(isolate);
      }
    },

    async close() {
      for (const isolate of held) isolate.dispose();
    },
  };
}
