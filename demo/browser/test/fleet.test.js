import assert from 'node:assert/strict';
import { sizes } from './support/browser.js';
import { fleet } from './support/fleet.js';
import { broker, demo, stage } from './support/scenes.js';

// The page of the fleet in each of its states, with a simulated broker.
const scene = stage({ page: 'fleet.html', picture: 'fleet', fullPage: true, prepare: (started) => (started.fleet = structuredClone(fleet)) });
const live = () => demo.page.waitForSelector('#fleet[data-state=live]', { timeout: 10_000 });
const rows = (id) => demo.page.locator(`#${id} tbody tr`).evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent)));

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colours of ['light', 'dark']) {
    scene(`all of a fleet, ${size}, ${colours}`, { look: { size: viewport, colours } }, async () => {
      await live();
      await demo.says('#parts', '2 brokers, 3 runtimes, 2 silent');
      assert.deepEqual(await demo.page.locator('.sums dd').allTextContents(), ['8', '4', '7', '1.8\u00a0s', '3', '1']);
      const brokers = await rows('brokers');
      assert.deepEqual(brokers[0],
        ['eu-1/100 (this one)', 'ok', '12 of 100', '4', '2.4\u00a0ms', '48\u00a0ms', '3', 'queues', '1\u00a0h 2\u00a0min', '1.2.3', 'http://10.0.0.1:3000']);
      assert.deepEqual(brokers[1].slice(0, 6), ['eu-2/101', 'silent for 14\u00a0s', '7 of 100', '1', '–', '–']);
      const runtimes = await rows('runtimes');
      assert.deepEqual(runtimes[0], ['run-1/7', 'ok', '3 of 10', 'SECURE', 'secure.default, secure.guests', '4', '6', '1', '1.2.3', '–']);
      assert.equal(runtimes[2][1], 'unreachable');
      assert.equal(runtimes[2][9], 'Connection refused');
      assert.deepEqual(await rows('queues'), [['secure.default', '4', '1.8\u00a0s', '2', '7'], ['strict.partners', '0', '–', '0', '0']]);
      assert.deepEqual(await rows('tenants'), [['acme', '9', '3', '3'], ['without a name', '1', '0', '0']]);
      await demo.says('#tenants-others', '3 other tenants not shown');
      await demo.says('#security', 'protocol_violation');
      await demo.says('#silence', 'A part without a report for 10\u00a0s is shown as silent, and is removed after 1\u00a0min.');
      await demo.isAccessible(`${size}, ${colours}`);
    });
  }
}

scene('a fleet of nobody else', { before: () => (
  broker.fleet = { ...fleet, brokers: [fleet.brokers[0]], runtimes: [], queues: [], tenants: [], otherTenants: 0, recycled: {}, security: {} }) }, async () => {
  await live();
  for (const [id, words] of [['runtimes-empty', 'No runtime is known'], ['queues-empty', 'There is no queue'],
    ['tenants-empty', 'No tenant has a session'], ['recycled-empty', 'No worker has been recycled'],
    ['security-empty', 'No security event has been reported']]) {
    assert.ok(await demo.page.isVisible(`#${id}`), id);
    await demo.says(`#${id}`, words);
  }
  assert.equal(await demo.page.isVisible('#runtimes'), false);
  await demo.isAccessible('empty');
});

scene('who falls silent, comes back and goes is shown and said', { look: { size: sizes.phone } }, async () => {
  await live();
  assert.equal(await demo.page.getAttribute('#runtimes tbody tr', 'data-state'), 'ok');
  broker.fleet.runtimes[0].state = 'silent';
  broker.fleet.runtimes[0].seenMs = 12_300;
  await demo.says('#runtimes', 'silent for 12\u00a0s');
  assert.equal(await demo.page.getAttribute('#runtimes tbody tr', 'data-state'), 'silent');
  await demo.says('#said', 'runtime run-1/7 is silent');
  broker.fleet.runtimes.shift();
  await demo.says('#parts', '2 brokers, 2 runtimes');
  await demo.says('#said', 'runtime run-1/7 is gone');
  await demo.isAccessible('silent');
});

scene('an operator’s token is asked for, and a client’s is not one',
  { caused: [/401/, /403/], before: () => ([broker.token, broker.operator] = ['a-clients-token', 'an-operators-token']) }, async () => {
  await demo.page.waitForSelector('#token-dialog[open]');
  await demo.says('#fleet-notice', 'requires an operator');
  await demo.isAccessible('token');
  await demo.page.fill('#token', 'a-clients-token');
  await demo.page.keyboard.press('Enter');
  await demo.says('#fleet-notice', 'this token is not an operator');
  // A refusal must not look as if all were well.
  assert.equal(await demo.page.getAttribute('#link', 'data-state'), 'down');
  await demo.isAccessible('forbidden');
  const asked = broker.requests.length;
  await demo.page.waitForTimeout(1_500);
  assert.equal(broker.requests.length, asked, 'it was asked again with a token that may not');
  await demo.page.click('#token-open');
  await demo.page.fill('#token', 'an-operators-token');
  await demo.page.keyboard.press('Enter');
  await live();
  const kept = await demo.page.evaluate(() => JSON.stringify([{ ...localStorage }, document.cookie, location.href]));
  assert.ok(!kept.includes('operators-token'), kept);
});

for (const [name, body] of [['no JSON', 'x'], ['no fleet', '{"hello":1}']]) {
  scene(`the page stands ${name}`, { before: () => (broker.fleet = body) }, async () => {
    await demo.says('#fleet-notice', 'is not the state of a fleet');
    await demo.isAccessible(name);
  });
}

scene('a broker that goes away and comes back', { caused: [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE/] }, async () => {
  await live();
  await broker.stop();
  await demo.page.waitForSelector('#link[data-state=down]', { timeout: 10_000 });
  await demo.says('#fleet-notice', 'The data below is the last that was received');
  assert.equal((await rows('brokers')).length, 2);
  await demo.isAccessible('gone');
  await broker.start(broker.port);
  await live();
});

scene('text of strangers stays text', {}, async () => {
  const evil = '<img src=x onerror="window.hit=1"><b>bold</b>\u001b[31m\u202e';
  broker.fleet = {
    ...fleet, brokers: [{ ...fleet.brokers[0], name: evil, version: evil, address: evil, state: evil }],
    runtimes: [{ ...fleet.runtimes[0], name: evil, level: evil, queues: [evil], message: evil }],
    queues: [{ ...fleet.queues[0], name: evil }], tenants: [{ ...fleet.tenants[0], name: evil }], recycled: { [evil]: 1 }, security: { [evil]: 2 },
  };
  await live();
  await demo.says('#brokers', '\\u001b[31m');
  await demo.says('#brokers', 'unknown');
  assert.deepEqual(await demo.page.evaluate(() => [document.querySelectorAll('img, b').length, window.hit]), [0, undefined]);
  await demo.isAccessible('hostile text');
});

// Leaving the page cancels a request in progress.
scene('from the demo page to the fleet and back by the keyboard', { caused: [/GET \/fleet net::ERR_ABORTED/] }, async () => {
  await live();
  await demo.page.click('text=Demo');
  await demo.page.waitForSelector('#editor');
  await demo.page.focus('a:has-text("Fleet")');
  await demo.page.keyboard.press('Enter');
  await live();
});
