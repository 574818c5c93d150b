import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logScale, minuteOf, percentile, slots } from '../../build/demo/browser/src/pool/chartScale.js';
import { readPool } from '../../build/demo/browser/src/pool/poolSnapshot.js';

const feed = {
  time: 1790000000000, mode: 'embedded', level: 'standard', uptime: 12345,
  sessions: { active: 1, total: 20, max: 100 },
  limits: { sessionTtlMs: 60000, maxToolCalls: 50, maxStdoutBytes: 262144, maxToolResultBytes: 5242880, toolTimeoutMs: 30000 },
  seconds: [{ at: 1790000000, sessions: 3, failed: 1, p50: 1.2, p99: 8.0 }, { at: 1790000001, sessions: 0, failed: 0, p50: null, p99: null }],
  codes: { OK: 12, TIMEOUT: 1 },
  places: [{
    name: 'this process', status: 'ok', sessions: { active: 1, max: 10 },
    pool: { workers: 4, active: 1, idle: 3, starting: 0, queue: 0, submitted: 10, settled: 9, recycled: { poisoned: 2 } },
    isolation: { available: true, workers: 4,
      layers: [{ layer: 'namespaces', requirement: 'mandatory', status: 'active', active: 4, method: 'looked from outside', detail: 'bubblewrap' }] },
  }],
};

test('a feed is read as it is', () => {
  const pool = readPool(feed);
  assert.equal(pool.mode, 'embedded');
  assert.deepEqual(pool.sessions, { active: 1, total: 20, max: 100 });
  assert.deepEqual(pool.limits, { sessionTtlMs: 60000, maxToolCalls: 50, maxStdoutBytes: 262144 });
  assert.deepEqual(pool.seconds[0], { at: 1790000000, sessions: 3, failed: 1, p50: 1.2, p99: 8 });
  assert.deepEqual(pool.seconds[1], { at: 1790000001, sessions: 0, failed: 0, p50: undefined, p99: undefined });
  assert.deepEqual(pool.codes, [{ name: 'OK', count: 12 }, { name: 'TIMEOUT', count: 1 }]);
  assert.deepEqual(pool.places[0].pool.recycled, [{ name: 'poisoned', count: 2 }]);
  assert.deepEqual(pool.places[0].isolation.layers[0],
    { layer: 'namespaces', requirement: 'mandatory', status: 'active', active: 4, method: 'looked from outside', detail: 'bubblewrap' });
});

test('a runtime tells neither of its pool nor of its isolation', () => {
  const pool = readPool({ ...feed, mode: 'runtimes',
    places: [{ name: 'ws://127.0.0.1:4001/', status: 'unreachable', message: 'refused', sessions: { active: 0, max: 10 }, pool: null, isolation: null }] });
  assert.deepEqual(pool.places, [{ name: 'ws://127.0.0.1:4001/',
    status: 'unreachable', message: 'refused', level: undefined, sessions: { active: 0, total: undefined, max: 10 }, pool: undefined, isolation: undefined }]);
});

test('what is no feed is none', () => {
  for (const other of [undefined, null, 1, 'x', [], {}, { code: 'NOT_FOUND', message: 'no' }, { sessions: 3, places: 'x', seconds: {} }])
    assert.equal(readPool(other), undefined);
});

test('each member may be wrong by itself', () => {
  const wrong = [null, -1, Number.NaN, Infinity, 'x', [], {}, true, [null], { a: 'b' }];
  const walk = (value, change) => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      for (const other of wrong) {
        const kept = value[key];
        value[key] = other;
        change();
        value[key] = kept;
      }
      walk(value[key], change);
    }
  };
  const copy = structuredClone(feed);
  let read = 0;
  walk(copy, () => {
    const pool = readPool(copy);
    read++;
    assert.ok(pool);
    assert.ok(pool.seconds.every((second) => second.failed <= second.sessions));
    assert.ok(pool.codes.every(({ count }) => count > 0 && Number.isFinite(count)));
  });
  assert.ok(read > 400, `${read} broken feeds`);
});

test('a feed of any length is bounded', () => {
  const many = (length, item) => Array.from({ length }, (_, i) => item(i));
  const pool = readPool({
    ...feed,
    level: 'x'.repeat(10_000),
    seconds: many(5000, (at) => ({ at, sessions: 1, failed: 9, p50: 1, p99: 2 })),
    codes: Object.fromEntries(many(5000, (i) => [`CODE_${i}`, 1])),
    places: many(5000, () => ({ ...feed.places[0], isolation: { layers: many(5000, () => ({ layer: 'x' })) } })),
  });
  assert.equal(pool.level.length, 400);
  assert.deepEqual([pool.seconds.length, pool.seconds.at(-1).at, pool.seconds[0].failed], [60, 4999, 1]);
  assert.deepEqual([pool.codes.length, pool.places.length, pool.places[0].isolation.layers.length], [65, 32, 32]);
});

test('names of a feed may be those of every object', () => {
  const pool = readPool(JSON.parse('{"sessions":{},"codes":{"__proto__":3,"constructor":2,"toString":1}}'));
  assert.deepEqual(pool.codes, [{ name: '__proto__', count: 3 }, { name: 'constructor', count: 2 }, { name: 'toString', count: 1 }]);
});

test('a scale holds its values between powers of ten', () => {
  const scale = logScale([1.2, 8, 350]);
  assert.deepEqual([scale.low, scale.high, scale.ticks], [1, 1000, [1, 10, 100, 1000]]);
  assert.equal(scale.share(1), 0);
  assert.equal(scale.share(1000), 1);
  assert.ok(Math.abs(scale.share(10) - 1 / 3) < 1e-9);
  assert.deepEqual(logScale([]).ticks, [1, 10, 100]);
  assert.deepEqual(logScale([5]).ticks, [1, 10, 100]);
  assert.deepEqual(logScale([0, 0.01]).ticks, [0.1, 1, 10]);
  assert.equal(logScale([0]).share(0), 0);
  assert.equal(scale.share(1e9), 1);
  assert.ok(logScale([1, Number.NaN, Infinity]).ticks.every(Number.isFinite));
});

test('seconds stand in their places, also where some are missing', () => {
  const second = (at) => ({ at, sessions: 1, failed: 0, p50: 1, p99: 1 });
  assert.deepEqual(slots([second(100), second(103)], 5).map((found) => found?.at), [undefined, 100, undefined, undefined, 103]);
  assert.deepEqual(slots([], 2), [undefined, undefined]);
  assert.deepEqual(slots([second(1), second(100.5), second(100)], 3).map((found) => found?.at), [undefined, undefined, 100.5]);
});

test('percentiles by the nearest rank', () => {
  const values = [5, 1, 4, 2, 3];
  assert.deepEqual([0, 0.2, 0.5, 0.99, 1].map((share) => percentile(values, share)), [1, 1, 3, 5, 5]);
  assert.deepEqual(values, [5, 1, 4, 2, 3]);
  assert.equal(percentile([], 0.5), undefined);
});

test('a minute', () => {
  const second = (sessions, failed, p50, p99) => ({ at: 0, sessions, failed, p50, p99 });
  assert.deepEqual(minuteOf([second(3, 1, 1, 8), second(0, 0, undefined, undefined), second(2, 0, 3, 40), second(1, 0, 2, 2)]),
    { sessions: 6, failed: 1, typical: 2, slowest: 40 });
  assert.deepEqual(minuteOf([]), { sessions: 0, failed: 0, typical: undefined, slowest: undefined });
});
