import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnclaveClient } from '../dist/index.js';
import { refuse, session, signal, startBroker } from './support/broker.js';
import { connect, outcome, places, recorder } from './support/client.js';
import { everyPayload } from './support/events.js';

test('a script gives its value', async (t) => {
  const broker = await startBroker(t, session({ a: [1, null, 'é'] }));
  const { client } = connect(broker.url);
  const result = await client.execute('return 1');
  assert.deepEqual(outcome(result), { success: true, value: { a: [1, null, 'é'] } });
  assert.deepEqual(places(result.events), [[1, 'session_init'], [2, 'final']]);
  assert.equal(result.sessionId, broker.requests[0].json.sessionId);
  assert.equal(result.droppedEvents, 0);
});

test('a script that returns nothing has a value of undefined', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().final({ ok: true }));
  const result = await connect(broker.url).client.execute('');
  assert.deepEqual(outcome(result), { success: true, value: undefined });
});

test('the request is what brokers read, and nothing that was not asked for', async (t) => {
  const broker = await startBroker(t, session(1));
  await connect(`${broker.url}/`, { headers: { Authorization: 'Bearer t' } }).client.execute('return 1', { sessionId: 's_mine' });
  const [request] = broker.requests;
  assert.equal(`${request.method} ${request.target}`, 'POST /sessions');
  assert.deepEqual(request.json, { sessionId: 's_mine', code: 'return 1' });
  assert.equal(request.headers['content-type'], 'application/json');
  assert.equal(request.headers.accept, 'application/x-ndjson');
  assert.equal(request.headers.authorization, 'Bearer t');
});

test('a language that is said goes along, and no other does', async (t) => {
  const languages = ['javascript', 'typescript', 'either', undefined];
  const broker = await startBroker(t, ...languages.map(() => session(1)));
  const { client } = connect(broker.url);
  for (const language of languages) await client.execute('const a: number = 1; return a', { language });
  assert.deepEqual(broker.requests.map((r) => r.json.language), languages);
  assert.equal('language' in broker.requests[3].json, false);
  assert.throws(() => client.executeStream('x', { lang: 'typescript' }), TypeError);
});

test('ids are new for each run and begin as brokers want them', async (t) => {
  const broker = await startBroker(t, session(1), session(1));
  const { client } = connect(broker.url);
  await client.execute('');
  await client.execute('');
  const [first, second] = broker.requests.map((r) => r.json.sessionId);
  assert.match(first, /^s_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.notEqual(first, second);
});

test('limits go under both names, the filter and further members as they are', async (t) => {
  const broker = await startBroker(t, session(1));
  const filter = { mode: 'exclude', rules: [{ types: { types: ['heartbeat'] } }] };
  await connect(broker.url).client.execute('x', { sessionId: 's_1',
    limits: { sessionTtlMs: 5, maxToolCalls: 2, deadlineMs: 7, maxStdoutBytes: undefined }, filter, request: { tools: 'client', code: 'no' } });
  assert.deepEqual(broker.requests[0].json, {
    tools: 'client',
    sessionId: 's_1',
    code: 'x',
    config: { maxExecutionMs: 5, maxToolCalls: 2 },
    limits: { sessionTtlMs: 5, maxToolCalls: 2, deadlineMs: 7 },
    filter,
  });
});

test('every event reaches onEvent and the handler of its kind, in order', async (t) => {
  const broker = await startBroker(t, (x) => {
    const stream = x.stream();
    for (const [type, payload] of Object.entries(everyPayload)) {
      if (type === 'final') stream.final(payload);
      else stream.event(type, payload);
    }
  });
  const { calls, handlers } = recorder();
  const events = [];
  const result = await connect(broker.url).client.execute('x', { ...handlers, onEvent: (event) => events.push(event) });

  assert.deepEqual(events.map((e) => [e.type, e.payload]), Object.entries(everyPayload));
  assert.deepEqual(events, result.events);
  const partial = everyPayload.partial_result;
  assert.deepEqual(calls, [
    ['onSessionInit', events[0]],
    ['onStdout', 'é😀\n'],
    ['onLog', 'warn', 'm', { a: 1 }],
    ['onToolCall', 'c_1', 't', { a: 1 }],
    ['onToolProgress', 'c_1', 'receiving', 3.5],
    ['onToolResultApplied', 'c_1'],
    ['onPartialResult', partial.path, null, partial.error, true],
    ['onHeartbeat'],
    ['onError', 'S', 'soft'],
    ['onDeadlineExceeded', 11, 10],
    ['onCatalogChanged', 'v2', ['a'], []],
  ]);
  assert.deepEqual(outcome(result), { success: false, error: { message: 'bad', code: 'X', stack: 'at y' } });
  assert.deepEqual(result.errors, [{ code: 'E', message: 'm' }]);
  assert.deepEqual(result.brokerStats, { durationMs: 9, toolCallCount: 1, stdoutBytes: 7 });
  assert.deepEqual([result.stats.toolCallCount, result.stats.stdoutBytes], [1, 7]);
});

test('an error event without a code is UNKNOWN, and the run goes on', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().event('error', { message: 'soft' }).final({ ok: true, result: 1 }));
  const { calls, handlers } = recorder();
  const result = await connect(broker.url).client.execute('x', handlers);
  assert.deepEqual(calls[1], ['onError', 'UNKNOWN', 'soft']);
  assert.equal(result.success, true);
});

