import assert from 'node:assert/strict';
import { sizes } from './support/browser.js';
import { now, runs } from './support/runs.js';
import { broker, demo, stage } from './support/scenes.js';

// The page of durable runs in each of its states, with a simulated broker.
// A new request replaces one in progress.
const replaced = /GET \/runs(\/run)? net::ERR_ABORTED/;
const play = stage({ page: 'runs.html', picture: 'runs', fullPage: true, prepare: (started) => (started.runs = structuredClone(runs)) });
const scene = (name, { caused = [], ...options }, acts) => play(name, { ...options, caused: [replaced, ...caused] }, acts);
const live = () => demo.page.waitForSelector('#runs[data-state=live]', { timeout: 10_000 });
const rows = (id) => demo.page.locator(`#${id} tbody tr`).evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent)));
const names = async () => (await rows('runs-table')).map(([name]) => name);
const open = async (name) => {
  await live();
  await demo.page.click(`#runs-table button:text-is("${name}")`);
  await demo.page.waitForSelector('#run[data-state=live]', { timeout: 10_000 });
};
const run = (name) => broker.runs.find((one) => one.name === name);
const eventually = (what, condition) => demo.page.waitForFunction(condition).catch(() => assert.fail(what));

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colours of ['light', 'dark']) {
    scene(`all of a run, ${size}, ${colours}`, { look: { size: viewport, colours } }, async () => {
      await open('pay-1');
      assert.deepEqual(await rows('runs-table'), [
        ['pay-1', 'shop', 'suspended', '–', 'approval of pay, signal colour, time', 'in 30\u00a0min',
          '2026-09-21 14:12:20', '2026-09-21 13:13:20', '12', '2\u00a0KB'],
        ['done', '–', 'ended', 'OK', '–', 'removed in 7\u00a0d', '2026-09-21 14:11:20', '2026-09-21 13:13:20', '2', '2\u00a0KB'],
        ['busy', 'bank', 'running', '–', '–', '–', '2026-09-21 14:10:20', '2026-09-21 13:13:20', '1', '2\u00a0KB'],
        ['trip', '–', 'compensating', 'RUNTIME_ERROR', '–', '–', '2026-09-21 14:09:20', '2026-09-21 13:13:20', '4', '2\u00a0KB'],
      ]);
      const timeline = await rows('timeline');
      assert.deepEqual(timeline.map((row) => row.slice(2)), [
        ['opened', '', 'STANDARD, engine v8-14, version 1.2.3'],
        ['printed', '', 'two\nlines'],
        ['called', 'c_0 order', '{"id":7}'],
        ['answered', 'c_0 order', '{"total":12.5}'],
        ['called', 'c_1 pay', '{"amount":5}'],
        ['waiting', 'c_1 pay', 'for approval of pay'],
        ['called', 'c_2 enclave:waitFor', '{"name":"colour"}'],
        ['waiting', 'c_2 enclave:waitFor', 'for signal colour until 2026-09-21 15:43:20'],
        ['suspended', '', '4.2\u00a0s of its time are left'],
        ['resumed', '', 'engine v8-15, version 1.2.4'],
        ['failed', 'c_9', 'TOOL_TIMEOUT, too late'],
        ['suspended', '', '4\u00a0s of its time are left'],
      ]);
      assert.deepEqual(timeline[0].slice(0, 2), ['1', '2026-09-21 13:13:20.000']);
      assert.deepEqual(await demo.page.locator('.wait h4').allTextContents(), ['approval of pay', 'signal colour', 'time']);
      // An operator sees what the call would do.
      assert.equal(await demo.page.locator('.wait-args').first().textContent(), '{"amount":5}');
      assert.deepEqual(await demo.page.locator('.wait').last().locator('button').count(), 0);
      await demo.says('#run-span', '1 to 12 of 12');
      await demo.says('#run-code', "return 'pay-1'");
      await demo.isAccessible(`${size}, ${colours}`);
    });
  }
}

