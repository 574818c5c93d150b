import { deepEqual, equal } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = join(dirname(fileURLToPath(import.meta.url)), 'test-inputs.mjs');
const reference = (path) => `<Project><ProjectReference Include="${path}" /></Project>`;
const files = {
  'test.sh': '', 'docs/page.md': 'text', 'src/Low/Low.csproj': '<Project />', 'src/Low/Code.cs': 'low', 'src/High/High.csproj': reference('../Low/Low.csproj'),
  'src/High/Code.cs': 'high', 'tests/Low.Tests/Low.Tests.csproj': reference('../../src/Low/Low.csproj'), 'tests/Low.Tests/Code.cs': 'Path("docs", "page.md")',
  'tests/High.Tests/High.Tests.csproj': reference('../../src/High/High.csproj'), 'tests/High.Tests/Code.cs': '',
  'tests/Run.Tests/Run.Tests.csproj': '<Project />', 'tests/Run.Tests/Code.cs': 'Path("artifacts", "bin")',
};

/** The test projects whose hash changes with these files. */
function changedBy(changes, versions = '1') {
  const root = mkdtempSync(join(tmpdir(), 'enclave-inputs-'));
  const write = (all) => Object.entries(all).forEach(([name, text]) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  });
  const hashes = (with_) => execFileSync(process.execPath, [program, with_], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  try {
    execFileSync('git', ['init', '-q'], { cwd: root });
    write(files);
    const before = hashes('1');
    write(changes);
    return hashes(versions).filter((line, i) => line !== before[i]).map((line) => line.split(/[. ]/)[0]).filter((name) => name !== 'checkout');
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('every file counts for the checks', () => {
  const root = mkdtempSync(join(tmpdir(), 'enclave-inputs-'));
  const key = () => execFileSync(process.execPath, [program, '1'], { cwd: root, encoding: 'utf8' }).trim();
  try {
    execFileSync('git', ['init', '-q'], { cwd: root });
    for (const name of ['test.sh', 'eng/tests.sh']) { mkdirSync(dirname(join(root, name)), { recursive: true }); writeFileSync(join(root, name), ''); }
    const before = key();
    writeFileSync(join(root, 'README.md'), 'new');
    equal(before === key(), false);
  } finally {
    rmSync(root, { recursive: true });
  }
});
test('nothing changes nothing', () => deepEqual(changedBy({}), []));
test('a file changes its project and those above it', () => deepEqual(changedBy({ 'src/Low/Code.cs': 'new' }), ['High', 'Low', 'Run']));
test('a project that starts programs depends on all of them', () => deepEqual(changedBy({ 'src/High/Code.cs': 'new' }), ['High', 'Run']));
test('a new file counts', () => deepEqual(changedBy({ 'tests/Low.Tests/More.cs': 'new' }), ['Low']));
test('a folder that tests name counts for them', () => deepEqual(changedBy({ 'docs/page.md': 'new' }), ['Low']));
test('all depend on the build settings', () => deepEqual(changedBy({ 'Directory.Build.props': 'new' }), ['High', 'Low', 'Run']));
test('and on the versions of the tools', () => deepEqual(changedBy({}, '2'), ['High', 'Low', 'Run']));
