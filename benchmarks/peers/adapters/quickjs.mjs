// quickjs-emscripten: QuickJS in WebAssembly, a new runtime for each job, with its own memory limit and interrupt handler.
import { requirePeer, versionOf } from '../paths.mjs';
import { jobSource, toolsAsText } from './job-text.mjs';
import { within } from './within.mjs';

export function nodeFlags() {
  return [];
}

export function version() {
  return versionOf('quickjs-emscripten');
}

export async function open() {
  const quickjs = await requirePeer('quickjs-emscripten').getQuickJS();
  const held = [];
  return {
    async run(job) {
      const unit = newUnit(quickjs, job);
      try {
        return await runIn(unit, job);
      } finally {
        unit.dispose();
      }
    },

    async holdUnits(count, job) {
      for (let i = 0; i < count; i++) {
        const unit = newUnit(quickjs, job);
        await runIn(unit, job);
        held.push(unit);
      }
    },

    async close() {
      for (const unit of held) unit.dispose();
    },
  };
}

function newUnit(quickjs, { memoryMb, timeMs }) {
  const runtime = quickjs.newRuntime();
  const end = performance.now() + timeMs;
  runtime.setMemoryLimit(memoryMb << 20);
  runtime.setInterruptHandler(() => performance.now() > end);
  const context = runtime.newContext();
  return { runtime, context, dispose: () => (context.dispose(), runtime.dispose()) };
}

async function runIn({ runtime, context }, job) {
  const failed = Promise.withResolvers();
  // A QuickJS runtime does not continue by itself: each time a promise of the host settles, its jobs must be run.
  const proceed = () => {
    const done = runtime.executePendingJobs();
    if (done.error) failed.reject(errorOf(context, done.error));
  };
  define(context, 'argsText', context.newString(JSON.stringify(job.args)));
  if (job.tools) define(context, 'callToolText', toolFunction(context, toolsAsText(job.tools), proceed));
  const started = context.evalCode(jobSource(job.code, 'argsText', 'callToolText'));
  if (started.error) throw errorOf(context, started.error);
  const answer = context.resolvePromise(started.value);
  started.value.dispose();
  proceed();
  const settled = await within(Promise.race([answer, failed.promise]), job.timeMs);
  if (settled.error) throw errorOf(context, settled.error);
  return JSON.parse(settled.value.consume(handle => context.getString(handle)));
}

function toolFunction(context, callTool, proceed) {
  return context.newFunction('callToolText', (name, text) => {
    const promise = context.newPromise();
    promise.settled.then(() => context.alive && proceed());
    callTool(context.getString(name), context.getString(text)).then(answer => {
      // A job that was abandoned has no context any more.
      if (context.alive) context.newString(answer).consume(handle => promise.resolve(handle));
    });
    return promise.handle;
  });
}

function define(context, name, handle) {
  context.setProp(context.global, name, handle);
  handle.dispose();
}

function errorOf(context, handle) {
  const { name, message } = handle.consume(error => context.dump(error)) ?? {};
  return new Error(`${name}: ${message}`);
}
