import assert from 'node:assert/strict';
import { sizes } from './support/browser.js';
import { fleet } from './support/fleet.js';
import { broker, demo, keepPicture, stage } from './support/scenes.js';

// The states of the page that are rare with real processes, with a simulated broker.
const now = Math.floor(Date.now() / 1000);
const pool = {
  time: now * 1000, mode: 'embedded', level: 'standard', uptime: 12_345,
  sessions: { active: 1, total: 20, max: 100 },
  limits: { sessionTtlMs: 60_000, maxToolCalls: 50, maxStdoutBytes: 262_144, maxToolResultBytes: 5_242_880, toolTimeoutMs: 30_000 },
  seconds: Array.from(
    { length: 60 }, (_, i) => ({ at: now - 60 + i, sessions: i % 3, failed: i % 9 === 8 ? 1 : 0, p50: i % 3 ? 1.2 : null, p99: i % 3 ? 80 : null })),
  codes: { OK: 12, TIMEOUT: 1 },
  places: [{
    name: 'this process', status: 'ok', sessions: { active: 1, max: 10 },
    pool: { workers: 4, active: 1, idle: 2, starting: 1, queue: 0, submitted: 10, settled: 9, recycled: { poisoned: 2 } },
    isolation: { available: true, workers: 4, layers: [{ layer: 'Namespaces', requirement: 'mandatory', status: 'active', active: 4,
      method: 'looked from outside', detail: 'bubblewrap' }, { layer: 'ControlGroup', requirement: 'best-effort', status: 'unavailable', active: 0 }] },
  }],
};

const scene = stage({ picture: 'state', prepare: (started) => (started.pool = pool) });

scene('text of strangers stays text', {}, async () => {
  const evil = '<img src=x onerror="window.hit=1"><b>bold</b>\u001b[31m\u202e';
  broker.pool = { ...pool, level: evil, codes: { [evil]: 3 }, places: [{ ...pool.places[0], name: evil, message: evil, pool: { ...pool.places[0].pool,
    recycled: { [evil]: 1 } }, isolation: { available: true, workers: 1, layers: [{ layer: evil, detail: evil, method: evil }] } }] };
  broker.session = async (_, events) => {
    events.begin();
    events.print(evil);
    events.send('log', { level: 'warn', message: evil });
    events.applied(events.call(evil, { [evil]: evil }));
    events.final({ ok: true, result: { [evil]: [evil, { deep: evil }] } });
  };
  await demo.live();
  await demo.run();
  await demo.ended('completed');
  const [line, note] = await demo.console(2);
  assert.equal(line, '<img src=x onerror="window.hit=1"><b>bold</b>\\u001b[31m\\u202e');
  assert.match(note, /^broker: warn: <img/);
  assert.deepEqual(await demo.page.evaluate(() => [document.querySelectorAll('img, b').length, window.hit]), [0, undefined]);
  await demo.isAccessible('hostile text');
});

scene('a broker that asks for a token gets it, and nobody else does', { caused: [/401/], before: () => (broker.token = 'the-right-token') }, async () => {
  await demo.page.waitForSelector('#token-dialog[open]');
  assert.equal(await demo.focused(), 'token');
  await demo.isAccessible('token');
  await keepPicture('state-token');
  await demo.page.keyboard.type('wrong');
  await demo.page.keyboard.press('Enter');
  await demo.says('#token-problem', 'refused this token');
  await demo.page.fill('#token', 'not a token');
  await demo.page.keyboard.press('Enter');
  await demo.says('#token-problem', 'no blanks');
  await demo.page.fill('#token', 'the-right-token');
  await demo.page.keyboard.press('Enter');
  await demo.live();
  await demo.run();
  await demo.ended('completed');
  // Stored in this tab, for both pages, and nowhere else.
  const kept = await demo.page.evaluate(() => JSON.stringify([{ ...localStorage }, document.cookie, location.href]));
  assert.ok(!kept.includes('right-token'), kept);
  assert.equal(await demo.page.inputValue('#token'), '');
});

