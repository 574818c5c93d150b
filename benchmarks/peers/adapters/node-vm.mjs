// node:vm as its users use it: in the host's own process and thread, a new context for each job.
import { runInNewContext } from './vm-context.mjs';

/** The heap limit is one for the whole process, so it is set only where memory is the question. */
export function nodeFlags({ limitsMemory, memoryMb }) {
  return limitsMemory ? [`--max-old-space-size=${memoryMb}`] : [];
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
  const callTool = job.tools && (async (name, text) => JSON.stringify(await job.tools[name](JSON.parse(text))));
  const { context, answer } = runInNewContext(job.code, JSON.stringify(job.args), callTool, job.timeMs);
  // The timeout of node:vm covers the code up to its first await; a job that waits for too long is given up here.
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('time limit')), job.timeMs);
  });
  try {
    return { context, value: JSON.parse(await Promise.race([answer, late])) };
  } finally {
    clearTimeout(timer);
  }
}
