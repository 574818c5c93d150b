// node:vm as most people use it: in the host's own process and thread, with a new context for each job.
import { engineVersion } from '../paths.mjs';
import { toolsAsText } from './job-text.mjs';
import { runInNewContext } from './vm-context.mjs';
import { within } from './within.mjs';

/** The heap limit covers the whole process, so it is set only for workloads about memory. */
export function nodeFlags({ limitsMemory, memoryMb }) {
  return limitsMemory ? [`--max-old-space-size=${memoryMb}`] : [];
}

export function version() {
  return engineVersion();
}

export async function open() {
  const held = [];
  return {
    run: job => run(job).then(({ value }) => value),

    async holdUnits(count, job) {
      for (let i = 0; i < count; i++) held.push((await run(job)).context);
    },

    async close() {},
  };
}

async function run(job) {
  const { context, answer } = runInNewContext(job.code, JSON.stringify(job.args), toolsAsText(job.tools), job.timeMs);
  // The timeout of node:vm covers the code up to its first await.
  return { context, value: JSON.parse(await within(answer, job.timeMs)) };
}
