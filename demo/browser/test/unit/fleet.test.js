import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFleet } from '../../build/demo/browser/src/fleet/fleetSnapshot.js';
import { changes, sumUp } from '../../build/demo/browser/src/fleet/fleetSums.js';
import { Feed } from '../../build/demo/browser/src/page/feed.js';
import { fleet } from '../support/fleet.js';

test('a fleet is read as it is', () => {
  const read = readFleet(fleet);
  assert.equal(read.brokers.length, 2);
  assert.deepEqual(read.brokers[0], {
    id: 'b1', name: 'eu-1/100', state: 'ok', version: '1.2.3', seenMs: 0, address: 'http://10.0.0.1:3000', mode: 'queues',
    uptimeMs: 3_720_000, running: 12, waiting: 4, max: 100, refused: 3, p50: 2.4, p99: 48,
  });
  assert.deepEqual(read.runtimes[0].recycled, [{ name: 'age', count: 4 }, { name: 'poisoned', count: 2 }]);
  assert.deepEqual(read.queues.map(({ name, waiting, ageMs }) => [name, waiting, ageMs]), [['secure.default', 4, 1_800], ['strict.partners', 0, 0]]);
  assert.deepEqual(read.tenants.map(({ name }) => name), ['acme', '']);
  assert.equal(read.otherTenants, 3);
});

test('what is no fleet is none', () => {
  for (const other of [undefined, null, 1, 'x', [], {}, { code: 'NOT_FOUND', message: 'no' }, { brokers: {}, runtimes: [] }, { brokers: [] }])
    assert.equal(readFleet(other), undefined);
});

test('each member may be wrong by itself', () => {
  const wrong = [null, -1, Number.NaN, Infinity, 'x', '', [], {}, true, [null, {}], { a: 'b', c: -1 }];
  const copy = structuredClone(fleet);
  let read = 0;
  const walk = (value) => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      for (const other of wrong) {
        const kept = value[key];
        value[key] = other;
        const found = readFleet(copy);
        if (found) {
          read++;
          const sums = sumUp(found);
          assert.ok(Object.values(sums).every((sum) => sum === undefined || (Number.isFinite(sum) && sum >= 0)), JSON.stringify(sums));
        }
        value[key] = kept;
      }
      walk(value[key]);
    }
  };
  walk(copy);
  assert.ok(read > 500, `${read}`);
});

test('lists are no longer than a page can show', () => {
  const many = (item) => Array.from({ length: 5_000 }, (_, i) => ({ ...item, id: `${i}`, name: `${i}` }));
  const read = readFleet(
    { ...fleet, brokers: many(fleet.brokers[0]), runtimes: many(fleet.runtimes[0]), queues: many(fleet.queues[0]), tenants: many(fleet.tenants[0]) });
  assert.deepEqual([read.brokers, read.runtimes, read.queues, read.tenants].map((list) => list.length), [200, 200, 200, 200]);
});

test('sums are of those who speak', () => {
  assert.deepEqual(sumUp(readFleet(fleet)), { running: 8, waiting: 4, free: 7, oldestMs: 1_800, refused: 3, security: 1, silent: 2 });
  assert.deepEqual(
    sumUp(readFleet({ brokers: [], runtimes: [] })), { running: 0, waiting: 0, free: 0, oldestMs: undefined, refused: 0, security: 0, silent: 0 });
});

test('who falls silent, comes, goes, and what happens is said', () => {
  const before = readFleet(fleet);
  assert.deepEqual(changes(before, before), []);
  const after = structuredClone(fleet);
  after.runtimes[0].state = 'silent';
  after.brokers.splice(1, 1);
  after.brokers.push({ ...fleet.brokers[0], id: 'b9', name: 'eu-9/1' });
  after.security = { protocol_violation: 3 };
  assert.deepEqual(
    changes(before, readFleet(after)), ['broker eu-9/1 has appeared', 'broker eu-2/101 is gone', 'runtime run-1/7 is silent', '2 new security events']);
});

test('a token that may not see it is told from one that is missing, and neither is asked with again', async () => {
  for (const [status, kind] of [[401, 'locked'], [403, 'forbidden']]) {
    const told = [];
    const timers = [];
    const page = {
      fetch: async () => new Response('{}', { status }),
      schedule: (callback, delayMs) => {
        timers.push(delayMs);
        return () => timers.splice(timers.indexOf(delayMs), 1);
      },
      isVisible: () => true,
    };
    const feed = new Feed({ path: 'fleet', read: readFleet, subject: 'the state of a fleet' }, page, (state) => told.push(state.kind));
    feed.refresh();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([told, timers], [[kind], []]);
  }
});
