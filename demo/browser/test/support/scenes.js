import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './browser.js';
import { DemoPage } from './demoPage.js';
import { FakeBroker } from './fakeBroker.js';

// Tests of one page with a broker that says what the test wants. ENCLAVE_DEMO_OUT is where pictures go, if any are wanted.
const folder = process.env.ENCLAVE_DEMO_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
const pictures = process.env.ENCLAVE_DEMO_OUT;

/** Of the scene that plays. */
export let broker;
export let demo;

/** What the scenes of a file share: a browser, and for each a broker of its own that `prepare` has been at. */
export function stage({ page = '', picture, fullPage = false, prepare }) {
  let browser;
  before(async () => {
    browser = await launch();
  });
  beforeEach(async () => {
    broker = new FakeBroker(folder);
    prepare(broker);
    await broker.start();
  });
  after(() => browser.close());

  /** A test with a page of its own; nothing may go wrong on it but what is named. */
  return (name, { look, caused = [], before: earlier = () => {} }, play) => {
    test(name, async () => {
      earlier();
      demo = await DemoPage.open(browser, `${broker.address}${page}`, look);
      try {
        await play();
        demo.isClean(...caused);
        await keepPicture(`${picture}-${name.replace(/\W+/g, '-')}`, { fullPage });
      } finally {
        await demo.close();
        await broker.stop();
      }
    });
  };
}

/** Of the page as it is now. */
export async function keepPicture(name, { fullPage = false } = {}) {
  if (pictures) await demo.page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}
