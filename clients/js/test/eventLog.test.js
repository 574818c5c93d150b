import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventLog } from '../dist/eventLog.js';
import { envelope } from './support/events.js';

const event = (seq) => envelope('stdout', { chunk: '' }, seq);
const seqs = (events) => events.map((e) => e.seq);

test('the newest events are kept, by count and by bytes', () => {
  const byCount = new EventLog({ maxEvents: 2, maxBytes: 1000 });
  for (const seq of [1, 2, 3]) byCount.push(event(seq), 1);
  assert.deepEqual([seqs(byCount.snapshot()), byCount.dropped], [[2, 3], 1]);

  const byBytes = new EventLog({ maxEvents: 10, maxBytes: 100 });
  for (const seq of [1, 2, 3]) byBytes.push(event(seq), 40);
  assert.deepEqual([seqs(byBytes.snapshot()), byBytes.dropped], [[2, 3], 1]);
});

test('the newest event is kept whatever its size', () => {
  const log = new EventLog({ maxEvents: 10, maxBytes: 100 });
  log.push(event(1), 40);
  log.push(event(2), 500);
  assert.deepEqual(seqs(log.snapshot()), [2]);
});

test('a reader has what is kept, then what comes, then the end', async () => {
  const log = new EventLog({ maxEvents: 10, maxBytes: 100 });
  log.push(event(1), 1);
  const reader = log.read();
  const waiting = [reader.next(), reader.next(), reader.next()];
  log.push(event(2), 1);
  log.end();
  assert.deepEqual((await Promise.all(waiting)).map((r) => r.value?.seq), [1, 2, undefined]);
  assert.equal((await log.read().next()).value.seq, 1);
});

test('a failure comes after the events, once', async () => {
  const log = new EventLog({ maxEvents: 10, maxBytes: 100 });
  log.push(event(1), 1);
  log.end(new Error('lost'));
  const reader = log.read();
  assert.equal((await reader.next()).value.seq, 1);
  await assert.rejects(reader.next(), /lost/);
  assert.equal((await reader.next()).done, true);
});

for (const [what, bounds, bytes] of [
  ['events', { maxEvents: 2, maxBytes: 1000 }, 1], ['bytes', { maxEvents: 100, maxBytes: 100 }, 60], ['no bytes', { maxEvents: 100, maxBytes: 0 }, 1]]) {
  test(`a reader that lags by more than its ${what} holds the log back until it catches up`, async () => {
    const log = new EventLog(bounds);
    const reader = log.read();
    assert.equal(log.room(), undefined);
    log.push(event(1), bytes);
    log.push(event(2), bytes);
    let roomy = false;
    const room = log.room().then(() => (roomy = true));
    await Promise.resolve();
    assert.equal(roomy, false);
    await reader.next();
    await reader.next();
    await room;
    assert.equal(log.room(), undefined);
  });
}

test('a reader that leaves holds nothing back', async () => {
  const log = new EventLog({ maxEvents: 1, maxBytes: 100 });
  const reader = log.read();
  log.push(event(1), 1);
  const room = log.room();
  await reader.return();
  await room;
  assert.equal(log.room(), undefined);
  assert.equal((await reader.next()).done, true);
});

test('the end of a log frees whoever waits for room', async () => {
  const log = new EventLog({ maxEvents: 1, maxBytes: 100 });
  log.read();
  log.push(event(1), 1);
  const room = log.room();
  log.end();
  await room;
});