test('failures on the way are told of a run that succeeded', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().final({ ok: true, result: 1, errors: [{ code: 'E', message: 'm', path: ['a'] }] }));
  const result = await connect(broker.url).client.execute('x');
  assert.deepEqual(result.errors, [{ code: 'E', message: 'm', path: ['a'] }]);
});

test('a failure without words still has some', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().final({ ok: false }));
  assert.deepEqual(outcome(await connect(broker.url).client.execute('x')), { success: false, error: { message: 'Unknown error' } });
});

test('lines that are no events are left out and told', async (t) => {
  const broker = await startBroker(
    t, (x) => x.stream().init().raw('garbage\n\r\n{"a":1}\n').event('brand_new', {}).event('stdout', { data: 'kept' }).final({ result: 1 }));
  const { calls, handlers } = recorder();
  const result = await connect(broker.url).client.execute('x', handlers);
  assert.deepEqual(outcome(result), { success: true, value: 1 });
  assert.deepEqual(calls.filter(([name]) => name === 'onStdout'), [['onStdout', 'kept']]);
  assert.deepEqual(calls.filter(([name]) => name === 'onInvalidLine').map(([, line]) => [line.line, line.content.slice(0, 7)]),
    [[2, 'garbage'], [4, '{"a":1}'], [5, '{"proto']]);
});

test('events of one number are told apart, as a runtime that counts wrongly sends them', async (t) => {
  const broker = await startBroker(t, (x) => {
    const stream = x.stream().init().event('tool_call', { callId: '7814', toolName: 't', args: {} }).event('tool_result_applied', { callId: '7814' });
    stream.seq--;
    stream.final({ ok: true, result: 8 });
  });
  const result = await connect(broker.url).client.execute('x');
  assert.deepEqual(outcome(result), { success: true, value: 8 });
  assert.deepEqual(places(result.events), [[1, 'session_init'], [2, 'tool_call'], [3, 'tool_result_applied'], [3, 'final']]);
});

test('a broker that names the session itself is asked by that name', async (t) => {
  const cancelled = signal();
  const broker = await startBroker(t,
    (x) => {
      x.sessionId = 'ses_theirs';
      x.stream().init();
    },
    (x) => {
      cancelled.set(x.path);
      x.reply(200, { success: true });
    });
  const { client } = connect(broker.url);
  const handle = client.executeStream('x', { sessionId: 's_ours' });
  for await (const event of handle) {
    assert.equal(event.sessionId, 'ses_theirs');
    break;
  }
  assert.equal(handle.sessionId, 'ses_theirs');
  await handle.cancel();
  assert.equal(await cancelled.promise, '/sessions/ses_theirs/cancel');
  assert.equal((await handle.wait()).sessionId, 'ses_theirs');
});

