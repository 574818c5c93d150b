import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnclaveClientError } from '../dist/index.js';
import { refuse, session, signal, startBroker } from './support/broker.js';
import { connect, outcome, places } from './support/client.js';

const running = (x) => void x.stream().init();
const taken = refuse(200, { success: true });
const cancelledWith = (message) => ({ success: false, error: { code: 'CANCELLED', message } });

// Starts a run and waits for its first event.
async function begin(client, options = {}) {
  const begun = signal();
  const handle = client.executeStream('x', { sessionId: 's_1', ...options, onEvent: begun.set });
  await begun.promise;
  return handle;
}

test('cancel ends a run as CANCELLED, and the session at the broker', async (t) => {
  const broker = await startBroker(t, running, taken);
  const { client, clock } = connect(broker.url);
  const handle = await begin(client);
  await handle.cancel();
  const result = await handle.wait();
  assert.deepEqual(outcome(result), cancelledWith('Session cancelled'));
  assert.deepEqual(places(result.events), [[1, 'session_init']]);
  assert.deepEqual([broker.log[1], broker.requests[1].json], ['POST /sessions/s_1/cancel', {}]);
  assert.equal(handle.isActive(), false);
  assert.deepEqual(clock.delays, []);
});

test('cancel with a reason gives it to both', async (t) => {
  const broker = await startBroker(t, running, taken);
  const handle = await begin(connect(broker.url).client);
  await handle.cancel('no longer needed');
  assert.deepEqual(outcome(await handle.wait()), cancelledWith('no longer needed'));
  assert.deepEqual(broker.requests[1].json, { reason: 'no longer needed' });
  assert.equal(broker.requests[1].headers['content-type'], 'application/json');
});

for (const status of [404, 405]) {
  test(`a broker that answers ${status} to a cancel is asked to delete`, async (t) => {
    const broker = await startBroker(t, running, refuse(status), taken);
    const handle = await begin(connect(broker.url).client);
    await handle.cancel();
    assert.deepEqual(broker.log, ['POST /sessions', 'POST /sessions/s_1/cancel', 'DELETE /sessions/s_1']);
  });
}

test('the result does not wait for the broker', async (t) => {
  const go = signal();
  const broker = await startBroker(t, running, async (x) => {
    await go.promise;
    taken(x);
  });
  const handle = await begin(connect(broker.url).client);
  const cancelled = handle.cancel();
  assert.equal((await handle.wait()).error.code, 'CANCELLED');
  go.set();
  await cancelled;
});

test('a broker that does not answer a cancel holds nobody up', async (t) => {
  const asked = signal();
  const broker = await startBroker(t, running, asked.set);
  const { client, clock } = connect(broker.url);
  const handle = await begin(client);
  const cancelled = handle.cancel();
  await asked.promise;
  await clock.fire(5_000);
  await cancelled;
  assert.deepEqual(clock.delays, []);
});

test('a cancel that fails at the broker fails for nobody', async (t) => {
  const broker = await startBroker(t, running, refuse(500));
  const handle = await begin(connect(broker.url).client);
  await handle.cancel();
  assert.equal((await handle.wait()).error.code, 'CANCELLED');
});

test('cancel after the end does nothing', async (t) => {
  const broker = await startBroker(t, session(1));
  const handle = connect(broker.url).client.executeStream('x');
  await handle.wait();
  await handle.cancel('late');
  assert.deepEqual(outcome(await handle.wait()), { success: true, value: 1 });
});

test('cancel while the connection is being replaced', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().cut(), taken);
  const { client, clock } = connect(broker.url);
  const handle = await begin(client);
  await clock.scheduled(1000);
  await handle.cancel();
  assert.equal((await handle.wait()).error.code, 'CANCELLED');
  assert.deepEqual(clock.delays, []);
});

test('cancel inside a handler tells no more events', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().event('stdout', { chunk: 'a' }).event('stdout', { chunk: 'b' }).final({ ok: true }), taken);
  const { client } = connect(broker.url);
  const chunks = [];
  let cancelled;
  const handle = client.executeStream('x', {
    onStdout: (chunk) => {
      chunks.push(chunk);
      cancelled = handle.cancel();
    },
  });
  assert.equal((await handle.wait()).error.code, 'CANCELLED');
  await cancelled;
  assert.deepEqual(chunks, ['a']);
});

