import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Feed } from '../../build/demo/browser/src/page/feed.js';
import { moment, preciseMoment } from '../../build/demo/browser/src/page/format.js';
import { RunActions } from '../../build/demo/browser/src/runs/runActions.js';
import { RunQuery } from '../../build/demo/browser/src/runs/runQuery.js';
import { readRun, readRuns } from '../../build/demo/browser/src/runs/runSnapshots.js';
import { RunTimeline } from '../../build/demo/browser/src/runs/runTimeline.js';
import { change, dueWords, entryDetails, entryWord, runWords, waitsWords } from '../../build/demo/browser/src/runs/runWords.js';
import { now, runs } from '../support/runs.js';

const page = { time: now, runs };
/** A run with a journal of some entries, as a broker answers from one of them on. */
const journal = (entries, from, name = 'j') => {
  const count = Math.max(0, Math.min(500, entries - from + 1));
  const timeline = Array.from({ length: count }, (_, i) => ({ number: from + i, type: 'printed', text: `${name} ${from + i}` }));
  return readRun({ ...runs[0], journal: name, entries, timeline });
};
const fromOf = (timeline) => Number(new URLSearchParams(timeline.path.split('?')[1]).get('from'));
/** Requests until nothing is missing. */
const load = (timeline, entries, name) => timeline.take(journal(entries, fromOf(timeline), name));
const numbers = (timeline) => [timeline.entries[0]?.number, timeline.entries.at(-1)?.number, timeline.entries.length];

test('runs are read as they are', () => {
  const read = readRuns(page);
  assert.deepEqual(read.runs.map(({ name, tenant, state, outcome }) => [name, tenant, state, outcome]), [
    ['pay-1', 'shop', 'suspended', undefined], ['done', undefined, 'ended', 'OK'], ['busy', 'bank', 'running', undefined],
    ['trip', undefined, 'compensating', 'RUNTIME_ERROR']]);
  assert.deepEqual(read.runs[0].waits.map(({ kind, name, token }) => [kind, name, token]), [
    ['approval', 'pay', 'token-of-approval'], ['signal', 'colour', 'token-of-signal'], ['time', undefined, undefined]]);
  const detail = readRun(runs[0]);
  assert.deepEqual(detail.timeline.map((entry) => entry.number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.equal(detail.timeline[4].args, '{"amount":5}');
});

test('what are no runs are none', () => {
  for (const other of [undefined, null, 1, 'x', [], {}, { code: 'NOT_FOUND', message: 'no' }, { runs: {} }]) {
    assert.equal(readRuns(other), undefined);
    assert.equal(readRun(other), undefined);
  }
});

test('each member may be wrong by itself, and what is read can be shown', () => {
  const wrong = [null, -1, Number.NaN, Infinity, 1e300, 9e15, 'x', '', [], {}, true, [null, {}], '\ud800', 'x'.repeat(10_000)];
  let read = 0;
  const show = (run) => {
    read++;
    const shown = [runWords(run), waitsWords(run), dueWords(run, now), ...[run.created, run.changed, run.due].map((time) => time === undefined || moment(time)),
      ...(run.timeline ?? []).flatMap((entry) => [entryWord(entry), entryDetails(entry), entry.time === undefined || preciseMoment(entry.time)])];
    for (const text of shown) assert.ok(text === true || (typeof text === 'string' && text.length < 15_000), String(text).slice(0, 200));
    new RunTimeline(run).path;
  };
  const walk = (root, value, use) => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      for (const other of wrong) {
        const kept = value[key];
        value[key] = other;
        use(root);
        value[key] = kept;
      }
      walk(root, value[key], use);
    }
  };
  const list = structuredClone(page);
  walk(list, list, (json) => readRuns(json)?.runs.forEach(show));
  const one = structuredClone(runs[0]);
  walk(one, one, (json) => {
    const detail = readRun(json);
    if (detail) show(detail);
  });
  assert.ok(read > 2_000, `${read}`);
});

test('a name is whole or its run is left out: a cut one would be another run', () => {
  const name = 'n'.repeat(4_096);
  assert.deepEqual(readRuns({ runs: [{ ...runs[1], name }, { ...runs[1], name: `${name}n` }, { ...runs[1], tenant: 5 }] }).runs.map((run) => run.name), [name]);
});