scene('waits are answered', {}, async () => {
  await open('pay-1');
  await demo.page.fill('.wait >> nth=1 >> textarea', 'red');
  await demo.page.click('text="Answer"');
  await demo.says('.wait .field-problem', 'This is not JSON');
  assert.equal(await demo.page.getAttribute('.wait >> nth=1 >> textarea', 'aria-invalid'), 'true');
  await demo.isAccessible('no JSON');
  assert.deepEqual(broker.answers, []);
  await demo.page.fill('.wait >> nth=1 >> textarea', '{ "colour": "red" }');
  // What is written stays while the run is requested again.
  const asked = broker.requests.length;
  while (broker.requests.slice(asked).filter((path) => path === 'GET /runs/run').length < 2) await demo.page.waitForTimeout(100);
  await demo.page.click('text="Answer"');
  await demo.says('#run-done', 'Answered.');
  await demo.says('#said', 'Answered.');
  await eventually('the answered wait is shown', () => document.querySelectorAll('.wait').length === 2);
  await demo.page.fill('.wait input', 'too much');
  await demo.page.click('text="Deny"');
  await demo.says('#run-done', 'Denied.');
  assert.deepEqual(broker.answers, [{ token: 'token-of-signal', result: { colour: 'red' } }, { token: 'token-of-approval', result: 'too much' }]);
});

scene('a call is approved by the keyboard, and the focus is not lost with its card', {}, async () => {
  await live();
  await demo.page.focus('#runs-table button');
  await demo.page.keyboard.press('Enter');
  await demo.page.waitForSelector('#run[data-state=live]');
  assert.equal(await demo.focused(), 'run-title');
  await demo.page.focus('text="Approve"');
  await demo.page.keyboard.press('Enter');
  await demo.says('#run-done', 'Approved.');
  await eventually('the card stays', () => document.querySelectorAll('.wait').length === 2);
  assert.equal(await demo.focused(), 'run-title');
  assert.deepEqual(broker.answers, [{ token: 'token-of-approval', result: true }]);
  await demo.says('#said', 'waits for signal colour, time');
});

scene('Enter in the field for a reason approves nothing, and a wait can be refused', {}, async () => {
  await open('pay-1');
  await demo.page.focus('.wait input');
  await demo.page.keyboard.type('no');
  await demo.page.keyboard.press('Enter');
  await demo.page.click('text="Refuse"');
  await demo.says('#run-done', 'Refused.');
  assert.deepEqual(broker.answers, [{ token: 'token-of-signal', error: { message: 'refused by the operator' } }]);
});

scene('a call that cannot be seen is not approved blindly', { before: () => {
  const long = broker.runs[0];
  long.timeline.push(...Array.from({ length: 1_100 }, (_, i) => ({ number: 13 + i, type: 'printed', text: `line ${13 + i}` })));
  long.entries = long.timeline.length;
} }, async () => {
  await open('pay-1');
  await demo.says('#run-span', '613 to 1,112 of 1,112');
  await demo.says('.wait-args', 'look at it before you approve it');
  for (const span of ['113 to 612', '1 to 500']) {
    await demo.page.click('#run-earlier');
    await demo.says('#run-span', span);
  }
  await demo.says('.wait-args', '{"amount":5}');
  assert.equal(await demo.page.getAttribute('#run-earlier', 'aria-disabled'), 'true');
  await demo.page.click('#run-later');
  await demo.says('#run-span', '501 to 1,000');
  await demo.page.click('#run-last');
  await demo.says('#run-span', '613 to 1,112');
});

scene('a run is cancelled and deleted, each after a question', { look: { size: sizes.phone } }, async () => {
  await open('pay-1');
  assert.equal(await demo.page.isVisible('#run-delete'), false);
  await demo.page.click('#run-cancel');
  await demo.says('#confirm-title', 'Cancel the run pay-1 of shop?');
  await demo.isAccessible('question');
  assert.equal(await demo.focused(), 'confirm-no');
  await demo.page.keyboard.press('Escape');
  assert.equal(await demo.page.isVisible('#confirm-dialog'), false);
  await demo.page.click('#run-cancel');
  await demo.page.keyboard.press('Enter');
  assert.equal(run('pay-1').state, 'suspended', 'a question that was not confirmed was taken for one that was');
  await demo.page.click('#run-cancel');
  await demo.page.click('#confirm-yes');
  await demo.says('#run-done', 'Cancelled.');
  await demo.says('#run-facts', 'CANCELLED');
  await demo.page.click('#run-delete');
  await demo.says('#confirm-title', 'Delete the run pay-1 of shop?');
  await demo.page.click('#confirm-yes');
  await demo.says('#run-title', 'Timeline');
  await demo.says('#said', 'Deleted.');
  assert.equal(await demo.focused(), 'run-title');
  await eventually('the deleted run is listed', () => document.querySelectorAll('#runs-table tbody tr').length === 3);
  await demo.isAccessible('deleted');
});

