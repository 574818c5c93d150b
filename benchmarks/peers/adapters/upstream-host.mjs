// The documented product in its three shapes. Its files lie outside of the repository and are loaded from there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shared } from '../paths.mjs';

const folder = join(shared, 'upstream-peer');
const bundle = join(folder, 'enclave-core.mjs');

export function nodeFlags() {
  return [];
}

/** The reason why this peer cannot be measured here. Undefined if it can. */
export function missing() {
  return existsSync(bundle) ? undefined : `the documented product is not at ${bundle}`;
}

export function version() {
  return readFileSync(join(folder, 'README.md'), 'utf8').match(/core library (\d+\.\d+\.\d+)/)?.[1] ?? 'unknown';
}

/**
 * Returns `run` and the parts from which the shapes build their hosts. `shapeOf(job)` gives the product's options for a shape.
 * Arguments and limits belong to an object of the product, not to a run, so jobs with the same ones share an object.
 */
export async function loadUpstream(shapeOf) {
  const { Enclave } = await import(pathToFileURL(bundle));
  const made = new Map();

  function enclaveFor(job) {
    const shared = Object.keys(job.args).length === 0 ? 'none' : job.args;
    const ofArguments = made.get(shared) ?? new Map();
    made.set(shared, ofArguments);
    const key = `${job.timeMs} ms${job.unguarded ? ', unguarded' : ''}`;
    if (!ofArguments.has(key)) ofArguments.set(key, newEnclave(job));
    return ofArguments.get(key);
  }

  function newEnclave(job, more = {}) {
    const checks = job.unguarded ? { validate: false, transform: false } : {};
    return new Enclave({ ...shapeOf(job), ...checks, timeout: job.timeMs, maxToolCalls: 1000, globals: { args: job.args }, ...more });
  }

  return {
    newEnclave,
    run: job => runOn(enclaveFor(job), job),

    /** The verdict of its checks on a job. A last line that they always refuse prevents it from running. */
    async verdict(job) {
      const code = `${job.code}\neval('1');`;
      const { error } = await enclaveFor({ ...job, unguarded: false }).run(code);
      const first = error.data?.issues.find(({ location, message }) => !message.includes('eval'));
      return first && `${first.code}: ${first.message.split('. ')[0]}`;
    },

    close() {
      for (const ofArguments of made.values()) for (const enclave of ofArguments.values()) enclave.dispose();
    },
  };
}

export async function runOn(enclave, job) {
  const tools = job.tools && (async (name, args) => job.tools[name](args));
  const { success, value, error } = await enclave.run(job.unguarded ? untransformed(job.code) : job.code, tools);
  if (!success) throw new Error(`${error.code ?? error.name}: ${error.message.split('\n')[0]}`);
  return value;
}

/** The product's transformed script, without the code that it adds. The name of the tools' function depends on the shape. */
function untransformed(code) {
  return `async function __ag_main() {
    return (async callTool => {\n${code}\n})(typeof __safe_callTool === 'undefined' ? callTool : __safe_callTool);
  }`;
}

/** A host of a shape with node:vm contexts. They live as long as their job, so the held ones wait for a tool at the job's end. */
export async function openContexts(shapeOf) {
  const { run, verdict, close } = await loadUpstream(shapeOf);
  const released = Promise.withResolvers();
  return {
    run,
    verdict,
    heldAs: 'each held in a tool call after its W2',

    async holdUnits(count, job) {
      const code = `const work = () => {\n${job.code}\n};\nconst value = work();\nawait callTool('hold', {});\nreturn value;`;
      for (let i = 0; i < count; i++) {
        const held = Promise.withResolvers();
        const hold = () => {
          held.resolve();
          return released.promise;
        };
        const end = run({ ...job, code, tools: { hold } });
        await Promise.race([held.promise, end]);
        end.catch(() => {});
      }
    },

    async close() {
      released.resolve({});
      close();
    },
  };
}
