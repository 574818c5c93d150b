import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, count, cut, duration, many, stopwatch } from '../../build/demo/browser/src/page/format.js';
import { printable, printableCut, printableLine } from '../../build/demo/browser/src/page/printable.js';
import { preview } from '../../build/demo/browser/src/result/preview.js';

const plain = (text) => text.replaceAll('\u00a0', ' ');

test('durations', () => {
  assert.equal(duration(12), '12\u00a0ms');
  const told = [0, 0.04, 0.25, 9.94, 12.4, 999.4, 999.6, 1204, 59_999, 60_000, 123_000, 11_520_000, 187_200_000].map(duration).map(plain);
  assert.deepEqual(told, ['0 ms', '0 ms', '0.3 ms', '9.9 ms', '12 ms', '999 ms', '1 s', '1.204 s', '59.999 s', '1 min', '2 min 3 s', '3 h 12 min', '2 d 4 h']);
  assert.equal(plain(stopwatch(1204.4)), '1.204 s');
});

test('sizes and numbers', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 262_144, 1_048_575, 5_242_880, 3e15].map(bytes).map(plain),
    ['0 B', '1,023 B', '1 KB', '1.5 KB', '256 KB', '1 MB', '5 MB', '2728.5 TB']);
  assert.equal(count(1234567), '1,234,567');
  assert.deepEqual([many(1, 'line'), many(2, 'line'), many(0, 'tool call')], ['1 line', '2 lines', '0 tool calls']);
});

test('a cut does not part a pair', () => {
  assert.equal(cut('ab😀', 3), 'ab');
  assert.equal(cut('ab😀', 4), 'ab😀');
});

test('what acts or hides is spelled out', () => {
  assert.equal(printable('a\tb\nc'), 'a\tb\nc');
  assert.equal(printable('\u0000\u007f\u0085\u200b\u2066\ufeff\ud800x'), '\\u0000\\u007f\\u0085\\u200b\\u2066\\ufeff\\ud800x');
  assert.equal(printable('\u{e0041}'), '\\u{e0041}');
  assert.equal(printableLine('a\nb\tc'), 'a\\nb\\tc');
  assert.equal(printableCut('abcdef', 3), 'abc…');
  assert.equal(printableCut('abc', 3), 'abc');
});

test('writing of all kinds stays as it is', () => {
  for (const text of ['Zürich', 'Анна', '日本語', '👩‍👩‍👧', 'نامه‌ای', '<b>bold</b>']) assert.equal(printable(text), text);
});

test('a preview says what fits, and reads no more than that', () => {
  assert.equal(preview({ status: 'open', limit: 6 }, 80), '{ status: "open", limit: 6 }');
  assert.equal(preview([1, [], {}, null, true, undefined], 80), '[1, [], {}, null, true, undefined]');
  assert.equal(preview('x'.repeat(100), 10), '"xxxxxxxxx…');
  assert.equal(preview({ a: { b: { c: { d: { e: { f: { g: 1 } } } } } } }, 80), '{ a: { b: { c: { d: { e: { f: {…} } } } } } }');
  let read = 0;
  const counted = new Proxy(new Array(1_000_000).fill(1), { get: (target, key) => (typeof key === 'string' && /^\d+$/.test(key) && read++, target[key]) });
  assert.ok(preview(counted, 30).startsWith('[1, 1, 1'));
  assert.ok(read < 50, `${read} elements were read`);
});