scene('an action that is refused says why', { caused: [/409/] }, async () => {
  await open('busy');
  broker.refusal = { status: 409, message: 'another host runs it <b>now</b>\u202e' };
  await demo.page.click('#run-cancel');
  await demo.page.click('#confirm-yes');
  await demo.says('#run-done', 'Not done: the broker answered with 409: another host runs it <b>now</b>\\u202e');
  await demo.says('#alarmed', 'Not done');
  await demo.isAccessible('refused');
});

scene('runs are filtered and turned over page by page', { before: () => {
  broker.runs.push(...Array.from({ length: 120 }, (_, i) => ({ ...structuredClone(runs[1]), name: `old-${i}`, changed: now - 600_000 - i })));
} }, async () => {
  await live();
  await demo.says('#runs-count', 'page 1, 50 runs');
  // A button that does nothing can be reached, and does nothing.
  await demo.page.focus('#runs-newer');
  await demo.page.keyboard.press('Enter');
  await demo.page.click('#runs-older');
  await demo.says('#runs-count', 'page 2, 50 runs');
  assert.equal((await names())[0], 'old-46');
  await demo.page.click('#runs-older');
  await demo.says('#runs-count', 'page 3, 24 runs');
  assert.equal(await demo.page.getAttribute('#runs-older', 'aria-disabled'), 'true');
  await demo.page.click('#runs-newer');
  await demo.says('#runs-count', 'page 2');
  await demo.page.selectOption('#filter-state', 'suspended');
  await demo.says('#runs-count', 'page 1, 1 run');
  assert.deepEqual(await names(), ['pay-1']);
  await demo.page.selectOption('#filter-state', '');
  await demo.page.fill('#filter-tenant', 'bank');
  await demo.page.keyboard.press('Enter');
  await demo.says('#runs-count', 'page 1, 1 run');
  assert.deepEqual(await names(), ['busy']);
  await demo.page.fill('#filter-tenant', 'nobody');
  await demo.page.click('text="Filter"');
  await demo.says('#runs-count', '0 runs');
  assert.ok(await demo.page.isVisible('#runs-table-empty'));
  await demo.isAccessible('none');
});

scene('the focus stays with its run when the order changes', {}, async () => {
  await live();
  await demo.page.focus('#runs-table button:text-is("busy")');
  run('busy').changed = now;
  await eventually('the order stays', () => document.querySelector('#runs-table tbody button').textContent === 'busy');
  assert.equal(await demo.page.evaluate(() => document.activeElement.textContent), 'busy');
});

scene('calls that are undone are shown', {}, async () => {
  await open('trip');
  assert.deepEqual((await rows('timeline')).map((row) => row.slice(2)), [
    ['failing', '', '{"code":"RUNTIME_ERROR"}'], ['undoing', 'c_2', 'book'], ['not undone', 'c_2', 'book, the hotel is closed'],
    ['forked', '', 'from trip-1']]);
  await demo.page.selectOption('#filter-state', 'compensating');
  await demo.says('#runs-count', 'page 1, 1 run');
  await demo.isAccessible('undoing');
});

scene('a run that ends elsewhere is shown and said', { caused: [/404/] }, async () => {
  await open('busy');
  Object.assign(run('busy'), { state: 'ended', outcome: 'TIMEOUT' });
  run('busy').timeline.push({ number: 2, type: 'ended', error: '{"code":"TIMEOUT"}' });
  await demo.says('#said', 'The run has ended: TIMEOUT');
  await demo.says('#timeline', '{"code":"TIMEOUT"}');
  broker.runs = broker.runs.filter((one) => one.name !== 'busy');
  await demo.says('#run-notice', 'there is no such run any more');
});

scene('a broker without a store says how to get one', { caused: [/404/], before: () => (broker.runs = undefined) }, async () => {
  await demo.says('#runs-notice', '--store FOLDER');
  await demo.isAccessible('no store');
});

for (const [name, body] of [['no JSON', 'x'], ['no list', '{"hello":1}']]) {
  scene(`the page stands ${name}`, { before: () => (broker.runs = body) }, async () => {
    await demo.says('#runs-notice', 'is not a list of runs');
    await demo.isAccessible(name);
  });
}

