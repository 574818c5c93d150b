import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnclaveClient } from '../dist/index.js';
import { refuse, startBroker } from './support/broker.js';
import { connect } from './support/client.js';

const call = (callId, toolName, args = {}) => ({ callId, toolName, args });
const taken = (x) => x.reply(200, { success: true });

test('tools that the client answers are named to the broker', async (t) => {
  const broker = await startBroker(
    t, (x) => x.stream().init().final({ ok: true }), (x) => x.stream().init().final({ ok: true }), (x) => x.stream().init().final({ ok: true }));
  const { client } = connect(broker.url);
  await client.execute('return 1', { tools: ['mine', 'yours'] });
  await client.execute('return 1', { tools: { mine: () => 1 } });
  await client.execute('return 1', {});
  assert.deepEqual(broker.requests.map((r) => r.json.tools), [['mine', 'yours'], ['mine'], undefined]);
});

test('a function answers its calls, and fails those that it throws for', async (t) => {
  let stream;
  const answers = [];
  const answered = (x) => {
    answers.push(x.json);
    taken(x);
    if (answers.length === 5) stream.final({ ok: true, result: 'done' });
  };
  const broker = await startBroker(
    t,
    (x) => {
      stream = x.stream().init();
      stream.event('tool_call', call('c_1', 'add', { a: 1, b: 2 })).event('tool_call', call('c_2', 'nothing')).event('tool_call', call('c_3', 'fails'))
        .event('tool_call', call('c_4', 'big')).event('tool_call', call('c_5', 'half')).event('tool_call', call('c_6', 'toString'));
    },
    answered, answered, answered, answered, answered,
  );
  const { client } = connect(broker.url);
  const signals = [];
  const result = await client.execute('…', {
    tools: {
      add: async ({ a, b }, { signal, callId }) => {
        signals.push([callId, signal]);
        return a + b;
      },
      nothing: () => undefined,
      fails: () => { throw Object.assign(new Error('mine'), { code: 'E_MINE' }); },
      big: () => 1n,
      half: () => 'a\ud800',
    },
  });
  assert.equal(result.value, 'done');
  answers.sort((one, other) => one.callId.localeCompare(other.callId));
  assert.deepEqual(
    answers.slice(0, 3), [{ callId: 'c_1', result: 3 }, { callId: 'c_2', result: null }, { callId: 'c_3', error: { message: 'mine', code: 'E_MINE' } }]);
  assert.match(answers[3].error.message, /BigInt/);
  assert.deepEqual(answers[4], { callId: 'c_5', result: 'a\ud800' });
  assert.equal(signals[0][0], 'c_1');
  assert.equal(signals[0][1].aborted, true);
});

test('an answer that does not reach the broker is told, and the run goes on', async (t) => {
  let stream;
  const broker = await startBroker(
    t, (x) => { stream = x.stream().init().event('tool_call', call('c_1', 'mine')); }, (x) => x.reply(500, { code: 'INTERNAL_ERROR' }));
  const { client } = connect(broker.url);
  const errors = [];
  const result = await client.execute('…', {
    tools: { mine: () => 1 },
    onError: (code, message) => {
      errors.push([code, message]);
      stream.final({ ok: true, result: 1 });
    },
  });
  assert.equal(result.success, true);
  assert.deepEqual(errors, [['SESSION_ERROR', 'the answer of mine did not reach the broker: Failed to submit tool result: 500']]);
});

test('tools that are none are refused before anything is asked', () => {
  const { client } = connect('http://127.0.0.1:9');
  assert.throws(() => client.executeStream('1', { tools: 7 }), { name: 'TypeError', message: /tools must be a list of names/ });
  assert.throws(() => client.executeStream('1', { tools: [7] }), { name: 'TypeError', message: /must be names, not 7/ });
  assert.throws(() => client.executeStream('1', { tools: { mine: 7 } }), { name: 'TypeError', message: 'tools.mine must be a function' });
});

test('an option that nothing reads is refused, with the one that was meant', async () => {
  const { client } = connect('http://127.0.0.1:9');
  assert.throws(() => client.executeStream('1', { tolls: [] }), { name: 'TypeError', message: 'execute has no option "tolls"; did you mean "tools"?' });
  assert.throws(
    () => client.executeStream('1', { onstdout: () => {} }), { name: 'TypeError', message: 'execute has no option "onstdout"; did you mean "onStdout"?' });
  assert.throws(() => client.executeStream('1', { limits: { maxToolCall: 1 } }),
    { name: 'TypeError', message: 'limits has no option "maxToolCall"; did you mean "maxToolCalls"?' });
  assert.throws(() => client.executeStream('1', { somethingElse: 1 }), { name: 'TypeError', message: 'execute has no option "somethingElse"' });
  assert.throws(() => client.executeStream('1', 7), TypeError);
  assert.throws(() => client.resume('s_1', 0, { limits: {} }), { name: 'TypeError', message: 'resume has no option "limits"' });
  assert.throws(() => new EnclaveClient({ baseUrl: 'http://x', baseURL: 'http://y' }),
  {
    name: 'TypeError', message: 'the client has no option "baseURL"; did you mean "baseUrl"?',
  });
  await assert.rejects(client.execute('1', { timout: 1 }), { name: 'TypeError', message: 'execute has no option "timout"; did you mean "timeout"?' });
  await assert.rejects(client.getSession('s_1', { signla: 1 }), TypeError);
  await assert.rejects(
    client.submitToolResult('s_1', { callId: 'c_1', results: 1 }), { name: 'TypeError', message: 'an answer has no option "results"; did you mean "result"?' });
});

test('a broker that is not there is told from one that does not answer', async (t) => {
  const refused = new EnclaveClient({ baseUrl: 'http://127.0.0.1:9', autoReconnect: false });
  const result = await refused.execute('return 1');
  assert.equal(result.error.code, 'NETWORK_ERROR');
  assert.match(result.error.message, /ECONNREFUSED|bad port/);
  const late = new EnclaveClient({ baseUrl: 'http://127.0.0.1:9', timeout: 200 });
  const outOfTime = await late.execute('return 1');
  assert.equal(outOfTime.error.code, 'NETWORK_ERROR');
  assert.match(outOfTime.error.message, /^No result within 200 ms; the last connection failed: .*(ECONNREFUSED|bad port)/);

  const broker = await startBroker(t, () => {}, refuse(200, {}));
  const silent = new EnclaveClient({ baseUrl: broker.url, timeout: 200 });
  const unanswered = await silent.execute('return 1');
  assert.deepEqual({ ...unanswered.error }, { code: 'TIMEOUT', message: 'No result within 200 ms' });
  // The broker is notified as well.
  while (broker.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('iterating a cancelled handle throws CANCELLED, and waiting for it gives it as a result', async (t) => {
  const broker = await startBroker(t, (x) => { x.stream().init(); }, refuse(200, {}));
  const { client } = connect(broker.url);
  const handle = client.executeStream('…');
  const iterated = (async () => { for await (const event of handle) if (event.type === 'session_init') await handle.cancel('enough'); })();
  await assert.rejects(iterated, { name: 'EnclaveClientError', code: 'CANCELLED', message: 'enough' });
  assert.equal((await handle.wait()).error.code, 'CANCELLED');
});
