import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { launch, sizes } from './support/browser.js';
import { DemoPage } from './support/demoPage.js';

// The page on a real broker. ENCLAVE_DEMO_URL is its address, ENCLAVE_DEMO_OUT the folder for pictures, ENCLAVE_DEMO_RUNTIMES its runtimes as
// `ADDRESS=PID,ADDRESS=PID`; without any, the broker runs sessions itself and reports its pool and isolation. test/run.js starts them all.
const address = process.env.ENCLAVE_DEMO_URL ?? assert.fail('ENCLAVE_DEMO_URL is missing: test/run.js sets it');
const folder = process.env.ENCLAVE_DEMO_OUT ?? assert.fail('ENCLAVE_DEMO_OUT is missing: test/run.js sets it');
const runtimes = new Map((process.env.ENCLAVE_DEMO_RUNTIMES ?? '').split(',').filter(Boolean).map((entry) => {
  const at = entry.lastIndexOf('=');
  return [new URL(entry.slice(0, at)).host, Number(entry.slice(at + 1))];
}));
const mode = runtimes.size > 0 ? 'runtimes' : 'embedded';
const long = 60_000;
/** Repetitive tests run in both modes with ENCLAVE_TEST_FULL=1, otherwise in one. */
const isHere = (_, index) => process.env.ENCLAVE_TEST_FULL === '1' || index % 2 === (mode === 'runtimes' ? 0 : 1);
const looks = Object.entries(sizes).flatMap(([name, size]) => ['light', 'dark'].map((colours) => ({ name: `${name}-${colours}`, size, colours })));

let browser;

before(async () => {
  await mkdir(folder, { recursive: true });
  browser = await launch();
});
after(() => browser?.close());

async function onPage(look, play, ...caused) {
  const demo = await DemoPage.open(browser, address, look);
  try {
    await demo.live();
    await play(demo);
    demo.isClean(...caused);
  } finally {
    await demo.close();
  }
}

async function picture(demo, name) {
  await demo.page.screenshot({ path: join(folder, `${mode}-${name}.png`), fullPage: true });
}

/** The feed as the page gets it. */
async function feed() {
  const answer = await fetch(new URL('demo/pool', address));
  assert.equal(answer.status, 200);
  return answer.json();
}

/** Requests the feed until a condition holds. */
async function until(what, look, within = 10_000) {
  let found;
  await settled(what, feed, (now) => (found = look(now)) !== undefined, within);
  return found;
}

/** Reads until a condition holds, and returns the result. */
async function settled(what, read, isSo, within = 10_000) {
  const deadline = Date.now() + within;
  for (;;) {
    const now = await read();
    if (isSo(now)) return now;
    assert.ok(Date.now() < deadline, `not to be seen within ${within} ms: ${what}; the last was ${JSON.stringify(now)}`);
    // A broker limits the requests per minute.
    await pause(100);
  }
}