scene('a token serves both pages of a tab, and no other tab',
  { caused: [/401/], before: () => ([broker.token, broker.fleet] = ['the-right-token', fleet]) }, async () => {
  await demo.page.waitForSelector('#token-dialog[open]');
  await demo.page.fill('#token', 'the-right-token');
  await demo.page.keyboard.press('Enter');
  await demo.live();
  await demo.page.click('text=Fleet');
  await demo.page.waitForSelector('#fleet[data-state=live]', { timeout: 10_000 });
  assert.equal(await demo.page.locator('#token-dialog[open]').count(), 0);
  await demo.page.click('text=Demo');
  await demo.live();
  assert.equal(await demo.page.locator('#token-dialog[open]').count(), 0);
  // A refusal removes it from both.
  broker.token = 'another-token';
  await demo.page.waitForSelector('#token-dialog[open]');
  assert.equal(await demo.page.evaluate(() => sessionStorage.length), 0);
});

scene('the keys run a script before the editor has had the focus', {}, async () => {
  await demo.live();
  assert.equal(await demo.focused(), 'BODY');
  await demo.page.keyboard.press('Control+Enter');
  await demo.ended('completed');
});

scene('all lines that a refusal is about are marked', {}, async () => {
  broker.session = async (_, events) => {
    events.begin();
    events.final({ ok: false, error: { code: 'VALIDATION_ERROR', message: 'the script was refused: NO_EVAL (line 1): no; FORBIDDEN_LOOP (line 3): no. ' +
      'Write another; NO_EVAL (line 3): no: docs/errors/VALIDATION_ERROR.md' } });
  };
  await demo.write('eval(1)\n2\nwhile (1) eval(1)\n4');
  await demo.run();
  await demo.ended('refused');
  assert.deepEqual(await demo.page.locator('.cm-failed-line').allInnerTexts(), ['eval(1)', 'while (1) eval(1)']);
  assert.equal(await demo.page.locator('.cm-failed-number').count(), 2);
});

scene('a cancelled session has one name', { before: () => (broker.pool = { ...pool, codes: { OK: 5, CANCELLED: 2, SESSION_CANCELLED: 3 } }) }, async () => {
  broker.session = async (_, events) => {
    events.begin();
    events.final({ ok: false, error: { code: 'SESSION_CANCELLED', message: 'Session cancelled.' } });
  };
  await demo.live();
  await demo.run();
  const text = await demo.ended('cancelled');
  assert.match(text, /\bCANCELLED\b/);
  assert.doesNotMatch(text, /SESSION_CANCELLED/);
  assert.equal(await demo.page.locator('#codes li').count(), 2);
  const codes = await demo.page.textContent('#codes');
  assert.ok(!codes.includes('SESSION_CANCELLED'), codes);
  assert.doesNotMatch(await demo.page.textContent('#said'), /\.\./);
});

scene('without a token the page can be looked at, and asked again', { caused: [/401/], before: () => (broker.token = 'x') }, async () => {
  await demo.page.waitForSelector('#token-dialog[open]');
  await demo.page.keyboard.press('Escape');
  await demo.says('#link', 'a token is needed');
  await demo.run();
  assert.match(await demo.ended('refused'), /UNAUTHORIZED, HTTP 401\s+a bearer token is needed/);
  await demo.page.click('#token-open');
  await demo.page.waitForSelector('#token-dialog[open]');
});

for (const [name, body] of [
  ['no JSON', 'x'], ['no feed', '{"hello":1}'], ['a feed with nothing in it', '{"sessions":{},"places":[null,3,{}],"seconds":[{}],"codes":[1]}']]) {
  scene(`the panel stands ${name}`, { before: () => (broker.pool = body) }, async () => {
    if (body.startsWith('{"s')) await demo.live();
    else await demo.says('#pool-notice', 'is not the state of a pool');
    await demo.run();
    await demo.ended('completed');
    await demo.isAccessible(name);
  });
}

