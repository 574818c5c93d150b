// The part of process-per-job.mjs that runs inside the process, in node and in deno.
import { jobSource } from './job-text.mjs';

/** Returns the listener for the host's messages. */
export function jobSide(send) {
  const waiting = new Map();
  let next = 0;
  const callTool = (name, text) => new Promise(resolve => {
    waiting.set(next, resolve);
    send({ id: next++, name, text });
  });
  return ({ code, argsText, id, text }) => {
    if (code === undefined) {
      waiting.get(id)(text);
      waiting.delete(id);
    } else {
      run(code, argsText, callTool).then(answer => send({ answer }), error => send({ error: `${error?.name}: ${error?.message}` }));
    }
  };
}

async function run(code, argsText, callToolText) {
  return new Function('argsText', 'callToolText', `return ${jobSource(code, 'argsText', 'callToolText')}`)(argsText, callToolText);
}