test('the page comes with a policy that allows nothing from elsewhere', async () => {
  const answer = await fetch(address);
  assert.equal(answer.status, 200);
  const policy = answer.headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"])
    assert.ok(policy.includes(part), `${part} is missing in: ${policy}`);
  const text = await answer.text();
  assert.ok(!/<script(?![^>]*\bsrc=)/.test(text) && !/(src|href)="(https?:)?\/\//.test(text));
});

test('orders joined with their customers: console, timeline, result', () => onPage({}, async (demo) => {
  await demo.page.click('.tools summary');
  await demo.says('#tools', 'orders:list');
  const text = await demo.runExample('orders', 'completed', long);
  assert.match(text, /Completed in/);
  assert.match(text, /total:/);
  assert.match(text, /counted by the broker/);
  const [first, ...rows] = await demo.console(2);
  assert.match(first, /^\d+ open orders$/);
  assert.equal(rows.length, Number.parseInt(first, 10));
  const calls = await demo.calls();
  assert.deepEqual([calls[0].tool, calls[0].args], ['orders:list', '{ status: "open", limit: 6 }']);
  assert.ok(calls.length > 2 && calls.slice(1).every((call) => call.tool === 'customers:get'));
  assert.ok(calls.every((call) => call.state === 'answered' && call.from >= 0 && call.to >= call.from && call.to <= 1), JSON.stringify(calls));
  // The customers are requested after the orders.
  assert.ok(calls.slice(1).every((call) => call.from >= calls[0].from));
  await demo.says('#maxToolCalls-used', `${calls.length} of 50`);
  await demo.says('#said', 'Completed');
}));

test('what a session used is in the feed, and in the panel', () => onPage({}, async (demo) => {
  const before = (await feed()).codes.OK ?? 0;
  await demo.runExample('hello', 'completed', long);
  const ok = await until('one more session that ended well', ({ codes }) => (codes.OK > before ? codes.OK : undefined));
  await demo.page.waitForFunction((least) => [...document.querySelectorAll('#codes li')].some(
    (row) => row.children[0].textContent === 'OK' && Number(row.children[2].textContent.replace(/,/g, '')) >= least), ok);
  await demo.says('#latency-summary', 'in the last minute');
  await demo.page.click('#latency-details summary');
  await demo.page.waitForSelector('#latency-rows th[scope=row]');
  assert.match(await demo.page.locator('#latency-rows tr').first().innerText(), /^(now|\d+ s ago)\s+\d+\s+\d+\s+[\d.]+\sm?s\s+[\d.]+\sm?s$/);
}));

test('a long tool is cancelled, and the next run works', () => onPage({}, async (demo) => {
  await demo.example('long-tool');
  await demo.run();
  await demo.page.waitForSelector('.call[data-state=running]', { timeout: long });
  await demo.page.waitForFunction(() => document.getElementById('sessions-active').textContent === '1');
  await picture(demo, 'running');
  await demo.page.click('#cancel');
  assert.match(await demo.ended('cancelled'), /cancelled on the demo page/);
  assert.deepEqual((await demo.calls()).map((call) => call.state), ['ended']);
  await until('no session that runs: the broker was told', ({ sessions }) => (sessions.active === 0 ? true : undefined));
  await demo.runExample('hello', 'completed', long);
}, /request: POST \/sessions net::ERR_ABORTED/));

const ends = [
  ['endless', 'stopped', /TIMEOUT/],
  ['loop', 'stopped', /MAX_ITERATIONS[^]*Go to line 2/],
  ['refused', 'refused', /VALIDATION_ERROR[^]*Line 2[^]*eval[^]*Line 3[^]*constructor/],
  ['failing-tools', 'completed', /NOT_FOUND/],
  ['uncaught', 'failed', /TOOL_ERROR/],
  ['output', 'completed', /done/],
  ['memory', 'stopped', /MEMORY_LIMIT_EXCEEDED/],
  ['big-result', 'completed', /records: 1,500 items/],
];
for (const [id, kind, words] of ends.filter(isHere)) {
  test(`the example '${id}' ends as ${kind}`, () => onPage({}, async (demo) => {
    const text = await demo.runExample(id, kind, long);
    assert.match(text, words);
    if (id === 'output') await demo.says('#console-dropped', '1,901 older lines dropped');
    if (id === 'uncaught') assert.deepEqual((await demo.calls()).map((call) => call.state), ['answered', 'failed']);
    if (id === 'refused' || id === 'loop') assert.equal(await demo.page.locator('.cm-failed-line').count(), id === 'refused' ? 2 : 1);
    if (kind !== 'completed') await demo.says('#alarmed', text.match(/[A-Z]+_[A-Z_]+|TIMEOUT/)[0]);
    await picture(demo, `end-${id}`);
    // The next run works, whatever happened to this one.
    await demo.runExample('hello', 'completed', long);
  }));
}

test('events are encrypted where that is asked for', () => onPage({}, async (demo) => {
  const seen = [];
  demo.page.on('request', (request) => {
    if (request.method() === 'POST') seen.push(request.postDataJSON().encryption?.mode);
  });
  await demo.page.selectOption('#encryption', 'required');
  assert.match(await demo.runExample('hello', 'completed', long), /events encrypted/);
  await demo.says('#encryption-used', 'encrypted');
  assert.deepEqual(seen, ['required']);
}));

test('a deadline ends a session before its tool answers', () => onPage({}, async (demo) => {
  await demo.example('long-tool');
  await demo.page.fill('#deadlineMs', '1000');
  await demo.run();
  assert.match(await demo.ended('stopped', long), /DEADLINE_EXCEEDED/);
  assert.deepEqual((await demo.calls()).map((call) => call.state), ['ended']);
}));

test('with the keyboard alone', () => onPage({}, async (demo) => {
  const { keyboard } = demo.page;
  const visited = [];
  const tabTo = async (id) => {
    for (let i = 0; i < 20; i++) {
      await keyboard.press('Tab');
      visited.push(await demo.focused());
      if (visited.at(-1) === id) return;
    }
    assert.fail(`Tab did not come to ${id}, but to ${visited.join(', ')}`);
  };
  await tabTo('example');
  await keyboard.press('ArrowDown');
  await demo.says('#example-note', 'One tool call');
  await tabTo('cm-content cm-lineWrapping');
  await keyboard.press('Control+a');
  await keyboard.insertText("console.log('typed'); return await callTool('report:render', { seconds: 15 })");
  // Into the editor and out again, without typing anything.
  await tabTo('run');
  await keyboard.press('Shift+Tab');
  assert.equal(await demo.focused(), 'cm-content cm-lineWrapping');
  await keyboard.press('Control+Enter');
  await demo.page.waitForSelector('.call[data-state=running]', { timeout: long });
  assert.deepEqual(await demo.console(), ['typed']);
  await keyboard.press('Escape');
  assert.match(await demo.ended('cancelled'), /Escape was pressed/);
  await keyboard.press('Control+a');
  await keyboard.insertText('return 6 * 7');
  await tabTo('run');
  await keyboard.press('Enter');
  assert.match(await demo.ended('completed', long), /42/);
  assert.equal(await demo.focused(), 'run');
  await tabTo('cancel');
  await tabTo('sessionTtlMs');
  await keyboard.type('2000');
  await tabTo('encryption');
  await tabTo('console');
}, /request: POST \/sessions net::ERR_ABORTED/));

if (mode === 'embedded') {
  test('the pool and its isolation are shown', () => onPage({}, async (demo) => {
    const { places: [place] } = await feed();
    assert.ok(place.pool && place.isolation, JSON.stringify(place));
    await demo.says('#level', 'embedded');
    await demo.says('.place', `${place.pool.workers} worker`);
    await demo.page.click('.isolation summary');
    assert.equal(await demo.page.locator('.layer').count(), place.isolation.layers.length);
    for (const [index, layer] of place.isolation.layers.entries()) {
      assert.match(await demo.page.locator('.layer').nth(index).innerText(), new RegExp(`^${layer.layer}\\s+${layer.status}`));
    }
    // The memory hog of this test or of another one: its worker was replaced.
    await demo.runExample('memory', 'stopped', long);
    await until('a worker that was recycled', ({ places }) => Object.keys(places[0].pool.recycled)[0]);
    await demo.page.waitForSelector('.place .tally li');
    await picture(demo, 'pool');
  }));
}

for (const { name, ...look } of looks.filter(isHere)) {
  test(`nothing that axe-core finds, and pictures: ${name}`, () => onPage(look, async (demo) => {
    await demo.isAccessible('idle');
    await picture(demo, `${name}-idle`);
    await demo.runExample('orders', 'completed', long);
    await demo.isAccessible('completed');
    await picture(demo, `${name}-completed`);
    await demo.runExample('refused', 'refused', long);
    await demo.isAccessible('refused');
    await picture(demo, `${name}-refused`);
    await demo.example('long-tool');
    await demo.run();
    await demo.page.waitForSelector('.call[data-state=running]', { timeout: long });
    await demo.isAccessible('running');
    await demo.page.click('#cancel');
    await demo.ended('cancelled');
    await demo.runExample('big-result', 'completed', long);
    await demo.page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
    await demo.isAccessible('everything open');
    await picture(demo, `${name}-open`);
  }, /request: POST \/sessions net::ERR_ABORTED/));
}

/** The page of the fleet, live. */
async function onFleet(look, play) {
  const fleet = await DemoPage.open(browser, new URL('fleet.html', address).href, look);
  try {
    await fleet.page.waitForSelector('#fleet[data-state=live]', { timeout: 10_000 });
    await play(fleet);
    fleet.isClean();
  } finally {
    await fleet.close();
  }
}

/** The rows of a table of the fleet, as cells. */
const rows = (fleet, id) => fleet.page.locator(`#${id} tbody tr`).evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent)));

