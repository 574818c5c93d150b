import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from './support/browser.js';
import { DemoPage } from './support/demoPage.js';

// The page of durable runs on a real broker with a store. ENCLAVE_DEMO_URL is its address, ENCLAVE_DEMO_OUT the folder for pictures: test/run.js sets both.
const address = process.env.ENCLAVE_DEMO_URL ?? assert.fail('ENCLAVE_DEMO_URL is missing: test/run.js sets it');
const folder = process.env.ENCLAVE_DEMO_OUT ?? assert.fail('ENCLAVE_DEMO_OUT is missing: test/run.js sets it');
const evil = '<img src=x onerror="window.hit=1"><b>bold</b>\u001b[31m\u202e';
const left = new AbortController();

let browser;

before(async () => {
  await mkdir(folder, { recursive: true });
  browser = await launch();
});
after(async () => {
  left.abort();
  await browser?.close();
});

/** Starts a durable session, and leaves it to itself. */
async function start(sessionId, code) {
  const answer = await fetch(new URL('sessions', address), { method: 'POST', signal: left.signal,
    headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ durable: true, sessionId, code }) });
  assert.equal(answer.status, 200, await (answer.ok ? '' : answer.text()));
}

async function onRun(sessionId, play) {
  const demo = await DemoPage.open(browser, new URL('runs.html', address).href);
  try {
    await demo.page.click(`#runs-table button:has-text("${sessionId}")`);
    await demo.page.waitForSelector('#run[data-state=live]');
    await play(demo);
    // A new request replaces one in progress.
    demo.isClean(/GET \/runs(\/run)? net::ERR_ABORTED/);
    await demo.page.screenshot({ path: join(folder, `runs-page-${sessionId}.png`), fullPage: true });
  } finally {
    await demo.close();
  }
}

const fact = (demo, value) => demo.says('#run-facts', value);
const entries = (demo) => demo.page.locator('#timeline tbody tr')
  .evaluateAll((rows) => rows.map((row) => [...row.children].slice(2).map((cell) => cell.textContent)));

test('a run is followed, answered, read to its end and deleted', async () => {
  await start('s_colour', `
    console.log(${JSON.stringify(evil)});
    const orders = await callTool('orders:list', { status: 'open' });
    const colour = await waitFor('colour', { timeout: '2d' });
    return { colour, orders: orders.length };`);
  await onRun('s_colour', async (demo) => {
    await fact(demo, 'suspended');
    const before = await entries(demo);
    assert.deepEqual(before.map(([word]) => word), ['opened', 'printed', 'called', 'answered', 'called', 'waiting', 'suspended']);
    assert.ok(before[1][2].includes('\\u001b[31m\\u202e'), before[1][2]);
    assert.deepEqual(before[2].slice(1), ['c_1 orders:list', '{"status":"open"}']);
    await demo.says('.wait .note', `call c_2, until ${new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 8)}`);
    await demo.isAccessible('waiting');
    await demo.page.fill('.wait textarea', '"red"');
    await demo.page.click('text="Answer"');
    await demo.says('#run-done', 'Answered.');
    await fact(demo, 'ended');
    await demo.says('#timeline', '{"colour":"red","orders":4}');
    assert.ok(await demo.page.isVisible('#run-waits-empty'));
    assert.deepEqual(await demo.page.evaluate(() => [document.querySelectorAll('main img, main b').length, window.hit]), [0, undefined]);
    await demo.isAccessible('ended');
    await demo.page.click('#run-delete');
    await demo.page.click('#confirm-yes');
    await demo.says('#said', 'Deleted.');
    await demo.page.waitForFunction(() => !document.querySelector('#runs-table').textContent.includes('s_colour'));
  });
});

test('a refusal reaches the script with its reason', async () => {
  await start('s_refused', `try { await waitFor(${JSON.stringify(evil)}); } catch (fault) { return fault.message; }`);
  await onRun('s_refused', async (demo) => {
    await fact(demo, 'suspended');
    await demo.says('.wait h4', '<img src=x');
    await demo.page.fill('.wait input', 'not today');
    await demo.page.click('text="Refuse"');
    await fact(demo, 'ended');
    await demo.says('#timeline tbody tr:last-child', 'not today');
    assert.equal(await demo.page.evaluate(() => window.hit), undefined);
  });
});

test('a run that waits is cancelled', async () => {
  await start('s_cancelled', "await waitFor('nothing')");
  await onRun('s_cancelled', async (demo) => {
    await fact(demo, 'suspended');
    await demo.page.click('#run-cancel');
    await demo.page.click('#confirm-yes');
    await demo.says('#run-done', 'Cancelled.');
    await fact(demo, 'CANCELLED');
    await demo.page.selectOption('#filter-state', 'suspended');
    await demo.page.waitForFunction(() => !document.querySelector('#runs-table').textContent.includes('s_cancelled'));
  });
});
