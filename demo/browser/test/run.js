// Starts real processes and tests the pages on them: the demo page over two runtimes and with the pool in the broker's own process, and the page of
// durable runs with a store in a folder.
//   node test/run.js [--enclave PATH] [--out FOLDER] [--only runtimes|embedded|runs]...
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({ options: { enclave: { type: 'string' }, out: { type: 'string' }, only: { type: 'string', multiple: true } } });
const enclave = resolve(values.enclave ?? join(here, '../../../enclave'));
const out = resolve(values.out ?? join(here, '../build/pictures'));
// The first start may have to build everything.
const startMs = 15 * 60_000;
const stopMs = 30_000;

/** A command whose first line contains its address. */
class Command {
  #process;

  static async start(...args) {
    const command = new Command();
    command.#process = spawn(enclave, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(command.#process, 'exit').then(([code, signal]) => {
      throw new Error(`enclave ${args.join(' ')} ended with ${code ?? signal} before it listened`);
    });
    ended.catch(() => {});
    const lines = createInterface({ input: command.#process.stdout });
    const late = AbortSignal.timeout(startMs);
    const [line] = await Promise.race([once(lines, 'line', { signal: late }), ended]);
    const { listening, pid } = JSON.parse(line);
    Object.assign(command, { listening, pid });
    return command;
  }

  async stop() {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), stopMs);
    await gone;
    clearTimeout(kill);
  }
}

/** Runs the tests on these processes. Returns true if all passed. */
async function round(mode) {
  const running = [];
  const store = mode === 'runs' ? await mkdtemp(join(tmpdir(), 'enclave-runs-')) : undefined;
  const start = async (...args) => {
    const command = await Command.start(...args);
    running.push(command);
    return command;
  };
  try {
    const runtimes = mode === 'runtimes' ? [await start('runtime', '--port', '0', '--json'), await start('runtime', '--port', '0', '--json')] : [];
    const place = store === undefined ? runtimes.flatMap(({ listening }) => ['--runtime', listening]) : ['--store', store];
    const broker = await start('serve', '--demo', '--port', '0', '--json', ...place);
    console.log(`${mode}: ${broker.listening}`);
    const file = join(here, store === undefined ? 'page.test.js' : 'runsPage.test.js');
    const test = spawn(process.execPath, ['--test', '--test-timeout=300000', '--test-reporter=spec', file], {
      stdio: 'inherit',
      env: {
        ...process.env,
        ENCLAVE_DEMO_URL: new URL('/', broker.listening).href,
        ENCLAVE_DEMO_OUT: out,
        ENCLAVE_DEMO_RUNTIMES: runtimes.map(({ listening, pid }) => `${listening}=${pid}`).join(','),
      },
    });
    const [code] = await once(test, 'exit');
    return code === 0;
  } finally {
    for (const command of running.reverse()) await command.stop();
    if (store !== undefined) await rm(store, { recursive: true });
  }
}

const modes = values.only ?? ['runtimes', 'embedded', 'runs'];
const results = [];
for (const mode of modes) results.push(await round(mode));
process.exitCode = results.every(Boolean) ? 0 : 1;
