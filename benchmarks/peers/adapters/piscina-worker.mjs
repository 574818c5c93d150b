import { runInNewContext } from './vm-context.mjs';

export default async function ({ code, argsText, port }) {
  try {
    return await runInNewContext(code, argsText, port && toolsBehind(port)).answer;
  } finally {
    port?.close();
  }
}

function toolsBehind(port) {
  const waiting = new Map();
  let next = 0;
  port.on('message', ({ id, text }) => {
    waiting.get(id)(text);
    waiting.delete(id);
  });
  return (name, text) => new Promise(resolve => {
    const id = next++;
    waiting.set(id, resolve);
    port.postMessage({ id, name, text });
  });
}
