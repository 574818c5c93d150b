import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuse, signal, startBroker } from './support/broker.js';
import { connect, outcome, places } from './support/client.js';

// A stream that is cut after session_init and two chunks.
const cutAfterThree = (x) => x.stream().init().event('stdout', { chunk: 'a' }).event('stdout', { chunk: 'b' }).cut();

test('a stream that was cut goes on after its last event, asked for under both names', async (t) => {
  const broker = await startBroker(t, cutAfterThree, (x) => x.stream(4).event('stdout', { chunk: 'c' }).final({ ok: true, result: 1 }));
  const { client, clock } = connect(broker.url);
  const chunks = [];
  const run = client.execute('x', { sessionId: 's_1', onStdout: (chunk) => chunks.push(chunk) });
  await clock.fire(1000);
  const result = await run;
  assert.deepEqual(outcome(result), { success: true, value: 1 });
  assert.deepEqual(chunks, ['a', 'b', 'c']);
  assert.deepEqual(broker.log, ['POST /sessions', 'GET /sessions/s_1/stream?from=4&fromSeq=4']);
  assert.equal(broker.requests[1].headers.accept, 'application/x-ndjson');
});

test('a stream whose next events are gone goes on with those that are kept', async (t) => {
  const broker = await startBroker(
    t, cutAfterThree, refuse(410, { code: 'EVENTS_EXPIRED' }), (x) => x.stream(7).event('stdout', { chunk: 'f' }).final({ ok: true, result: 1 }));
  const { client, clock } = connect(broker.url);
  const handle = client.executeStream('x', { sessionId: 's_1' });
  await clock.fire(1000);
  await clock.fire(2000);
  assert.deepEqual(outcome(await handle.wait()), { success: true, value: 1 });
  assert.deepEqual(broker.log, ['POST /sessions', 'GET /sessions/s_1/stream?from=4&fromSeq=4', 'GET /sessions/s_1/stream']);
  assert.equal(handle.getGaps().length, 1);
});

test('events that are asked for by their number are refused when they are gone', async (t) => {
  const broker = await startBroker(t, refuse(410, { code: 'EVENTS_EXPIRED' }));
  const { client } = connect(broker.url);
  const { error } = await client.resume('s_1', 3).wait();
  assert.equal(error.status, 410);
});

test('a broker that repeats everything is heard once', async (t) => {
  const broker = await startBroker(t, cutAfterThree,
    (x) => x.stream().init().event('stdout', { chunk: 'a' }).event('stdout', { chunk: 'b' }).event('stdout', { chunk: 'c' }).final({ ok: true, result: 1 }));
  const { client, clock } = connect(broker.url);
  const events = [];
  const run = client.execute('x', { onEvent: (event) => events.push(event) });
  await clock.fire(1000);
  const expected = [[1, 'session_init'], [2, 'stdout'], [3, 'stdout'], [4, 'stdout'], [5, 'final']];
  assert.deepEqual(places((await run).events), expected);
  assert.deepEqual(places(events), expected);
});

test('half an event at a cut is read whole afterwards', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().raw('{"protocolVersion":2,"sess').cut(), (x) => x.stream(2).final({ ok: true, result: 1 }));
  const { client, clock } = connect(broker.url);
  const invalid = [];
  const run = client.execute('x', { onInvalidLine: (line) => invalid.push(line) });
  await clock.fire(1000);
  assert.deepEqual(places((await run).events), [[1, 'session_init'], [2, 'final']]);
});

test('a filter goes along with a request to go on', async (t) => {
  const filter = { mode: 'include', rules: [{ types: { types: ['stdout'] } }] };
  const broker = await startBroker(t, cutAfterThree, (x) => x.stream(4).final({ ok: true }));
  const { client, clock } = connect(broker.url);
  const run = client.execute('x', { filter });
  await clock.fire(1000);
  await run;
  assert.deepEqual(JSON.parse(broker.requests[1].query.get('filter')), filter);
});

