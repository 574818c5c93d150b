import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuse, signal, startBroker } from './support/broker.js';
import { connect } from './support/client.js';

const info = { sessionId: 's_1', state: 'running', createdAt: 1, expiresAt: 2, stats: { duration: 3, toolCallCount: 4 } };

test('a session that is known, and one that is not', async (t) => {
  const broker = await startBroker(t, refuse(200, info), refuse(404));
  const { client, clock } = connect(broker.url, { headers: { 'X-Key': 'k' } });
  assert.deepEqual(await client.getSession('s_1'), info);
  assert.equal(await client.getSession('a/b?c'), null);
  assert.deepEqual(broker.log, ['GET /sessions/s_1', 'GET /sessions/a%2Fb%3Fc']);
  assert.equal(broker.requests[0].headers['x-key'], 'k');
  assert.deepEqual(clock.delays, []);
});

test('failures of requests have a code, and what the broker said', async (t) => {
  const broker = await startBroker(t, refuse(500, { code: 'INTERNAL_ERROR' }), refuse(429, {}, { 'Retry-After': '3' }), refuse(200, '<html>'), refuse(200, {}));
  const { client } = connect(broker.url);
  await assert.rejects(client.getSession('s_1'),
    { name: 'EnclaveClientError', code: 'SESSION_ERROR', message: 'Failed to get session: 500', status: 500, reason: 'INTERNAL_ERROR' });
  await assert.rejects(client.deleteSession('s_1'), { code: 'SESSION_ERROR', status: 429, retryAfterMs: 3000 });
  await assert.rejects(client.getSession('s_1'), { code: 'PARSE_ERROR' });
  await assert.rejects(client.listSessions(), { code: 'PARSE_ERROR' });
});

test('a broker that is not there is NETWORK_ERROR, with the cause', async () => {
  const cause = new TypeError('fetch failed');
  const { client } = connect('http://127.0.0.1:9', { fetch: async () => { throw cause; } });
  await assert.rejects(client.getSession('s_1'), { code: 'NETWORK_ERROR', message: 'Failed to get session', cause });
  await assert.rejects(client.cancelSession('s_1'), { code: 'NETWORK_ERROR' });
  await assert.rejects(client.submitToolResult('s_1', { callId: 'c_1', result: 1 }), { code: 'NETWORK_ERROR' });
});

test('sessions are listed, also by brokers that do not count them', async (t) => {
  const broker = await startBroker(t, refuse(200, { sessions: [info], total: 7 }), refuse(200, { sessions: [info] }));
  const { client } = connect(broker.url);
  assert.deepEqual(await client.listSessions(), { sessions: [info], total: 7 });
  assert.deepEqual(await client.listSessions(), { sessions: [info], total: 1 });
});

test('a session is deleted once', async (t) => {
  const broker = await startBroker(t, refuse(200, { success: true }), refuse(404));
  const { client } = connect(broker.url);
  assert.equal(await client.deleteSession('s_1'), true);
  assert.equal(await client.deleteSession('s_1'), false);
  assert.deepEqual(broker.log, ['DELETE /sessions/s_1', 'DELETE /sessions/s_1']);
});

test('a tool call is answered, or fails, or nobody waits for it', async (t) => {
  const broker = await startBroker(t, refuse(200, {}), refuse(200, {}), refuse(200, {}), refuse(404), refuse(409), refuse(400, { code: 'INVALID_REQUEST' }));
  const { client } = connect(broker.url);
  assert.equal(await client.submitToolResult('s_1', { callId: 'c_1', result: { a: 1 } }), true);
  assert.equal(await client.submitToolResult('s_1', { callId: 'c_1', result: undefined }), true);
  assert.equal(await client.submitToolResult('s_1', { callId: 'c_1', error: { code: 'E', message: 'm' } }), true);
  assert.equal(await client.submitToolResult('s_1', { callId: 'c_1', result: 1 }), false);
  assert.equal(await client.submitToolResult('s_1', { callId: 'c_1', result: 1 }), false);
  await assert.rejects(client.submitToolResult('s_1', { callId: '', result: 1 }), { code: 'SESSION_ERROR', reason: 'INVALID_REQUEST' });
  assert.equal(broker.log[0], 'POST /sessions/s_1/tool-result');
  assert.deepEqual(broker.requests.slice(0, 3).map((r) => r.json), [
    { callId: 'c_1', result: { a: 1 } },
    { callId: 'c_1', result: null },
    { callId: 'c_1', error: { code: 'E', message: 'm' } },
  ]);
});

test('a script whose tool is answered by the client', async (t) => {
  const answered = signal();
  const broker = await startBroker(t,
    async (x) => {
      const stream = x.stream().init().event('tool_call', { callId: 'c_1', toolName: 'add', args: { a: 1, b: 2 } });
      const { result } = await answered.promise;
      stream.event('tool_result_applied', { callId: 'c_1' }).final({ ok: true, result });
    },
    (x) => {
      x.reply(200, { success: true });
      answered.set(x.json);
    });
  const { client } = connect(broker.url);
  const handle = client.executeStream('return callTool("add", { a: 1, b: 2 })', {
    onToolCall: (callId, name, { a, b }) => void client.submitToolResult(handle.sessionId, { callId, result: a + b }),
  });
  const result = await handle.wait();
  assert.equal(result.value, 3);
  assert.equal(result.stats.toolCallCount, 1);
});

test('requests end with their signal, and with the time they have', async (t) => {
  const first = signal();
  const second = signal();
  const broker = await startBroker(t, first.set, second.set);
  const { client, clock } = connect(broker.url, { timeout: 300 });
  const abort = new AbortController();
  const aborted = client.getSession('s_1', { signal: abort.signal });
  await first.promise;
  abort.abort();
  await assert.rejects(aborted, { code: 'CANCELLED' });
  const late = client.listSessions();
  await second.promise;
  await clock.fire(300);
  await assert.rejects(late, { code: 'TIMEOUT', message: 'No answer within 300 ms' });
  await assert.rejects(client.deleteSession('s_1', { signal: AbortSignal.abort() }), { code: 'CANCELLED' });
  assert.deepEqual(clock.delays, []);
});