test('a run can be iterated, also by several, also after its end', async (t) => {
  const go = signal();
  const broker = await startBroker(t, async (x) => {
    const stream = x.stream().init();
    await go.promise;
    stream.event('stdout', { chunk: 'a' }).final({ ok: true, result: 1 });
  });
  const handle = connect(broker.url).client.executeStream('x');
  const all = async () => {
    const types = [];
    for await (const event of handle) {
      types.push(event.type);
      go.set();
    }
    return types;
  };
  const expected = ['session_init', 'stdout', 'final'];
  assert.deepEqual(await Promise.all([all(), all()]), [expected, expected]);
  assert.deepEqual(await all(), expected);
  assert.equal(handle.isActive(), false);
  assert.deepEqual(handle.getEvents().map((e) => e.type), expected);
});

test('a run keeps no more events than it may, and loses none for who reads along', async (t) => {
  const broker = await startBroker(t, (x) => {
    const stream = x.stream().init();
    for (let i = 0; i < 500; i++) stream.event('stdout', { chunk: `${i} ` });
    stream.final({ ok: true, result: 'end' });
  });
  const { client } = connect(broker.url, { maxEvents: 10 });
  const handle = client.executeStream('x');
  let seen = 0;
  for await (const event of handle) {
    seen++;
    assert.equal(event.seq, seen);
    assert.ok(handle.getEvents().length <= 10);
  }
  const result = await handle.wait();
  assert.equal(seen, 502);
  assert.equal(result.value, 'end');
  assert.deepEqual([result.events.length, result.droppedEvents], [10, 492]);
});

test('a reader that lags holds the stream back, and that is no silence of the broker', async (t) => {
  const go = signal();
  const broker = await startBroker(t, async (x) => {
    const stream = x.stream().init();
    for (let i = 0; i < 20; i++) stream.event('stdout', { chunk: '' });
    await go.promise;
    stream.final({ ok: true, result: 1 });
  });
  const { client, clock } = connect(broker.url, { maxEvents: 5 });
  const full = signal();
  const handle = client.executeStream('x', { timeout: 0, onEvent: (event) => event.seq === 5 && full.set() });
  const events = handle[Symbol.asyncIterator]();
  await full.promise;
  await new Promise(setImmediate);
  clock.advance(120_000);
  assert.equal(handle.getEvents().at(-1).seq, 5);
  go.set();
  const seen = [];
  for (let next = await events.next(); !next.done; next = await events.next()) seen.push(next.value.seq);
  assert.equal(seen.length, 22);
  assert.deepEqual(broker.log, ['POST /sessions']);
});

test('numbers that no event came for are told', async (t) => {
  const broker = await startBroker(t, (x) => {
    const stream = x.stream().init();
    stream.seq = 5;
    stream.final({ ok: true });
  });
  const handle = connect(broker.url).client.executeStream('x');
  await handle.wait();
  assert.deepEqual(handle.getGaps(), [{ start: 2, end: 4 }]);
});

test('a connection whose session has ended serves the next run', async (t) => {
  const ports = [];
  const remember = (answer) => (x) => {
    ports.push(x.response.socket.remotePort);
    return answer(x);
  };
  const broker = await startBroker(t, remember(session(1)), remember(session(2)));
  const { client } = connect(broker.url);
  await client.execute('1');
  await broker.requests[0].closed;
  await new Promise(setImmediate);
  await client.execute('2');
  assert.equal(ports[0], ports[1]);
});