test('a stream that ends without a final event is asked for again, and found', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().end(), (x) => x.stream(2).final({ ok: true, result: 1 }));
  const { client, clock } = connect(broker.url);
  const run = client.execute('x');
  await clock.fire(1000);
  assert.deepEqual(outcome(await run), { success: true, value: 1 });
});

test('a stream that never has a final event is PARSE_ERROR after three tries', async (t) => {
  const empty = (x) => x.stream().end();
  const broker = await startBroker(t, (x) => x.stream().init().end(), empty, empty, empty);
  const { client, clock } = connect(broker.url);
  const run = client.execute('x');
  for (const wait of [1000, 2000, 4000]) await clock.fire(wait);
  const result = await run;
  assert.deepEqual(outcome(result), { success: false, error: { code: 'PARSE_ERROR', message: 'The stream ended without a final event' } });
  assert.deepEqual(places(result.events), [[1, 'session_init']]);
});

test('a stream that ended without a final event, and that the broker does not know any more, is PARSE_ERROR at once', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().end(), refuse(404));
  const { client, clock } = connect(broker.url);
  const run = client.execute('x');
  await clock.fire(1000);
  assert.equal((await run).error.code, 'PARSE_ERROR');
});

test('an answer without a body is PARSE_ERROR in the end', async (t) => {
  const broker = await startBroker(t, (x) => x.response.writeHead(204).end());
  const result = await connect(broker.url, { autoReconnect: false }).client.execute('x');
  assert.equal(result.error.code, 'PARSE_ERROR');
});

test('tries that bring something new do not count', async (t) => {
  const more = (seq) => (x) => x.stream(seq).event('stdout', { chunk: '' }).cut();
  const broker = await startBroker(t, cutAfterThree, more(4), more(5), more(6), more(7), (x) => x.stream(8).final({ ok: true, result: 1 }));
  const { client, clock } = connect(broker.url, { maxReconnectAttempts: 1 });
  const run = client.execute('x', { timeout: 0 });
  for (let i = 0; i < 5; i++) await clock.fire(1000);
  assert.equal((await run).value, 1);
});

for (const status of [401, 403, 404, 410, 429]) {
  test(`${status} to a request to go on is RECONNECT_FAILED at once`, async (t) => {
    const broker = await startBroker(t, cutAfterThree, refuse(status, { code: 'NO' }));
    const { client, clock } = connect(broker.url);
    const run = client.execute('x');
    await clock.fire(1000);
    assert.deepEqual((await run).error, { code: 'RECONNECT_FAILED', message: `Reconnection failed: ${status}`, status, reason: 'NO' });
    assert.deepEqual(clock.delays, []);
  });
}

test('503 to a request to go on is asked again', async (t) => {
  const broker = await startBroker(t, cutAfterThree, refuse(503), refuse(500), refuse(502));
  const { client, clock } = connect(broker.url);
  const run = client.execute('x');
  for (const wait of [1000, 2000, 4000]) await clock.fire(wait);
  assert.deepEqual((await run).error, { code: 'RECONNECT_FAILED', message: 'Reconnection failed: 502', status: 502 });
});

test('a broker that is not there is NETWORK_ERROR after three tries', async () => {
  const asked = [];
  const fetch = async (url, init) => {
    asked.push(`${init.method} ${new URL(url).pathname}${new URL(url).search}`);
    throw new TypeError('fetch failed');
  };
  const { client, clock } = connect('http://127.0.0.1:9', { fetch });
  const run = client.execute('x', { sessionId: 's_1' });
  for (const wait of [1000, 2000, 4000]) await clock.fire(wait);
  assert.deepEqual(outcome(await run), { success: false, error: { code: 'NETWORK_ERROR', message: 'fetch failed' } });
  // The script is never sent twice, because the broker may have it.
  assert.deepEqual(asked, ['POST /sessions', ...Array(3).fill('GET /sessions/s_1/stream')]);
});

test('without reconnecting, a loss is told at once', async (t) => {
  const broker = await startBroker(t, cutAfterThree, (x) => x.stream().init().end());
  const { client } = connect(broker.url, { autoReconnect: false });
  assert.equal((await client.execute('x')).error.code, 'NETWORK_ERROR');
  assert.equal((await client.execute('x')).error.code, 'PARSE_ERROR');
  assert.deepEqual(broker.log, ['POST /sessions', 'POST /sessions']);
});

