import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Access } from '../../build/demo/browser/src/access/access.js';
import { retryDelay } from '../../build/demo/browser/src/page/feed.js';
import { PoolFeed } from '../../build/demo/browser/src/pool/poolFeed.js';
import { readTools } from '../../build/demo/browser/src/tools/toolList.js';

const good = { sessions: { active: 0, total: 0, max: 1 } };

/** A page whose time and responses are the test's. */
class TestPage {
  timers = [];
  requests = [];
  visible = true;
  answer = () => Response.json(good);

  fetch = async (url, { signal }) => {
    this.requests.push(url);
    const answer = await this.answer(signal);
    signal.throwIfAborted();
    return answer;
  };

  schedule = (callback, delayMs) => {
    const timer = { callback, delayMs };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  isVisible = () => this.visible;

  /** Fires the one waiting timer, which must have this delay. */
  fire(delayMs) {
    const index = this.timers.findIndex((timer) => timer.delayMs === delayMs);
    assert.notEqual(index, -1, `no timer of ${delayMs} ms among ${this.timers.map((timer) => timer.delayMs).join()}`);
    const [timer] = this.timers.splice(index, 1);
    timer.callback();
  }
}

/** A feed, and a way to wait for its next state. */
function start(page) {
  const told = [];
  let wake = () => {};
  const feed = new PoolFeed(page, (state) => {
    told.push(state);
    wake();
  });
  const next = async () => {
    if (told.length === 0) await new Promise((resolve) => (wake = resolve));
    const state = told.shift();
    // The next request is scheduled right after the state.
    await new Promise((resolve) => setImmediate(resolve));
    return state;
  };
  return { feed, next, told };
}

test('it asks once a second', async () => {
  const page = new TestPage();
  const { feed, next } = start(page);
  feed.refresh();
  assert.equal((await next()).kind, 'live');
  page.fire(1000);
  assert.equal((await next()).kind, 'live');
  assert.deepEqual(page.requests, ['demo/pool', 'demo/pool']);
  assert.deepEqual(page.timers.map((timer) => timer.delayMs), [1000]);
});

test('it asks less often while that fails, and again every second when it is well', async () => {
  const page = new TestPage();
  page.answer = () => Promise.reject(new TypeError('Failed to fetch'));
  const { feed, next } = start(page);
  feed.refresh();
  for (const wait of [2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    assert.deepEqual(await next(), { kind: 'failing', problem: 'the broker cannot be reached', reached: false, retryMs: wait });
    page.fire(wait);
  }
  await next();
  page.answer = () => Response.json(good);
  page.fire(30_000);
  assert.equal((await next()).kind, 'live');
  page.answer = () => new Response('no', { status: 500 });
  page.fire(1000);
  assert.deepEqual(await next(), { kind: 'failing', problem: 'the broker answered with 500', reached: true, retryMs: 2000 });
  assert.equal(retryDelay(1000), 30_000);
});

test('what is no feed is a failure and no fault', async () => {
  for (const body of ['', 'x', '[]', '{}', 'null', `"${'x'.repeat(2 * 1024 * 1024)}"`]) {
    const page = new TestPage();
    page.answer = () => new Response(body);
    const { feed, next } = start(page);
    feed.refresh();
    const state = await next();
    assert.deepEqual([state.kind, state.reached], ['failing', true]);
  }
});

test('an answer whose length is told is read by it', async () => {
  const told = (length, body) => () => new Response(body, { headers: { 'Content-Length': String(length) } });
  for (const [answer, kind] of [
    [told(50, JSON.stringify(good)), 'live'], [told(2 * 1024 * 1024, JSON.stringify(good)), 'failing'], [told(Number.NaN, JSON.stringify(good)), 'failing']]) {
    const page = new TestPage();
    page.answer = answer;
    const { feed, next } = start(page);
    feed.refresh();
    assert.equal((await next()).kind, kind);
  }
});

test('hidden, it asks nothing; seen again, at once', async () => {
  const page = new TestPage();
  const { feed, next } = start(page);
  page.visible = false;
  feed.refresh();
  assert.deepEqual([page.requests.length, page.timers.length], [0, 0]);
  page.visible = true;
  feed.refresh();
  await next();
  feed.stop();
  assert.deepEqual(page.timers, []);
});

test('an answer that comes after the stop is not told', async () => {
  const page = new TestPage();
  let release;
  page.answer = () => new Promise((resolve) => (release = () => resolve(Response.json(good))));
  const { feed, told } = start(page);
  feed.refresh();
  feed.stop();
  release();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([told, page.timers], [[], []]);
});

test('a broker that does not answer is given up', async () => {
  const page = new TestPage();
  page.answer = (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const { feed, next } = start(page);
  feed.refresh();
  for (let second = 0; second < 5; second++) page.fire(1000);
  assert.equal((await next()).problem, 'the broker did not answer within 5 s');
});

test('an answer that came while the page was busy is no late one', async () => {
  const page = new TestPage();
  let release;
  page.answer = () => new Promise((resolve) => (release = () => resolve(Response.json(good))));
  const { feed, next } = start(page);
  feed.refresh();
  // Whatever time has passed, only the timer that waited is due before the answer is read.
  const due = [...page.timers];
  release();
  for (const { delayMs } of due) page.fire(delayMs);
  assert.equal((await next()).kind, 'live');
  assert.deepEqual(page.timers.map((timer) => timer.delayMs), [1000]);
});

test('without a token it waits for one', async () => {
  const page = new TestPage();
  page.answer = () => new Response('{}', { status: 401 });
  const { feed, next } = start(page);
  feed.refresh();
  assert.equal((await next()).kind, 'locked');
  assert.deepEqual(page.timers, []);
  page.answer = () => Response.json(good);
  feed.refresh();
  assert.equal((await next()).kind, 'live');
});

test('a token is shown with every request, and a refusal of an old one is no news', async (context) => {
  const sent = [];
  let status = 401;
  let hold;
  context.mock.method(globalThis, 'fetch', async (_, init) => {
    sent.push(new Headers(init.headers).get('Authorization'));
    const answered = status;
    if (hold) await hold;
    return new Response('', { status: answered });
  });
  const refused = [];
  const access = new Access((hadToken) => refused.push(hadToken));
  let told = 0;
  access.onToken(() => told++);
  await access.fetch('/x', { headers: { Accept: 'text/plain' } });
  access.use('wrong');
  await access.fetch('/x');
  let release;
  hold = new Promise((resolve) => (release = resolve));
  const late = access.fetch('/x');
  access.use('right');
  status = 200;
  release();
  await late;
  await access.fetch('/x');
  assert.deepEqual(sent, [null, 'Bearer wrong', 'Bearer wrong', 'Bearer right']);
  assert.deepEqual(refused, [false, true]);
  assert.equal(told, 2);
  assert.deepEqual(['abc', '', 'a b', 'ä', 'a\n'].map((text) => Access.isToken(text)), [true, false, false, false, false]);
});

test('tools of any form', () => {
  assert.deepEqual(readTools({ actions: [{ name: 'a', description: 'does a' }, { name: 'b' }, { name: 3 }, null, 'x', { name: '' }] }),
    [{ name: 'a', description: 'does a' }, { name: 'b', description: '' }]);
  for (const other of [null, undefined, 1, [], {}, { actions: {} }]) assert.equal(readTools(other), undefined);
  assert.equal(readTools({ actions: Array.from({ length: 1000 }, () => ({ name: 'a' })) }).length, 200);
});
