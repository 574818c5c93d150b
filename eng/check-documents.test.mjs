import { deepEqual, equal } from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = join(dirname(fileURLToPath(import.meta.url)), 'check-documents.mjs');

/** The output for a checkout with these files. */
function said(files) {
  const root = mkdtempSync(join(tmpdir(), 'enclave-documents-'));
  try {
    execFileSync('git', ['init', '-q'], { cwd: root });
    for (const [name, text] of Object.entries({ 'test.sh': '--full --only', 'bench.sh': '', ...files })) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const { status, stdout } = spawnSync(process.execPath, [program, root], { encoding: 'utf8' });
    const lines = stdout.split('\n').filter(Boolean);
    equal(status, lines.length ? 1 : 0);
    return lines;
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('links, files, tests and options that exist are passed over', () => deepEqual(said({
  'README.md': '# One\n[two](docs/two.md#a-heading), [here](#one), [web](https://example.org/x), '
    + '`src/Some/File.cs`, `src/*/File.cs`, `SomeTests`, `./test.sh --full`\n```\n[no](link)\n```\n',
  'docs/two.md': '## A `heading`\n[back](../README.md)\n', 'src/Some/File.cs': '', 'tests/X/SomeTests.cs': 'class SomeTests',
}), []));

test('a page that installs a package of ours says that it is not published yet', () => deepEqual(said({
  'a.md': '# A\n```sh\ndotnet add package Enclave.Host\n```\n',
  'b.md': 'The packages are not published yet.\n```sh\ndotnet tool install --global Enclave.Cli\n```\n',
  'c.md': '# C\n\n`npm install enclave-client`\n`dotnet add package Npgsql`\n',
}), [
  'a.md:3: it installs a package that is not published yet, and does not say so',
  'c.md:3: it installs a package that is not published yet, and does not say so',
]));

test('each that does not exist is named with its place', () => deepEqual(said({
  'README.md': '# One\n\n[gone](docs/gone.md)\n[heading](#two)\n`src/Gone.cs` `GoneTests` `./test.sh --gone`\n| `./test.sh` | 17 min |\n[out](../out.md)\n',
}), [
  'README.md:3: the link docs/gone.md leads to no file',
  'README.md:4: README.md has no heading for #two',
  'README.md:5: there is no src/Gone.cs',
  'README.md:5: there is no test class GoneTests',
  'README.md:5: test.sh has no option --gone',
  'README.md:6: how long ./test.sh takes stands in ./test.sh --help alone',
  'README.md:7: the link ../out.md leads out of the repository',
]));
