// piscina with two threads, and a new node:vm context for each job in the thread. The time limit is an abort, which ends the thread.
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { requirePeer, versionOf } from '../paths.mjs';
import { toolsAsText } from './job-text.mjs';

export function nodeFlags() {
  return [];
}

export function version() {
  return versionOf('piscina');
}

export async function open({ memoryMb }) {
  const pools = [newPool(2, memoryMb)];
  return {
    run: job => run(pools[0], job),

    async holdUnits(count, job) {
      const pool = newPool(count, memoryMb);
      pools.push(pool);
      // A thread takes one job at a time, so as many jobs at once as threads warm them all.
      await Promise.all(Array.from({ length: count }, () => run(pool, job)));
    },

    async close() {
      for (const pool of pools) await pool.destroy();
    },
  };
}

function newPool(threads, memoryMb) {
  const { Piscina } = requirePeer('piscina');
  return new Piscina({
    filename: join(import.meta.dirname, 'piscina-worker.mjs'),
    minThreads: threads,
    maxThreads: threads,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
}

async function run(pool, job) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), job.timeMs);
  const port = job.tools && answerTools(job.tools);
  try {
    const task = { code: job.code, argsText: JSON.stringify(job.args), port };
    return JSON.parse(await pool.run(task, { signal: abort.signal, transferList: port ? [port] : [] }));
  } finally {
    clearTimeout(timer);
  }
}

/** The far end of a channel on which the host answers tool calls. */
function answerTools(tools) {
  const { port1, port2 } = new MessageChannel();
  const callTool = toolsAsText(tools);
  port1.on('message', async ({ id, name, text }) => {
    port1.postMessage({ id, text: await callTool(name, text) });
  });
  return port2;
}
