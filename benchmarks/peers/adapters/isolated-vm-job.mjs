// What both ways of using isolated-vm share.
import { requirePeer, versionOf } from '../paths.mjs';
import { jobSource, toolsAsText } from './job-text.mjs';

/** isolated-vm asks for this flag since node 20. */
export function nodeFlags() {
  return ['--no-node-snapshot'];
}

export function version() {
  return versionOf('isolated-vm');
}

// Loaded when opened: run.mjs, in whatever node it was started, asks only for the flags.
export function load() {
  return requirePeer('isolated-vm');
}

export async function runIn(context, job) {
  const { Reference } = load();
  const source = `const callToolText = (...texts) => $1.apply(undefined, texts, { result: { promise: true } });
    return ${jobSource(job.code, '$0', 'callToolText')}`;
  const callTool = job.tools && new Reference(toolsAsText(job.tools));
  // Its own timeout and nothing else: a dispose() from here, on top of it, makes W7 a crash of the process (README.md).
  return JSON.parse(await context.evalClosure(source, [JSON.stringify(job.args), callTool], { timeout: job.timeMs, result: { promise: true } }));
}