scene('a broker that goes away and comes back', { caused: [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE/] }, async () => {
  await demo.live();
  await broker.stop();
  await demo.page.waitForSelector('#link[data-state=down]', { timeout: 10_000 });
  await demo.says('#pool-notice', 'cannot be reached');
  await demo.run();
  assert.match(await demo.ended('lost', 20_000), /The broker cannot be reached\s+NETWORK_ERROR/);
  await demo.says('#alarmed', 'NETWORK_ERROR');
  await demo.isAccessible('broker gone');
  await keepPicture('state-broker-gone');
  await broker.start(broker.port);
  await demo.run();
  await demo.ended('completed');
  await demo.page.waitForSelector('#link[data-state=up]', { timeout: 40_000 });
});

scene('a runtime that is not to be had', {
  before: () => (broker.pool = { ...pool, mode: 'runtimes', places: [
    { name: 'ws://127.0.0.1:4001/', status: 'unreachable', message: 'Connection refused', sessions: { active: 0, max: 10 }, pool: null, isolation: null },
    { name: 'ws://127.0.0.1:4002/', status: 'stopping', sessions: { active: 2, max: 10 }, pool: null, isolation: null }] }),
}, async () => {
  await demo.live();
  const places = await demo.page.locator('.place').allInnerTexts();
  assert.match(places[0], /4001.*\s+unreachable\s+Connection refused\s+0 of 10 sessions active/);
  assert.match(places[1], /stopping\s+2 of 10 sessions active/);
  await demo.says('#level', '2 runtimes');
  await demo.isAccessible('unreachable');
});

scene('a refusal of the broker is told in its words', { caused: [/429/] }, async () => {
  broker.session = async (_, events) => events.refuse(429, 'RATE_LIMITED', 'too many requests in a minute (RequestsPerMinute)', { 'Retry-After': '7' });
  await demo.run();
  assert.match(await demo.ended('refused'), /The broker refused the session\s+RATE_LIMITED, HTTP 429\s+too many requests in a minute/);
});

scene('a flood of output leaves the page small, and nobody is talked over', {}, async () => {
  broker.session = async (_, events) => {
    events.begin();
    for (let i = 1; i <= 20_000; i++) events.print(`line ${i} ${i % 100 === 0 ? 'x'.repeat(5_000) : ''}`);
    events.final({ ok: true });
  };
  await demo.page.evaluate(() => {
    window.said = 0;
    new MutationObserver((changes) => (window.said += changes.length)).observe(document.getElementById('said'), { childList: true });
  });
  await demo.run();
  await demo.ended('completed', 30_000);
  await demo.says('#console-dropped', '19,500 older lines dropped');
  await demo.says('#console-count', '20,000 lines');
  const lines = await demo.page.locator('.console-text').allTextContents();
  assert.equal(lines.length, 500);
  assert.ok(lines.at(-1).startsWith('line 20000 xxx') && lines.at(-1).endsWith('more characters'));
  assert.ok(lines.every((line) => line.length < 2_100));
  assert.ok(await demo.page.evaluate(() => document.querySelectorAll('*').length) < 3_000);
  assert.ok((await demo.page.evaluate(() => window.said)) < 15, 'the live region changed too often');
});

scene('a big result unfolds piece by piece', {}, async () => {
  broker.session = async (_, events) =>
    events.final({ ok: true, result: { rows: Array.from({ length: 100_000 }, (_, id) => ({ id })), text: 'y'.repeat(1_000_000) } });
  await demo.run();
  await demo.ended('completed', 30_000);
  const size = () => demo.page.evaluate(() => document.querySelectorAll('.tree *').length);
  assert.ok((await size()) < 30, `${await size()} elements at first`);
  assert.ok((await demo.page.textContent('.tree')).length < 3_000);
  await demo.page.click('.tree-members summary');
  await demo.page.click('.tree button');
  assert.match(await demo.focused(), /SUMMARY/);
  assert.equal(await demo.page.locator('.tree-members .tree-members > .tree-branch').count(), 200);
  assert.match(await demo.page.textContent('.tree button'), /100 more of 99,800/);
  await demo.isAccessible('big result');
});

