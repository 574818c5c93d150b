// The common code of both isolated-vm adapters.
import { requirePeer, versionOf } from '../paths.mjs';
import { jobSource, toolsAsText } from './job-text.mjs';

/** isolated-vm needs this flag since node 20. */
export function nodeFlags() {
  return ['--no-node-snapshot'];
}

export function version() {
  return versionOf('isolated-vm');
}

// Loaded when opened: run.mjs, in any node, asks only for the flags.
export function load() {
  return requirePeer('isolated-vm');
}

export async function runIn(context, job) {
  const { Reference } = load();
  const source = `const callToolText = (...texts) => $1.apply(undefined, texts, { result: { promise: true } });
    return ${jobSource(job.code, '$0', 'callToolText')}`;
  const callTool = job.tools && new Reference(toolsAsText(job.tools));
  // Only its own timeout: an additional dispose() from here would make W7 crash the process (README.md).
  return JSON.parse(await context.evalClosure(source, [JSON.stringify(job.args), callTool], { timeout: job.timeMs, result: { promise: true } }));
}
