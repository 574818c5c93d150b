import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openPage } from './browser.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const deadline = 30_000;

/** The demo page, as a user operates it. */
export class DemoPage {
  static async open(browser, address, look) {
    return new DemoPage(await openPage(browser, address, look));
  }

  constructor({ page, faults, close }) {
    this.page = page;
    this.faults = faults;
    this.close = close;
  }

  /** Waits until the panel shows the broker's data. */
  async live() {
    await this.page.waitForSelector('#link[data-state=up]', { timeout: deadline });
    await this.page.waitForSelector('.place', { timeout: deadline });
  }

  async example(id) {
    await this.page.selectOption('#example', id);
  }

  async run() {
    await this.page.click('#run');
  }

  /** Replaces the script by typing, like a user without a mouse. */
  async write(code) {
    await this.page.focus('.cm-content');
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.insertText(code);
  }

  /** Waits for the end of a run, and returns what the page shows. */
  async ended(kind, within = deadline) {
    await this.page.waitForSelector('#outcome:not([data-state=running]):not([data-state=idle])', { timeout: within });
    const state = await this.page.getAttribute('#outcome', 'data-state');
    const text = await this.page.innerText('#outcome-body');
    assert.equal(state, kind, `the run ended as ${state}: ${text}`);
    return text;
  }

  /** Runs an example to its end. */
  async runExample(id, kind, within) {
    await this.example(id);
    await this.run();
    return this.ended(kind, within);
  }

  /** The lines of the console, once there are at least this many. */
  async console(least = 1) {
    await this.page.waitForFunction((count) => document.querySelectorAll('.console-line').length >= count, least, { timeout: deadline });
    return this.page.locator('.console-text').allInnerTexts();
  }

  /** The rows of the timeline. */
  async calls() {
    return this.page.locator('.call').evaluateAll((rows) => rows.map((row) => ({
      tool: row.querySelector('.call-name').textContent,
      args: row.querySelector('.call-args').textContent,
      state: row.dataset.state,
      from: Number(row.querySelector('.call-bar').style.getPropertyValue('--from')),
      to: Number(row.querySelector('.call-bar').style.getPropertyValue('--to')),
    })));
  }

  /** Waits until an element has a text. */
  async says(selector, text) {
    await this.page.waitForFunction(
      ([where, what]) => document.querySelector(where)?.textContent?.includes(what),
      [selector, text],
      { timeout: deadline },
    ).catch(async () => assert.fail(`${selector} does not say "${text}" but "${await this.page.textContent(selector)}"`));
  }

  /** Checks that axe-core finds nothing, and that nothing is wider than the page. */
  async isAccessible(state) {
    if (!(await this.page.evaluate(() => 'axe' in window))) await this.page.evaluate(axe);
    // All of its rules: the levels of WCAG 2 and best practices.
    const { violations } = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    const told = violations.map(
      ({ id, impact, help, nodes }) => `${impact}: ${id}, ${help}: ${nodes.map((node) => node.target.join(' ')).slice(0, 3).join('; ')}`);
    assert.deepEqual(told, [], state);
    const [content, window_] = await this.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(content <= window_, `${state}: the page is ${content} wide in a window of ${window_}`);
  }

  /** Checks that there were no failures except those that the test caused. */
  isClean(...caused) {
    const unexpected = this.faults.filter((fault) => !caused.some((pattern) => pattern.test(fault)));
    assert.deepEqual(unexpected, []);
  }

  /** The focused element, also inside the editor. */
  async focused() {
    return this.page.evaluate(() => {
      const inner = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
      return inner?.id || inner?.className || inner?.tagName;
    });
  }
}
