// ses: lockdown of the host's own realm, then a new Compartment in it for each job. It has neither a time limit nor a memory limit.
import { requirePeer, versionOf } from '../paths.mjs';
import { jobSource, toolsAsText } from './job-text.mjs';
import { within } from './within.mjs';

/** As with node:vm, the only limit is that of the whole process. */
export { nodeFlags } from './node-vm.mjs';

export function version() {
  return versionOf('ses');
}

export async function open() {
  requirePeer('ses');
  globalThis.lockdown();
  const held = [];
  return {
    run: job => run(job).then(({ value }) => value),

    async holdUnits(count, job) {
      for (let i = 0; i < count; i++) held.push((await run(job)).compartment);
    },

    async close() {},
  };
}

async function run(job) {
  const globals = { argsText: JSON.stringify(job.args), callToolText: toolsAsText(job.tools) };
  const compartment = new globalThis.Compartment({ __options__: true, globals });
  const answer = compartment.evaluate(jobSource(job.code, 'argsText', 'callToolText'));
  return { compartment, value: JSON.parse(await within(answer, job.timeMs)) };
}
