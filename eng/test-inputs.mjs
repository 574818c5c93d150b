// Prints a line for each test project: its name, and a hash of all that its result depends on; and one for the checkout, of all its files, for the checks.
// ./test.sh --changed compares them with the last green run.
//   node eng/test-inputs.mjs VERSIONS
// The inputs are the files of the project, of the projects that it references, and of the folders and files of the checkout that its sources name;
// the shared sources of tests, the build settings, the engine, and VERSIONS, the tools that the caller used.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';

const versions = process.argv[2] ?? '';
const always = ['Directory.Build.props', 'Directory.Packages.props', 'global.json', '.editorconfig', 'test.sh', 'eng/tests.sh', 'tests/Directory.Build.props',
  'tests/Directory.Build.targets', 'tests/Shared', 'eng/setup.sh', 'eng/common.sh', 'eng/engine', 'src/Enclave.Worker', 'src/Directory.Build.targets'];

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { maxBuffer: 1 << 28 }).toString().split('\0').filter(existsSync).sort();
const top = new Set(files.map((file) => file.split('/')[0]));
const hashes = new Map();
const hashOf = (file) => {
  if (!hashes.has(file)) hashes.set(file, createHash('sha256').update(readFileSync(file)).digest('hex'));
  return hashes.get(file);
};
const below = (folder) => files.filter((file) => file === folder || file.startsWith(`${folder}/`));

// Folders of a project and of all that it references.
function closure(project, found = new Set()) {
  const folder = dirname(project);
  if (found.has(folder)) return found;
  found.add(folder);
  for (const [, path] of readFileSync(project, 'utf8').matchAll(/<ProjectReference[^>]*Include="([^"]+)"/g)) {
    closure(normalize(join(folder, path.replaceAll('\\', '/').replace('$(MSBuildThisFileDirectory)', ''))), found);
  }
  return found;
}

// What the sources of a project name at the top of the checkout. Those that name its folder of programs start programs out of it, which no reference shows.
function named(folder) {
  const text = below(folder).filter((file) => file.endsWith('.cs') || file.endsWith('.csproj')).map((file) => readFileSync(file, 'utf8')).join('\n')
    .replaceAll(/<ProjectReference[^>]*>/g, '');
  const found = [...top].filter((name) => text.includes(`"${name}"`) || text.includes(`"${name}/`) || text.includes(`../${name}/`));
  return text.includes('"bin"') || text.includes('CliProcess') ? [...found, 'src', 'tools'] : found;
}

for (const project of files.filter((file) => /^tests\/[^/]+Tests\/[^/]+\.csproj$/.test(file))) {
  const folders = closure(project);
  const inputs = new Set([...always, ...folders, ...[...folders].filter((folder) => folder.startsWith('tests/')).flatMap(named)]);
  const hash = createHash('sha256').update(versions);
  for (const file of new Set([...inputs].flatMap(below))) hash.update(`${file}\0${hashOf(file)}\n`);
  console.log(`${basename(project, '.csproj')} ${hash.digest('hex').slice(0, 16)}`);
}

const all = createHash('sha256').update(versions);
for (const file of files) all.update(`${file}\0${hashOf(file)}\n`);
console.log(`checkout ${all.digest('hex').slice(0, 16)}`);