test('a silent connection is replaced: it is gone before the next one is asked for', async (t) => {
  const silent = signal();
  let gone = false;
  const broker = await startBroker(t,
    (x) => {
      x.stream().init();
      x.closed.then(() => (gone = true));
      silent.set();
    },
    async (x) => {
      await broker.requests[0].closed;
      x.stream(2).final({ ok: true, result: 'again' });
    });
  const { client, clock } = connect(broker.url);
  const first = signal();
  const run = client.execute('x', { timeout: 0, onEvent: first.set });
  await silent.promise;
  await first.promise;
  await clock.fire(30_000);
  await clock.fire(1000);
  assert.equal((await run).value, 'again');
  assert.equal(gone, true);
});

test('any line shows that a connection lives', async (t) => {
  const beats = [signal(), signal(), signal()];
  const broker = await startBroker(t, async (x) => {
    const stream = x.stream().init();
    for (const beat of beats) {
      await beat.promise;
      stream.event('stdout', { chunk: '' });
    }
    stream.final({ ok: true, result: 1 });
  });
  const { client, clock } = connect(broker.url);
  const events = client.executeStream('x', { timeout: 0 })[Symbol.asyncIterator]();
  await events.next();
  for (const beat of beats) {
    clock.advance(29_000);
    beat.set();
    await events.next();
  }
  assert.equal((await events.next()).value.type, 'final');
});

test('a run with rare heartbeats may be silent for longer', async (t) => {
  const go = signal();
  const broker = await startBroker(t, async (x) => {
    const stream = x.stream().init();
    await go.promise;
    stream.final({ ok: true, result: 1 });
  });
  const { client, clock } = connect(broker.url);
  const begun = signal();
  const run = client.execute('x', { timeout: 0, limits: { heartbeatIntervalMs: 40_000 }, onEvent: begun.set });
  await begun.promise;
  clock.advance(79_000);
  go.set();
  assert.equal((await run).value, 1);
});

test('a session is gone on with, from an event on', async (t) => {
  const broker = await startBroker(t, (x) => {
    const stream = x.stream().init();
    for (const chunk of ['a', 'b', 'c']) stream.event('stdout', { chunk });
    stream.final({ ok: true, result: 1 });
  });
  const { client } = connect(broker.url);
  const result = await client.resume('s_/1', 3).wait();
  assert.deepEqual(broker.log, ['GET /sessions/s_%2F1/stream?from=3&fromSeq=3']);
  // This broker sends everything; events that were not requested are not reported.
  assert.deepEqual(places(result.events), [[3, 'stdout'], [4, 'stdout'], [5, 'final']]);
  assert.equal(result.sessionId, 's_/1');
});

test('a session is read again from its beginning', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().final({ ok: true, result: 1 }));
  const result = await connect(broker.url).client.resume('s_1').wait();
  assert.deepEqual(broker.log, ['GET /sessions/s_1/stream']);
  assert.equal(result.value, 1);
});

test('a session that the broker does not know cannot be gone on with', async (t) => {
  const broker = await startBroker(t, refuse(404, { code: 'NOT_FOUND', message: 'Session s_1 not found' }));
  const { error } = await connect(broker.url).client.resume('s_1', 2).wait();
  assert.deepEqual(error, { code: 'RECONNECT_FAILED', message: 'Reconnection failed: 404', status: 404, reason: 'NOT_FOUND' });
});

test('a gone-on session that breaks is asked for again', async (t) => {
  const broker = await startBroker(t, (x) => x.stream(7).event('stdout', { chunk: '' }).cut(), (x) => x.stream(8).final({ ok: true, result: 1 }));
  const { client, clock } = connect(broker.url);
  const run = client.resume('s_1', 7).wait();
  await clock.fire(1000);
  assert.equal((await run).value, 1);
  assert.deepEqual(broker.log.at(-1), 'GET /sessions/s_1/stream?from=8&fromSeq=8');
});