test('the client cancels its own runs, and those of others at the broker', async (t) => {
  const broker = await startBroker(t, running, taken, taken, refuse(404), refuse(404));
  const { client } = connect(broker.url);
  const handle = await begin(client);
  assert.equal(await client.cancelSession('s_1', 'enough'), true);
  assert.deepEqual(outcome(await handle.wait()), cancelledWith('enough'));
  assert.equal(await client.cancelSession('s_other'), true);
  assert.equal(await client.cancelSession('s_gone'), false);
});

test('a signal that aborts cancels', async (t) => {
  const asked = signal();
  const broker = await startBroker(t, running, (x) => {
    taken(x);
    asked.set(x);
  });
  const abort = new AbortController();
  const handle = await begin(connect(broker.url).client, { signal: abort.signal });
  abort.abort();
  assert.deepEqual(outcome(await handle.wait()), cancelledWith('Session cancelled'));
  assert.deepEqual((await asked.promise).json, {});
});

for (const [reason, message] of [
  ['user left', 'user left'], [new Error('too slow'), 'too slow'], [undefined, 'Session cancelled'], [42, 'Session cancelled']]) {
  test(`a signal that aborted before: ${message} from ${typeof reason}`, async () => {
    const { client, clock } = connect('http://127.0.0.1:9', { fetch: assert.fail });
    assert.deepEqual(outcome(await client.execute('x', { signal: AbortSignal.abort(reason) })), cancelledWith(message));
    assert.deepEqual(clock.delays, []);
  });
}

test('a signal that aborts before the broker answers', async (t) => {
  const asked = signal();
  const stopped = signal();
  const broker = await startBroker(t, asked.set, refuse(404), (x) => {
    refuse(404)(x);
    stopped.set();
  });
  const abort = new AbortController();
  const run = connect(broker.url).client.execute('x', { signal: abort.signal });
  await asked.promise;
  abort.abort();
  assert.equal((await run).error.code, 'CANCELLED');
  await stopped.promise;
});

test('a run leaves nothing at its signal', async (t) => {
  const broker = await startBroker(t, session(1));
  const abort = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = abort.signal;
  abort.signal.addEventListener = (...args) => (listeners++, addEventListener.apply(abort.signal, args));
  abort.signal.removeEventListener = (...args) => (listeners--, removeEventListener.apply(abort.signal, args));
  await connect(broker.url).client.execute('x', { signal: abort.signal });
  assert.equal(listeners, 0);
});

test('a run that takes too long is TIMEOUT, and ends at the broker', async (t) => {
  const asked = signal();
  const broker = await startBroker(t, running, (x) => {
    taken(x);
    asked.set(x);
  });
  const { client, clock } = connect(broker.url, { heartbeatTimeout: 0 });
  const handle = await begin(client);
  clock.advance(59_999);
  assert.equal(handle.isActive(), true);
  clock.advance(1);
  const result = await handle.wait();
  assert.deepEqual(outcome(result), { success: false, error: { code: 'TIMEOUT', message: 'No result within 60000 ms' } });
  assert.equal(result.stats.durationMs, 60_000);
  assert.deepEqual((await asked.promise).json, { reason: 'No result within 60000 ms' });
});

test('a broker that accepts and says nothing is TIMEOUT', async (t) => {
  const asked = signal();
  const stopped = signal();
  const broker = await startBroker(t, asked.set, (x) => {
    taken(x);
    stopped.set();
  });
  const { client, clock } = connect(broker.url, { timeout: 500 });
  const run = client.execute('x');
  await asked.promise;
  await clock.fire(500);
  assert.equal((await run).error.code, 'TIMEOUT');
  await stopped.promise;
});