scene('an operator’s token is asked for, and a client’s is not one',
  { caused: [/401/, /403/], before: () => ([broker.token, broker.operator] = ['a-clients-token', 'an-operators-token']) }, async () => {
  await demo.page.waitForSelector('#token-dialog[open]');
  await demo.says('#runs-notice', 'requires an operator');
  await demo.page.fill('#token', 'a-clients-token');
  await demo.page.keyboard.press('Enter');
  await demo.says('#runs-notice', 'this token is not an operator');
  assert.equal(await demo.page.getAttribute('#link', 'data-state'), 'down');
  await demo.isAccessible('forbidden');
  await demo.page.click('#token-open');
  await demo.page.fill('#token', 'an-operators-token');
  await demo.page.keyboard.press('Enter');
  await open('pay-1');
  // Another token replaces the operator's: neither the timeline nor an action shows anything that was not there.
  broker.operator = 'a-newer-operators-token';
  await demo.says('#run-notice', 'requires an operator');
});

scene('a broker that goes away and comes back', { caused: [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE/] }, async () => {
  await open('pay-1');
  await demo.page.fill('.wait input', 'half a reas');
  await broker.stop();
  await demo.page.waitForSelector('#link[data-state=down]', { timeout: 10_000 });
  await demo.says('#runs-notice', 'The data below is the last that was received');
  await demo.isAccessible('gone');
  await demo.page.click('text="Approve"');
  await demo.says('#run-done', 'Not done: the broker cannot be reached');
  await broker.start(broker.port);
  await live();
  await demo.page.waitForSelector('#run[data-state=live]', { timeout: 15_000 });
  assert.equal(await demo.page.inputValue('.wait input'), 'half a reas');
});

scene('text of strangers stays text', { look: { size: sizes.phone } }, async () => {
  const evil = '<img src=x onerror="window.hit=1"><b>bold</b>\u001b[31m\u202e';
  const long = evil.repeat(40);
  broker.runs = [{
    ...runs[0], name: evil, tenant: evil, state: evil, outcome: evil, code: long, runId: evil, journal: evil,
    waits: [{ kind: 'approval', name: evil, callId: evil, token: evil }, { kind: 'signal', name: long, callId: 'c_1', token: 't' }, { kind: evil, name: evil }],
    waitCount: 1e9,
    timeline: ['opened', 'called', 'answered', 'printed', 'waiting', 'decided', 'suspended', 'resumed', 'ended', evil].map((type, i) => ({
      number: i + 1, type, time: 1e300, callId: evil, tool: long, args: long, value: long, error: i % 2 ? long : undefined, code: evil, text: long, kind: evil,
      name: long, until: 8.64e15, leftMs: 1e300, level: evil, engine: evil, version: evil })),
  }, { ...runs[1], name: 'a name without end '.repeat(200), waits: Array.from({ length: 500 }, () => ({ kind: 'signal', name: long, token: 't' })) }];
  await live();
  await demo.says('#runs-table', '\\u001b[31m');
  await demo.page.click('#runs-table button >> nth=0');
  await demo.page.waitForSelector('#run[data-state=live]');
  await demo.says('#run-title', '\\u001b[31m\\u202e');
  await demo.says('#timeline', '\\u001b[31m');
  await demo.says('#run-facts', 'unknown');
  assert.deepEqual(await demo.page.evaluate(() => [document.querySelectorAll('main img, main b').length, window.hit]), [0, undefined]);
  assert.ok(!(await demo.page.innerText('body')).includes('\u202e'));
  await demo.isAccessible('hostile text');
  await demo.page.click('text="Approve"');
  await demo.says('#run-done', 'Approved.');
  assert.deepEqual(broker.answers, [{ token: evil, result: true }]);
  await demo.page.click('#run-cancel');
  await demo.says('#confirm-title', '<img src=x');
  await demo.isAccessible('hostile question');
  await demo.page.click('#confirm-yes');
  await demo.says('#run-done', 'Cancelled.');
  assert.equal(run(evil).outcome, 'CANCELLED');
});

scene('from the fleet to the runs and back by the keyboard', { caused: [/GET \/(fleet|demo\/pool|code\/actions) net::ERR_ABORTED/] }, async () => {
  await live();
  const there = { Fleet: '#fleet[data-state=live]', Runs: '#runs[data-state=live]', Demo: '#editor' };
  for (const link of ['Fleet', 'Runs', 'Demo', 'Runs']) {
    await demo.page.focus(`a:text-is("${link}")`);
    await demo.page.keyboard.press('Enter');
    await demo.page.waitForSelector(there[link]);
  }
});
