// isolated-vm with one isolate for all jobs and a new context for each. They share one memory limit.
import { load, runIn } from './isolated-vm-job.mjs';

export { nodeFlags, version } from './isolated-vm-job.mjs';

export async function open({ memoryMb }) {
  const { Isolate } = load();
  const held = [];
  let isolate = new Isolate({ memoryLimit: memoryMb });

  /** An isolate that reached its memory limit is gone, with every job in it. */
  function living() {
    if (isolate.isDisposed) isolate = new Isolate({ memoryLimit: memoryMb });
    return isolate;
  }

  return {
    async run(job) {
      const of = living();
      const context = await of.createContext();
      try {
        return await runIn(context, job);
      } finally {
        if (!of.isDisposed) context.release();
      }
    },

    async holdUnits(count, job) {
      for (let i = 0; i < count; i++) {
        const context = await living().createContext();
        await runIn(context, job);
        held.push(context);
      }
    },

    async close() {
      if (!isolate.isDisposed) isolate.dispose();
    },
  };
}
