// Prints the size of the house: what is counted, and the figure; of two checkouts, both figures side by side.
//   node eng/measure-house.mjs               this checkout
//   node eng/measure-house.mjs OLDER NEWER   two checkouts: git worktree add /tmp/older COMMIT makes one
// Sources are read as text, so figures of declarations are those of the usual way to write one. TypeSizeTests has the sizes of types, ErrorCodeTests the
// codes beside their classes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

function measure(folder) {
  const listed = execFileSync('git', ['-C', folder, 'ls-files', '-z'], { maxBuffer: 1 << 28 }).toString().split('\0').filter(Boolean);
  const text = new Map();
  const read = (file) => text.get(file) ?? text.set(file, readFileSync(join(folder, file), 'utf8')).get(file);
  const lines = (files) => files.reduce((sum, file) => sum + read(file).split('\n').length - 1, 0);
  const matches = (files, pattern) => files.reduce((sum, file) => sum + (read(file).match(pattern) ?? []).length, 0);
  const source = listed.filter((file) => file.startsWith('src/'));
  const csharp = source.filter((file) => file.endsWith('.cs')), native = source.filter((file) => /\.(cc|h)$/.test(file) && !file.includes('.g.'));
  const pages = listed.filter((file) => file.startsWith('docs/') && file.endsWith('.md') && !file.startsWith('docs/adr/') && !file.startsWith('docs/api/'));
  const projectOf = (file) => file.split('/')[1];
  const figures = new Map();

  figures.set('files of C# in src', csharp.length);
  figures.set('lines of C# in src', lines(csharp));
  for (const name of [...new Set(csharp.map(projectOf))]) figures.set(`  ${name}`, lines(csharp.filter((file) => projectOf(file) === name)));

  const surfaces = listed.filter((file) => /PublicApi\/.*\.txt$/.test(file));
  const types = (file) => read(file).split('\n').filter((line) => line !== '' && !line.startsWith(' ')).length;
  figures.set('public types, without Enclave.JavaScript', surfaces.filter((file) => !file.includes('JavaScript')).reduce((sum, file) => sum + types(file), 0));
  for (const file of surfaces) figures.set(`  ${basename(file, '.txt')} `, types(file));
  const edges = listed.filter((file) => /^src\/.*\.csproj$/.test(file)).flatMap((file) => read(file).match(/InternalsVisibleTo Include="[^"]+"/g) ?? []);
  figures.set('friends: projects of src', edges.filter((edge) => !/Tests|Bench|Probe|FakeWorker|Cluster"/.test(edge)).length);

  // An option is a property that can be set, of a type whose name ends in Options. One that is set has its name before an equals sign in another file.
  const settable = /public (?:required )?[^=;({]+? (\w+) \{ get; (?:set|init); \}/g;
  const options = [];
  for (const file of csharp) {
    if (!/\b(?:record|class|struct) \w*Options\b/.test(read(file))) continue;
    for (const [, name] of read(file).matchAll(settable)) options.push({ file, name });
  }
  const everything = listed.filter((file) => /\.(cs|md)$/.test(file));
  const setBy = new Map();
  for (const file of everything) {
    for (const [, name] of read(file).matchAll(/\b([A-Z]\w+)\s*=(?![=>])/g)) setBy.set(name, (setBy.get(name) ?? new Set()).add(file));
  }
  const isSet = ({ file, name }) => [...setBy.get(name) ?? []].some((other) => other !== file);
  figures.set('settable options', options.length);
  figures.set('types of options', new Set(options.map((option) => option.file)).size);
  const unset = options.filter((option) => !isSet(option));
  figures.set('options that nothing sets', unset.length);

  figures.set('files of C++', native.length);
  figures.set('lines of C++', lines(native));
  const assertions = matches(native, /\b(?:static_assert|assert|[A-Z_]*D?CHECK|ENCLAVE_ASSERT)\s*\(/g);
  figures.set('assertions for 1,000 lines of C++', (1000 * assertions / lines(native)).toFixed(1));
  figures.set('words of pages (docs, without ADRs)', pages.reduce((sum, file) => sum + read(file).split(/\s+/).filter(Boolean).length, 0));
  figures.set('words of docs/architecture.md', read('docs/architecture.md').split(/\s+/).filter(Boolean).length);
  return { figures, unset };
}

const folders = process.argv.slice(2);
if (folders.some((folder) => folder.startsWith('-')) || folders.length > 2 || folders.length === 1) {
  console.error('usage: node eng/measure-house.mjs [OLDER NEWER]');
  process.exit(2);
}
const houses = (folders.length === 2 ? folders : ['.']).map(measure);
const last = houses.at(-1), number = (value) => (value === undefined ? '-' : value.toLocaleString?.('en') ?? value);
for (const name of new Set(houses.flatMap((house) => [...house.figures.keys()]))) {
  console.log(name.padEnd(62) + houses.map((house) => String(number(house.figures.get(name))).padStart(10)).join(''));
}
if (last.unset.length > 0) console.log(`\noptions that nothing sets:\n${last.unset.map((option) => `  ${option.name} (${option.file})`).join('\n')}`);