test('the fleet shows this broker, where its sessions run, and a session while it runs', () => onPage({}, async (demo) => {
  await demo.example('long-tool');
  await demo.run();
  await demo.page.waitForSelector('.call[data-state=running]', { timeout: long });
  await onFleet({}, async (fleet) => {
    await fleet.says('#parts', mode === 'runtimes' ? '1 broker, 2 runtimes' : '1 broker, 1 runtime');
    const [broker] = await rows(fleet, 'brokers');
    assert.match(broker[0], /\(this one\)$/);
    assert.deepEqual([broker[1], broker[7], broker[10]], ['ok', mode === 'runtimes' ? 'runtimes' : 'itself', address.replace(/\/$/, '')]);
    await fleet.says('#sum-running', '1');
    // A broker asks its runtimes only every few seconds.
    const taken = (where) => where.reduce((sum, row) => sum + Number(row[2].split(' ')[0]), 0);
    const where = await settled('one session on the runtimes', () => rows(fleet, 'runtimes'), (where) => taken(where) === 1);
    assert.deepEqual(where.map((row) => row[1]), where.map(() => 'ok'));
    await fleet.isAccessible('fleet');
    await picture(fleet, 'fleet');
  });
  await demo.page.click('#cancel');
  await demo.ended('cancelled');
}, /request: POST \/sessions net::ERR_ABORTED/));

