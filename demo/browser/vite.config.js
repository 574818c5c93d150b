import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const require = createRequire(import.meta.url);

const page = (name) => fileURLToPath(new URL(name, import.meta.url));

// Fonts are not code, and Vite lists only the licences of code.
function fontLicences(...packages) {
  return {
    name: 'font-licences',
    generateBundle() {
      const texts = packages.map((name) => `${name}\n\n${readFileSync(require.resolve(`${name}/LICENSE`), 'utf8')}`);
      this.emitFile({ type: 'asset', fileName: 'font-licences.txt', source: texts.join('\n\n') });
    },
  };
}

export default defineConfig({
  // The broker serves the page from its own address.
  base: './',
  resolve: {
    // The client's source in this checkout, so that nothing has to be published first.
    alias: { 'enclave-client': fileURLToPath(new URL('../../clients/js/src/index.ts', import.meta.url)) },
  },
  plugins: [fontLicences('@fontsource/ibm-plex-mono', '@fontsource/ibm-plex-sans')],
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    emptyOutDir: true,
    // The page's policy allows fonts and images from its own origin, but not from data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { index: page('index.html'), fleet: page('fleet.html'), runs: page('runs.html') } },
    license: { fileName: 'licenses.md' },
  },
});
