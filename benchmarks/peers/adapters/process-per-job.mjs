// A process for each job, started before it and killed after it. The adapters for node-process and deno differ only in the program.
import { toolsAsText } from './job-text.mjs';
import { within } from './within.mjs';

/**
 * `start(memoryMb)` returns a process: send(message), onMessage(listener), onEnd(listener), kill(). It receives {code, argsText} and sends
 * {answer} or {error}. For a tool it sends {id, name, text} and receives {id, text}.
 */
export function processPerJob(start) {
  const held = [];
  return {
    async run(job) {
      const process = start(job.memoryMb);
      try {
        return await runIn(process, job);
      } finally {
        process.kill();
      }
    },

    async holdUnits(count, job) {
      for (let i = 0; i < count; i++) {
        const process = start(job.memoryMb);
        held.push(process);
        await runIn(process, job);
      }
    },

    async close() {
      for (const process of held) process.kill();
    },
  };
}

function runIn(process, job) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const callTool = toolsAsText(job.tools);
  process.onMessage(async ({ answer, error, id, name, text }) => {
    if (answer !== undefined) resolve(JSON.parse(answer));
    else if (error !== undefined) reject(new Error(error));
    else process.send({ id, text: await callTool(name, text) });
  });
  process.onEnd((code, signal) => reject(new Error(signal ? `its process died of ${signal}` : `its process ended with exit code ${code}`)));
  process.send({ code: job.code, argsText: JSON.stringify(job.args) });
  return within(promise, job.timeMs);
}
