// workerd: one process, and a new isolate for each job through its worker loader. Jobs and tool calls go over HTTP.
// An isolate has neither a time limit nor a memory limit: at the time limit the process is killed, with every job in it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { peerFile, versionOf } from '../paths.mjs';
import { jobSource, toolsAsText } from './job-text.mjs';
import { within } from './within.mjs';

const packageName = '@cloudflare/workerd-linux-64';

export function nodeFlags() {
  return [];
}

export function version() {
  return versionOf(packageName);
}

export async function open({ limitsMemory }) {
  const toolsOf = new Map();
  // Sockets without a file: a killed process leaves nothing on the disk.
  const toolsName = `enclave-bench-tools-${process.pid}`;
  const tools = createServer((incoming, outgoing) => answerTool(toolsOf, incoming, outgoing));
  tools.listen(`\0${toolsName}`);
  await once(tools, 'listening');

  let starts = 0;
  let jobs = 0;
  let server = start();

  function start() {
    return startServer(`enclave-bench-jobs-${process.pid}-${starts++}`, toolsName, limitsMemory ? 'limited' : 'unlimited');
  }

  async function run(job, keep) {
    if (server.ended) server = start();
    const of = server;
    const id = String(jobs++);
    toolsOf.set(id, toolsAsText(job.tools));
    const module = moduleOf(job.code, id);
    try {
      return JSON.parse(await within(of.ask(JSON.stringify({ module, argsText: JSON.stringify(job.args), keep })), job.timeMs));
    } catch (error) {
      if (error.message === 'time limit') of.kill();
      else if (of.ended || error.code === 'ECONNRESET') throw Object.assign(new Error('workerd died, and every job in it'), { allLost: true });
      throw error;
    } finally {
      toolsOf.delete(id);
    }
  }

  return {
    run: job => run(job),

    async holdUnits(count, job) {
      for (let i = 0; i < count; i++) await run(job, `unit ${i}`);
    },

    async close() {
      server.kill();
      tools.close();
    },
  };
}

/** The code that the loader loads: `run` of its default export, with the service TOOLS in its environment. */
function moduleOf(code, id) {
  return `const toolsOf = env => async (name, text) => {
    const response = await env.TOOLS.fetch('http://tools/', { method: 'POST', body: JSON.stringify({ job: '${id}', name, text }) });
    return response.text();
  };
  export default {
    run(argsText, env) {
      const callToolText = toolsOf(env);
      return ${jobSource(code, 'argsText', 'callToolText')};
    },
  };`;
}

function startServer(name, toolsName, constant) {
  const addresses = [`--socket-addr=jobs=unix-abstract:${name}`, `--external-addr=tools=unix-abstract:${toolsName}`];
  const child = spawn(peerFile(packageName, 'bin', 'workerd'),
    ['serve', '--experimental', '--control-fd=3', ...addresses, join(import.meta.dirname, 'workerd', 'config.capnp'), constant],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const agent = new Agent({ keepAlive: true });
  // This pipe reports that it listens.
  const ready = Promise.race([once(child.stdio[3], 'data'), once(child, 'exit').then(() => Promise.reject(new Error('workerd did not start')))]);
  ready.catch(() => {});
  const server = {
    ended: false,
    kill() {
      this.ended = true;
      child.kill('SIGKILL');
      agent.destroy();
    },
    async ask(body) {
      await ready;
      return post({ agent, socketPath: `\0${name}`, method: 'POST', headers: { 'content-length': Buffer.byteLength(body) } }, body);
    },
  };
  child.once('exit', () => {
    server.ended = true;
  });
  return server;
}

function post(options, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, async incoming => {
      try {
        const text = await textOf(incoming);
        if (incoming.statusCode === 200) resolve(text);
        else reject(new Error(text));
      } catch (error) {
        reject(error);
      }
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function answerTool(toolsOf, incoming, outgoing) {
  const { job, name, text } = JSON.parse(await textOf(incoming));
  outgoing.end(await toolsOf.get(job)?.(name, text));
}