scene('cancel gives the broker a reason, by the button and by Escape', { caused: [/ERR_ABORTED/] }, async () => {
  broker.session = async (_, events) => {
    events.begin();
    events.call('report:render', { seconds: 15 });
  };
  await demo.run();
  await demo.page.waitForSelector('.call');
  assert.equal(await demo.page.getAttribute('#run', 'aria-disabled'), 'true');
  await demo.page.click('#cancel');
  assert.match(await demo.ended('cancelled'), /cancelled on the demo page/);
  assert.deepEqual((await demo.calls()).map((call) => call.state), ['ended']);
  await demo.page.focus('.cm-content');
  // A selection, which Escape would clear first.
  await demo.page.keyboard.press('Control+a');
  await demo.page.keyboard.press('Control+Enter');
  await demo.page.waitForSelector('#outcome[data-state=running]');
  await demo.page.waitForSelector('.call');
  await demo.page.keyboard.press('Escape');
  await demo.ended('cancelled');
  assert.deepEqual(broker.cancelled, ['cancelled on the demo page', 'Escape was pressed on the demo page']);
});

scene('limits are the user’s, within the broker’s', {}, async () => {
  await demo.live();
  const asked = [];
  broker.session = async (request, events) => {
    asked.push(request.limits);
    events.final({ ok: true });
  };
  await demo.says('#maxToolCalls-most', 'at most 50');
  await demo.page.fill('#maxToolCalls', '51');
  await demo.run();
  await demo.says('#maxToolCalls-problem', 'The broker allows at most 50');
  assert.equal(await demo.focused(), 'maxToolCalls');
  await demo.isAccessible('wrong limit');
  await demo.page.fill('#maxToolCalls', '7');
  await demo.page.fill('#deadlineMs', '5,000');
  await demo.page.keyboard.press('Control+Enter');
  await demo.ended('completed');
  assert.deepEqual(asked, [{ deadlineMs: 5000, maxToolCalls: 7 }]);
});

scene('a failed call is told from those before it', {}, async () => {
  broker.session = async (_, events) => {
    events.begin();
    events.applied(events.call('orders:list', {}));
    events.print('one');
    events.applied(events.call('always:fails', {}));
    events.final({ ok: false, error: { code: 'TOOL_ERROR', message: 'it always does', stack: '    at script.js:3:7' } });
  };
  await demo.run();
  assert.match(await demo.ended('failed'), /Go to line 3/);
  assert.deepEqual((await demo.calls()).map((call) => call.state), ['answered', 'failed']);
  await demo.page.click('text=Go to line 3');
  assert.equal(await demo.focused(), 'cm-content cm-lineWrapping');
  assert.equal(await demo.page.locator('.cm-failed-line').count(), 1);
  await demo.page.keyboard.type('x');
  assert.equal(await demo.page.locator('.cm-failed-line').count(), 0);
});

scene('on the narrowest phones too', { look: { size: { width: 360, height: 740 } } }, async () => {
  await demo.live();
  await demo.page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  await demo.isAccessible('360 pixels');
});

scene('whoever wants no motion gets fewer changes', { look: { motion: 'reduce', size: sizes.phone }, caused: [/ERR_ABORTED/] }, async () => {
  broker.session = async (_, events) => {
    events.begin();
    events.call('report:render', { seconds: 15 });
  };
  await demo.page.evaluate(() => {
    window.changes = 0;
    new MutationObserver((changes) => (window.changes += changes.length))
      .observe(document.getElementById('run-state'), { childList: true, characterData: true, subtree: true });
  });
  await demo.run();
  await demo.page.waitForFunction(() => document.getElementById('run-state').textContent.startsWith('running for 2.'), undefined, { timeout: 10_000 });
  assert.ok((await demo.page.evaluate(() => window.changes)) <= 8);
  await demo.page.click('#cancel');
  await demo.ended('cancelled');
});