test('the time of a run is its own, or long enough for its session', async (t) => {
  const wait = async (config, options) => {
    const { client, clock } = connect('http://127.0.0.1:9', { ...config, fetch: () => new Promise(() => {}), heartbeatTimeout: 0 });
    void client.execute('x', options);
    await new Promise(setImmediate);
    return clock.delays;
  };
  assert.deepEqual(await wait({}, {}), [60_000]);
  assert.deepEqual(await wait({ timeout: 10 }, {}), [10]);
  assert.deepEqual(await wait({ timeout: 10 }, { timeout: 20 }), [20]);
  assert.deepEqual(await wait({ timeout: 10 }, { timeout: 0 }), []);
  assert.deepEqual(await wait({ timeout: 0 }, { limits: { sessionTtlMs: 5 } }), []);
  assert.deepEqual(await wait({}, { limits: { sessionTtlMs: 5 } }), [60_000]);
  assert.deepEqual(await wait({}, { limits: { sessionTtlMs: 120_000 } }), [125_000]);
  assert.deepEqual(await wait({}, { limits: { sessionTtlMs: 120_000 }, timeout: 7 }), [7]);
});

test('a line that is too long ends the run and the session', async (t) => {
  const asked = signal();
  const broker = await startBroker(t, (x) => x.stream().init().event('stdout', { chunk: 'y'.repeat(3000) }), (x) => {
    taken(x);
    asked.set(x);
  });
  const result = await connect(broker.url, { maxLineBytes: 2048 }).client.execute('x');
  assert.deepEqual(outcome(result), { success: false, error: { code: 'PARSE_ERROR', message: 'line 2 of the stream is longer than 2048 bytes' } });
  assert.equal((await asked.promise).path, `/sessions/${broker.requests[0].json.sessionId}/cancel`);
});

test('a handler that throws ends the run with what it threw, and tells no more', async (t) => {
  const asked = signal();
  const broker = await startBroker(t, (x) => x.stream().init().event('stdout', { chunk: 'a' }).event('stdout', { chunk: 'b' }).final({ ok: true }), (x) => {
    taken(x);
    asked.set(x);
  });
  let calls = 0;
  const mistake = new RangeError('mine');
  const handle = connect(broker.url).client.executeStream('x', {
    onStdout: () => {
      calls++;
      throw mistake;
    },
  });
  await assert.rejects(handle.wait(), (error) => error === mistake);
  await asked.promise;
  assert.equal(calls, 1);
  assert.equal(handle.isActive(), false);
});

test('an iteration of a run that ends without a final event throws why', async (t) => {
  const broker = await startBroker(t, running, taken, refuse(401, { code: 'UNAUTHORIZED' }));
  const { client } = connect(broker.url);
  const handle = client.executeStream('x', { sessionId: 's_1' });
  const seen = [];
  await assert.rejects(async () => {
    for await (const event of handle) {
      seen.push(event.type);
      await handle.cancel('enough');
    }
  }, (error) => error instanceof EnclaveClientError && error.code === 'CANCELLED' && error.message === 'enough');
  assert.deepEqual(seen, ['session_init']);

  await assert.rejects(async () => {
    for await (const _ of client.executeStream('x')) assert.fail();
  }, { name: 'EnclaveClientError', code: 'SESSION_ERROR', status: 401, reason: 'UNAUTHORIZED' });
});

test('leaving an iteration does not end the run', async (t) => {
  const go = signal();
  const broker = await startBroker(t, async (x) => {
    const stream = x.stream().init();
    await go.promise;
    for (let i = 0; i < 50; i++) stream.event('stdout', { chunk: '' });
    stream.final({ ok: true, result: 1 });
  });
  const handle = connect(broker.url, { maxEvents: 2 }).client.executeStream('x');
  for await (const _ of handle) break;
  go.set();
  assert.equal((await handle.wait()).value, 1);
});

test('a broker that holds its answer open after the result holds nobody up', async (t) => {
  const broker = await startBroker(t, (x) => void x.stream().init().event('final', { ok: true, result: 1 }));
  const { client, clock } = connect(broker.url);
  assert.equal((await client.execute('x')).value, 1);
  await clock.fire(1000);
  await broker.requests[0].closed;
  assert.deepEqual(clock.delays, []);
});

test('what comes after the result is not told', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().event('final', { ok: true, result: 1 }).event('stdout', { chunk: 'late' }).final({ ok: false }));
  const result = await connect(broker.url).client.execute('x', { onStdout: assert.fail });
  assert.deepEqual(outcome(result), { success: true, value: 1 });
  assert.equal(result.events.length, 2);
});