test('lists are no longer than a page can show', () => {
  const many = (item, count) => Array.from({ length: count }, (_, i) => ({ ...item, number: i + 1 }));
  assert.equal(readRuns({ runs: many(runs[1], 5_000) }).runs.length, 1_000);
  const read = readRun({ ...runs[0], timeline: many(runs[0].timeline[1], 5_000), waits: many(runs[0].waits[0], 5_000), waitCount: 9_000 });
  assert.deepEqual([read.timeline.length, read.waits.length, read.waitCount], [500, 100, 9_000]);
  assert.equal(waitsWords(read), 'approval of pay, approval of pay, approval of pay and 8,997 more');
});

test('a timeline asks only for what it does not have', () => {
  const timeline = new RunTimeline({ name: 'a b&c', tenant: 't', entries: 3 });
  assert.equal(timeline.path, 'runs/run?name=a+b%26c&tenant=t&from=1');
  load(timeline, 3);
  assert.deepEqual([numbers(timeline), fromOf(timeline)], [[1, 3, 3], 4]);
  load(timeline, 5);
  assert.deepEqual([numbers(timeline), timeline.hasEarlier, timeline.hasLater], [[1, 5, 5], false, false]);
});

test('a timeline shows the newest entries of a long journal and follows them', () => {
  const timeline = new RunTimeline({ name: 'a', tenant: undefined, entries: 1_200 });
  load(timeline, 1_200);
  assert.deepEqual(numbers(timeline), [701, 1_200, 500]);
  load(timeline, 1_203);
  assert.deepEqual(numbers(timeline), [704, 1_203, 500]);
  // While nobody looked, more entries came than are shown.
  load(timeline, 9_000);
  load(timeline, 9_000);
  assert.deepEqual(numbers(timeline), [8_501, 9_000, 500]);
});

test('an earlier part of a timeline stays where it is', () => {
  const timeline = new RunTimeline({ name: 'a', tenant: undefined, entries: 1_200 });
  load(timeline, 1_200);
  timeline.earlier();
  load(timeline, 1_200);
  assert.deepEqual(numbers(timeline), [201, 700, 500]);
  load(timeline, 1_300);
  assert.deepEqual([numbers(timeline), timeline.total], [[201, 700, 500], 1_300]);
  timeline.earlier();
  load(timeline, 1_300);
  assert.deepEqual([numbers(timeline), timeline.hasEarlier], [[1, 500, 500], false]);
  timeline.later();
  load(timeline, 1_300);
  assert.deepEqual([numbers(timeline), timeline.hasLater], [[501, 1_000, 500], true]);
  timeline.later();
  load(timeline, 1_300);
  load(timeline, 1_301);
  assert.deepEqual([numbers(timeline), timeline.hasLater], [[802, 1_301, 500], false]);
});

test('a run that starts over has another timeline, also a longer one', () => {
  for (const entries of [2, 5, 9]) {
    const timeline = new RunTimeline({ name: 'a', tenant: undefined, entries: 5 });
    load(timeline, 5, 'old');
    load(timeline, entries, 'new');
    load(timeline, entries, 'new');
    assert.deepEqual(numbers(timeline), [1, entries, entries]);
    assert.ok(timeline.entries.every((entry) => entry.text.startsWith('new')));
  }
});

test('entries that were not asked for are not taken', () => {
  const timeline = new RunTimeline({ name: 'a', tenant: undefined, entries: 4 });
  timeline.take(readRun({ ...runs[0], entries: 4, timeline: [2, 1, 1, 3, 2].map((number) => ({ number, type: 'printed', text: `${number}` })) }));
  assert.deepEqual(timeline.entries.map((entry) => entry.number), [1, 2]);
});

