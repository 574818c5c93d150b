// Drives the client of the documented product: node drive.mjs CLIENT-MODULE BASE-URL SCENARIO. Prints one JSON line.
import { pathToFileURL } from 'node:url';

const [, , file, baseUrl, scenario] = process.argv;
const { EnclaveClient } = await import(pathToFileURL(file).href);
const client = new EnclaveClient({ baseUrl, reconnectDelay: 50 });

const brief = ({ success, value, error, errors, stats, events }) =>
  ({ success, value, error, errors, stats, events: events.map((e) => [e.seq, e.type]) });

async function told(code, options = {}) {
  const calls = [];
  const handlers = {};
  const names = [
    'onSessionInit', 'onStdout', 'onLog', 'onToolCall', 'onToolResultApplied', 'onHeartbeat', 'onError', 'onToolProgress', 'onDeadlineExceeded',
  ];
  for (const name of names) {
    handlers[name] = (...args) => calls.push([name, ...args.filter((arg) => typeof arg !== 'object' || name === 'onToolCall')]);
  }
  const result = await client.execute(code, { ...handlers, ...options });
  return { ...brief(result), calls };
}

// The handle's first event is there: the session runs.
function started(handle, events) {
  return new Promise((resolve) => { events.resolve = resolve; });
}

async function cancelled(reason) {
  const seen = {};
  const handle = client.executeStream("return await callTool('time:sleep', { ms: 60000 });", { onToolCall: () => seen.resolve() });
  await started(handle, seen);
  await handle.cancel(...(reason === undefined ? [] : [reason]));
  const result = await handle.wait();
  let session;
  do session = await client.getSession(handle.sessionId); while (session && session.state === 'running');
  return { ...brief(result), session };
}

const scenarios = {
  plain: () => told('return 1 + 1;'),
  stdout: () => told("console.log('one'); console.log('two'); return 'done';"),
  tools: () => told("const a = await callTool('math:add', { a: 1, b: 2 }); "
    + "const b = await callTool('echo', { value: { deep: [1, 'é', null] } }); return { a, b };"),
  parallel: () => told("const r = await Promise.all([1, 2, 3, 4].map((i) => callTool('math:add', { a: i, b: i }))); return r.map((x) => x.sum);"),
  scriptError: () => told("throw new TypeError('mine');"),
  toolError: () => told("return await callTool('fail:now', {});"),
  toolErrorCaught: () => told("try { await callTool('fail:now', {}); } catch (e) { return [e.message, e.code]; }"),
  large: async () => { const r = await told("return await callTool('give:big', { bytes: 300000 });"); return { ...r, value: r.value.length }; },
  limits: () => told("for (let i = 0; i < 9; i++) await callTool('math:add', { a: i, b: 1 });", { limits: { maxToolCalls: 3, sessionTtlMs: 5000 } }),
  ttl: () => told("await callTool('time:sleep', { ms: 60000 });", { limits: { sessionTtlMs: 300 } }),
  heartbeats: () => told("await callTool('time:sleep', { ms: 2300 }); return 'slept';", { limits: { heartbeatIntervalMs: 1000 } }),
  cancel: () => cancelled(undefined),
  cancelReason: () => cancelled('no longer needed'),
  hundred: async () => { const values = []; for (let i = 0; i < 100; i++) values.push((await client.execute(`return ${i};`)).value); return { values }; },
  fifty: async () => {
    const codes = [...Array(50).keys()].map((i) => `return (await callTool('math:add', { a: ${i}, b: 1 })).sum;`);
    return { values: (await Promise.all(codes.map((code) => client.execute(code)))).map((r) => r.value ?? r.error) };
  },
  resume: () => told("const r = []; for (let i = 0; i < 20; i++) r.push((await callTool('time:sleep', { ms: 20 })).slept); return r.length;"),
  lookup: async () => ({ session: await client.getSession('s_drive') }),
  missing: async () => ({ session: await client.getSession('s_missing') }),
};

// Timers of a connection that was cut would keep the process for half a minute.
process.stdout.write(`${JSON.stringify(await scenarios[scenario]())}\n`, () => process.exit(0));
