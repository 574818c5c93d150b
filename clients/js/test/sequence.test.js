import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffDelay } from '../dist/backoff.js';
import { Watchdog } from '../dist/clock.js';
import { identityOf, SequenceTracker } from '../dist/sequence.js';
import { ManualClock } from './support/clock.js';
import { envelope } from './support/events.js';

test('an event that comes again is known', () => {
  const sequence = new SequenceTracker();
  assert.deepEqual([1, 2, 2, 1, 3].map((seq) => sequence.receive(seq, 'stdout')), [true, true, false, false, true]);
  assert.equal(sequence.last, 3);
  assert.equal(sequence.received, 3);
});

test('events that share a number are told apart by what they are', () => {
  const sequence = new SequenceTracker();
  const counted = [
    envelope('tool_result_applied', { callId: 'a' }, 3),
    envelope('tool_call', { callId: 'b' }, 3),
    envelope('tool_result_applied', { callId: 'b' }, 4),
    envelope('final', { ok: true }, 4),
  ];
  const receive = () => counted.map((event) => sequence.receive(event.seq, identityOf(event)));
  assert.deepEqual(receive(), [true, true, true, true]);
  assert.deepEqual(receive(), [false, false, false, false]);
});

test('what is below the first wanted number counts as seen', () => {
  const sequence = new SequenceTracker(4);
  assert.deepEqual([1, 3, 4, 5].map((seq) => sequence.receive(seq, 'x')), [false, false, true, true]);
  assert.deepEqual(sequence.gaps, []);
});

test('missing numbers are told, up to a bound', () => {
  const sequence = new SequenceTracker(undefined, 2);
  for (const seq of [5, 6, 9, 12, 20]) sequence.receive(seq, 'x');
  assert.deepEqual(sequence.gaps, [{ start: 7, end: 8 }, { start: 10, end: 11 }]);
});

test('a late number is new, and what is too far behind is a repeat', () => {
  const sequence = new SequenceTracker();
  sequence.receive(1, 'x');
  sequence.receive(2000, 'x');
  assert.equal(sequence.receive(1999, 'x'), true);
  assert.equal(sequence.receive(2000 - SequenceTracker.window, 'x'), false);
  assert.equal(sequence.last, 2000);
});

test('a tracker holds no more than its window', () => {
  const sequence = new SequenceTracker();
  for (let seq = 1; seq <= 10 * SequenceTracker.window; seq++) assert.equal(sequence.receive(seq, 'x'), true);
  assert.equal(sequence.receive(1, 'x'), false);
});

test('waits double up to 30 s and vary by 30 %', () => {
  const waits = (random) => [0, 1, 2, 3, 4, 5, 6].map((n) => backoffDelay(n, { initialDelayMs: 1000 }, () => random));
  assert.deepEqual(waits(0.5), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  assert.deepEqual(waits(0), [700, 1400, 2800, 5600, 11200, 21000, 21000]);
  assert.equal(waits(1 - Number.EPSILON)[6], 39000);
});

test('a watchdog barks after silence, and not before', () => {
  const clock = new ManualClock();
  let barks = 0;
  const watchdog = new Watchdog(clock, 100, () => barks++);
  watchdog.start();
  clock.advance(99);
  watchdog.touch();
  clock.advance(99);
  assert.equal(barks, 0);
  clock.advance(1);
  assert.equal(barks, 1);
  clock.advance(1000);
  assert.equal(barks, 1);
});

test('a stopped watchdog, and one of no time, leave no timer', () => {
  const clock = new ManualClock();
  const watchdog = new Watchdog(clock, 100, assert.fail);
  watchdog.start();
  watchdog.stop();
  new Watchdog(clock, 0, assert.fail).start();
  assert.deepEqual(clock.delays, []);
});