test('a page begins before the last run of the one before it', () => {
  const query = new RunQuery();
  query.filter('suspended', 'a&b');
  assert.equal(query.path, 'runs?limit=50&state=suspended&tenant=a%26b');
  const of = (times) => readRuns({ runs: times.map((changed, i) => ({ ...runs[1], name: `${i}`, changed })) });
  assert.equal(query.older(of([9, 8])), false);
  assert.equal(query.older(of(Array.from({ length: 50 }, (_, i) => 1_000 - i))), true);
  assert.equal(new URLSearchParams(query.path.slice(5)).get('before'), '951');
  // It may be longer, since it has all runs of its last millisecond.
  assert.equal(query.older(of(Array.from({ length: 60 }, () => 900))), true);
  assert.equal(new URLSearchParams(query.path.slice(5)).get('before'), '900');
  assert.deepEqual([query.page, query.newer(), query.newer(), query.newer(), query.page], [3, true, true, false, 1]);
  query.older(of(Array.from({ length: 50 }, (_, i) => 1_000 - i)));
  query.filter('', '');
  assert.equal(query.path, 'runs?limit=50');
});

test('an answer is sent as it was written', async () => {
  const sent = [];
  const actions = new RunActions(async (path, { method, body }) => {
    sent.push([method, path, body]);
    return Response.json({ cancelled: false });
  });
  const run = { name: 'a/b?', tenant: 'x y' };
  const said = [];
  for (const action of [actions.answer('t"1', '{"n":12345678901234567890}'), actions.approve('t'), actions.deny('t', ''), actions.deny('t', 'too "much"'),
    actions.refuse('t', 'no'), actions.cancel(run), actions.remove(run), actions.remove({ name: 'a', tenant: undefined })]) said.push((await action()).said);
  assert.deepEqual(sent, [
    ['POST', 'runs/answer', '{"token":"t\\"1","result":{"n":12345678901234567890}}'],
    ['POST', 'runs/answer', '{"token":"t","result":true}'],
    ['POST', 'runs/answer', '{"token":"t","result":false}'],
    ['POST', 'runs/answer', '{"token":"t","result":"too \\"much\\""}'],
    ['POST', 'runs/answer', '{"token":"t","error":{"message":"no"}}'],
    ['POST', 'runs/run/cancel?name=a%2Fb%3F&tenant=x+y', undefined],
    ['DELETE', 'runs/run?name=a%2Fb%3F&tenant=x+y', undefined],
    ['DELETE', 'runs/run?name=a', undefined],
  ]);
  assert.deepEqual(said, ['Answered.', 'Approved.', 'Denied.', 'Denied.', 'Refused.', 'The run had ended before it was cancelled.', 'Deleted.', 'Deleted.']);
});

test('an action that failed says why', async () => {
  const end = (answer) => new RunActions(answer).approve('t')();
  assert.deepEqual(await end(async () => Response.json({ message: 'gone\u202e' }, { status: 404 })),
    { kind: 'refused', problem: 'the broker answered with 404: gone\\u202e', isForbidden: false });
  assert.deepEqual(await end(async () => new Response('x', { status: 403 })), { kind: 'refused', problem: 'the broker answered with 403', isForbidden: true });
  assert.deepEqual(await end(async () => Promise.reject(new TypeError('no'))),
    { kind: 'refused', problem: 'the broker cannot be reached', isForbidden: false });
});

test('what happens to the shown run is said, and nothing else', () => {
  const before = readRun(runs[0]);
  assert.equal(change(before, readRun({ ...runs[0], changed: now, entries: 99 })), undefined);
  assert.equal(change(before, readRun({ ...runs[0], state: 'ended', outcome: 'OK', waits: [], waitCount: 0 })), 'The run has ended: OK');
  assert.equal(change(before, readRun({ ...runs[0], waits: [runs[0].waits[1]], waitCount: 1 })), 'The run waits for signal colour');
  assert.equal(change(before, readRun({ ...runs[0], state: 'running', waits: [], waitCount: 0 })), 'The run is running');
});

test('data that a broker does not have has its own words', async () => {
  const told = [];
  const source = { path: 'runs', read: readRuns, subject: 'a list of runs', missing: 'it keeps none' };
  const fetch = async () => Response.json({ message: 'nothing here' }, { status: 404 });
  const feed = new Feed(source, { fetch, schedule: () => () => {}, isVisible: () => true }, (state) => told.push(state.problem));
  feed.refresh();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(told, ['it keeps none']);
});
