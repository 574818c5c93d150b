import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('..', import.meta.url);
const readText = (path) => readFileSync(new URL(path, root), 'utf8');

test('the package holds what is run, its README and its licence', () => {
  // Without scripts: the build script would remove dist while other tests use it.
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  const paths = files.map((file) => file.path);
  assert.deepEqual(paths.filter((path) => !path.startsWith('dist/')).sort(), ['LICENSE', 'README.md', 'package.json']);
  assert.deepEqual(paths.filter((path) => !/^dist\/[a-zA-Z0-9]+(\.d\.ts|\.js)$/.test(path) && path.startsWith('dist/')), []);
  for (const entry of ['index', 'react']) assert.ok(paths.includes(`dist/${entry}.js`) && paths.includes(`dist/${entry}.d.ts`));
});

test('both entries are found by their names, and give what they promise', async () => {
  assert.deepEqual(Object.keys(await import('enclave-client')).sort(), ['EnclaveClient', 'EnclaveClientError']);
  assert.deepEqual(Object.keys(await import('enclave-client/react')).sort(), ['EnclaveProvider', 'useEnclaveClient', 'useEnclaveSession']);
});

test('the package needs nothing, and React only for its hook', () => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(readText('package.json'));
  assert.equal(dependencies, undefined);
  assert.deepEqual([Object.keys(peerDependencies), peerDependenciesMeta], [['react'], { react: { optional: true } }]);
});

test('every locked package has its hash, and none says where it came from', () => {
  const { packages } = JSON.parse(readText('package-lock.json'));
  for (const [name, { integrity, resolved }] of Object.entries(packages)) {
    if (name === '') continue;
    assert.match(integrity, /^sha512-/, name);
    assert.equal(resolved, undefined, name);
  }
});
