import { chromium } from 'playwright-core';

const flags = ['--headless',
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** The sizes that the page must support. */
export const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

/** Debian's Chromium, or the one named by ENCLAVE_CHROMIUM. */
export function launch() {
  return chromium.launch({ executablePath: process.env.ENCLAVE_CHROMIUM ?? '/usr/bin/chromium', args: flags });
}

/** A page that records failures: its own errors, errors on the console, and requests that failed or were refused. */
export async function openPage(browser, address, { size = sizes.desktop, colours = 'light', motion = 'no-preference' } = {}) {
  const context = await browser.newContext({ viewport: size, colorScheme: colours, reducedMotion: motion });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => {
    const { pathname } = new URL(request.url());
    // Leaving a page while its icon or a font is loading cancels them.
    if (/favicon|\.woff2$/.test(pathname) && request.failure()?.errorText === 'net::ERR_ABORTED') return;
    faults.push(`request: ${request.method()} ${pathname} ${request.failure()?.errorText}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`answer: ${response.request().method()} ${new URL(response.url()).pathname} ${response.status()}`);
  });
  await page.goto(address);
  return { page, faults, close: () => context.close() };
}