for (const status of [400, 401, 403, 409, 422, 429, 500, 503]) {
  test(`${status} is final`, async (t) => {
    const broker = await startBroker(t, refuse(status, { code: 'WHY', message: 'no' }, status === 429 ? { 'Retry-After': '7' } : {}));
    const { client, clock } = connect(broker.url);
    const result = await client.execute('x');
    assert.deepEqual(outcome(result), {
      success: false,
      error: {
        code: 'SESSION_ERROR',
        message: `Failed to start session: ${status} - {"code":"WHY","message":"no"}`,
        status,
        reason: 'WHY',
        ...(status === 429 && { retryAfterMs: 7000 }),
      },
    });
    assert.deepEqual(broker.log, ['POST /sessions']);
    assert.deepEqual(clock.delays, []);
  });
}

test('503 with Retry-After is asked again after that time', async (t) => {
  const broker = await startBroker(t, refuse(503, {}, { 'Retry-After': '7' }), refuse(503, {}, { 'Retry-After': '600' }), session(1));
  const { client, clock } = connect(broker.url, { heartbeatTimeout: 0 });
  const run = client.execute('x', { timeout: 0 });
  await clock.fire(7_000);
  await clock.fire(30_000);
  assert.equal((await run).value, 1);
  assert.deepEqual(broker.log, ['POST /sessions', 'POST /sessions', 'POST /sessions']);
  assert.equal(new Set(broker.requests.map((r) => r.body)).size, 1);
});

for (const status of [500, 502]) {
  test(`${status} with Retry-After is final: the script may run`, async (t) => {
    const broker = await startBroker(t, refuse(status, {}, { 'Retry-After': '1' }));
    const { error } = await connect(broker.url).client.execute('x');
    assert.deepEqual([error.code, error.status, error.retryAfterMs], ['SESSION_ERROR', status, 1000]);
  });
}

test('503 with Retry-After is given up after as many tries as may be', async (t) => {
  const busy = refuse(503, { code: 'RUNTIME_BUSY' }, { 'Retry-After': '1' });
  const broker = await startBroker(t, busy, busy, busy);
  const { client, clock } = connect(broker.url, { maxReconnectAttempts: 2 });
  const run = client.execute('x');
  await clock.fire(1_000);
  await clock.fire(1_000);
  const { error } = await run;
  assert.deepEqual([error.code, error.reason, error.retryAfterMs], ['SESSION_ERROR', 'RUNTIME_BUSY', 1000]);
});

test('a refusal that is no JSON, or nothing, is told as it is', async (t) => {
  const broker = await startBroker(t, refuse(400, '<html>'), refuse(400, ''));
  const { client } = connect(broker.url);
  assert.deepEqual((await client.execute('x')).error, { code: 'SESSION_ERROR', message: 'Failed to start session: 400 - <html>', status: 400 });
  assert.deepEqual((await client.execute('x')).error, { code: 'SESSION_ERROR', message: 'Failed to start session: 400', status: 400 });
});

test('settings out of range are refused by name, value and range', () => {
  const refuses = (config, pattern) => assert.throws(() => new EnclaveClient({ baseUrl: 'http://x', ...config }), pattern);
  assert.throws(() => new EnclaveClient(), /baseUrl must be a non-empty string/);
  refuses({ baseUrl: '' }, /baseUrl must be a non-empty string/);
  refuses({ timeout: -1 }, /timeout must be a number from 0 up, not -1/);
  refuses({ maxLineBytes: 10 }, /maxLineBytes must be a number from 1024 up, not 10/);
  refuses({ maxEvents: 0 }, /maxEvents must be a number from 1 up/);
  refuses({ reconnectDelay: NaN }, /reconnectDelay/);
  refuses({ encryption: 'none' }, /encryption must be disabled, optional or required/);
});

test('options out of range are refused before anything is asked', async () => {
  const client = new EnclaveClient({ baseUrl: 'http://127.0.0.1:9', fetch: assert.fail });
  await assert.rejects(client.execute('x', { timeout: -5 }), /timeout must be a number/);
  await assert.rejects(client.execute('x', { encryption: 'maybe' }), /encryption must be/);
  assert.throws(() => client.resume('s_1', -1), /fromSeq must be an integer from 0 up, not -1/);
});
