import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './browser.js';
import { DemoPage } from './demoPage.js';
import { FakeBroker } from './fakeBroker.js';

// Tests of a page with a simulated broker. ENCLAVE_DEMO_OUT is the folder for pictures, if wanted.
const folder = process.env.ENCLAVE_DEMO_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
const pictures = process.env.ENCLAVE_DEMO_OUT;

/** The state of the present scene. */
export let broker;
export let demo;

/** The shared parts of a file's scenes: a browser, and for each scene a broker that `prepare` has set up. */
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

  /** A test with its own page. Only the named failures may occur on it. */
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

/** A picture of the page. */
export async function keepPicture(name, { fullPage = false } = {}) {
  if (pictures) await demo.page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
}
