import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeAxis } from '../../build/demo/browser/src/timeline/axis.js';
import { TimelineState } from '../../build/demo/browser/src/timeline/timelineState.js';

const states = (timeline) => timeline.calls.map((call) => call.state);

test('a call runs until it is applied', () => {
  const timeline = new TimelineState(10);
  timeline.begin('c_1', 'orders:list', { status: 'open' }, 3);
  assert.deepEqual([timeline.running, states(timeline)], [1, ['running']]);
  timeline.applied('c_1', 15);
  assert.deepEqual(timeline.calls, [{ number: 1, id: 'c_1', tool: 'orders:list', args: '{ status: "open" }', begun: 3, ended: 15, state: 'answered' }]);
  timeline.end({ ok: true, code: undefined }, 20);
  assert.deepEqual(states(timeline), ['answered']);
});

test('the call whose failure ended the script has failed', () => {
  const timeline = new TimelineState(10);
  timeline.begin('c_1', 'a', {}, 0);
  timeline.applied('c_1', 5);
  timeline.begin('c_2', 'b', {}, 6);
  timeline.applied('c_2', 9);
  timeline.end({ ok: false, code: 'TOOL_ERROR' }, 10);
  assert.deepEqual(states(timeline), ['answered', 'failed']);
});

test('of several calls that came back with the failure none is accused', () => {
  const timeline = new TimelineState(10);
  timeline.begin('c_1', 'a', {}, 0);
  timeline.begin('c_2', 'b', {}, 0);
  timeline.applied('c_1', 9);
  timeline.applied('c_2', 9);
  timeline.end({ ok: false, code: 'TOOL_ERROR' }, 10);
  assert.deepEqual(states(timeline), ['ended', 'ended']);
});

test('a call that the end of the session cut short is told from one that was answered long before', () => {
  const cutShort = new TimelineState(10);
  cutShort.begin('c_1', 'report:render', { seconds: 15 }, 2);
  cutShort.applied('c_1', 2000);
  cutShort.end({ ok: false, code: 'TIMEOUT' }, 2001);
  assert.deepEqual(states(cutShort), ['ended']);

  const answered = new TimelineState(10);
  answered.begin('c_1', 'orders:list', {}, 2);
  answered.applied('c_1', 10);
  answered.end({ ok: false, code: 'TIMEOUT' }, 2000);
  assert.deepEqual(states(answered), ['answered']);

  const console = new TimelineState(10);
  console.begin('c_1', 'orders:list', {}, 2);
  console.applied('c_1', 10);
  console.somethingElse();
  console.end({ ok: false, code: 'OUTPUT_LIMIT' }, 11);
  assert.deepEqual(states(console), ['answered']);
});

test('without another word from the broker the end cuts off what runs', () => {
  const timeline = new TimelineState(10);
  timeline.begin('c_1', 'a', {}, 4);
  timeline.end({ ok: false, code: 'CANCELLED' }, 90);
  assert.deepEqual(timeline.calls.map(({ state, ended }) => [state, ended]), [['ended', 90]]);
});

test('the newest calls are kept', () => {
  const timeline = new TimelineState(3);
  for (let i = 1; i <= 5; i++) timeline.begin(`c_${i}`, 'a', {}, i);
  timeline.applied('c_1', 9);
  assert.deepEqual([timeline.calls.map((call) => call.number), timeline.total, timeline.dropped], [[3, 4, 5], 5, 2]);
});

test('names and arguments are bounded and harmless', () => {
  const timeline = new TimelineState(3);
  timeline.begin('c_1', `x\u001b${'y'.repeat(500)}`, { text: 'z'.repeat(100_000) }, -5);
  const [call] = timeline.calls;
  assert.ok(call.tool.startsWith('x␛') && call.tool.length <= 82);
  assert.ok(call.args.length <= 162);
  assert.equal(call.begun, 0);
});

test('an axis ends at a round time with marks at round times', () => {
  for (const [longest, end, marks] of [[0, 1, 4], [3, 3, 3], [15, 15, 3], [97, 100, 4], [1204, 1500, 3], [15_002, 20_000, 4], [61_000, 80_000, 4]]) {
    const axis = timeAxis(longest);
    assert.equal(axis.end, end, `axis for ${longest}`);
    assert.equal(axis.ticks.length, marks + 1, `marks for ${longest}`);
    assert.equal(axis.ticks[0].share, 0);
    assert.equal(axis.ticks.at(-1).share, 1);
  }
});
