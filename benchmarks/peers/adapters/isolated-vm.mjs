// isolated-vm with a new isolate for each job: its asynchronous API, its own time limit and memory limit.
import { requirePeer } from '../paths.mjs';

// Loaded when opened: run.mjs, in whatever node it was started, asks only for the flags.
let ivm;

/** isolated-vm asks for this flag since node 20. */
export function nodeFlags() {
  return ['--no-node-snapshot'];
}

export async function open() {
  ivm = requirePeer('isolated-vm');
  const held = [];
  return {
    async run(job) {
      const isolate = new ivm.Isolate({ memoryLimit: job.memoryMb });
      try {
        return await runIn(isolate, job);
      } finally {
        if (!isolate.isDisposed) isolate.dispose();
      }
    },

    async holdUnits(count, job) {
      for (let i = 0; i < count; i++) {
        const isolate = new ivm.Isolate({ memoryLimit: job.memoryMb });
        await runIn(isolate, job);
        held.push(isolate);
      }
    },

    async close() {
      for (const isolate of held) isolate.dispose();
    },
  };
}

async function runIn(isolate, job) {
  const context = await isolate.createContext();
  const source = `return (async (args, callTool) => {\n${job.code}\n})(
    JSON.parse($0),
    async (name, args) => JSON.parse(await $1.apply(undefined, [name, JSON.stringify(args)], { result: { promise: true } }))
  ).then(value => JSON.stringify(value))`;
  const callTool = job.tools && new ivm.Reference(async (name, text) => JSON.stringify(await job.tools[name](JSON.parse(text))));
  // Its own timeout and nothing else: a dispose() from here, on top of it, makes W7 a crash of the process (README.md).
  return JSON.parse(await context.evalClosure(source, [JSON.stringify(job.args), callTool], { timeout: job.timeMs, result: { promise: true } }));
}