// Last, because it removes a runtime.
if (mode === 'runtimes') {
  test('a runtime that is killed under a session is told, and the next run goes to the other one', () => onPage({}, async (demo) => {
    await settled('no session of an earlier test', feed, ({ places }) => places.every((place) => place.sessions.active === 0));
    await demo.example('long-tool');
    await demo.run();
    await demo.page.waitForSelector('.call[data-state=running]', { timeout: long });
    const busy = await until('a runtime that has the session', ({ places }) => places.find((place) => place.sessions.active > 0)?.name);
    const pid = runtimes.get(new URL(busy).host) ?? assert.fail(`${busy} is none of ${[...runtimes.keys()]}`);
    process.kill(pid, 'SIGKILL');
    const text = await demo.ended('lost', 20_000);
    assert.match(text, /The runtime was lost\s+RUNTIME_LOST[^]*1 tool call[^]*counted by the broker/);
    assert.deepEqual((await demo.calls()).map((call) => call.state), ['ended']);
    await demo.says('#alarmed', 'RUNTIME_LOST');
    await until('that it is gone', ({ places }) => places.find((place) => place.name === busy && place.status === 'unreachable'), 30_000);
    await demo.page.waitForSelector('.place[data-status=unreachable]', { timeout: long });
    await demo.isAccessible('lost');
    await picture(demo, 'lost');
    await demo.run();
    await demo.page.waitForSelector('.call[data-state=running]', { timeout: long });
    const other = await until('the other runtime with the session', ({ places }) => places.find((place) => place.sessions.active > 0)?.name);
    assert.notEqual(other, busy);
    await demo.page.click('#cancel');
    await demo.ended('cancelled');
    assert.match(await demo.runExample('orders', 'completed', long), /Completed/);
    await picture(demo, 'after-lost');
    await onFleet({}, async (fleet) => {
      await fleet.page.waitForSelector('#runtimes tr[data-state=unreachable]', { timeout: 10_000 });
      assert.deepEqual((await rows(fleet, 'runtimes')).map((row) => row[1]).sort(), ['ok', 'unreachable']);
    });
  }, /request: POST \/sessions net::ERR_ABORTED/));
}
