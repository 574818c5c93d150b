// Facts in documents that can be looked up: links lead somewhere, named files, tests and options exist, durations of ./test.sh stand in one place, and
// pages that install a package of ours say where it comes from.
//   node eng/check-documents.mjs [ROOT]    ROOT: a checkout; without it this one
import { existsSync, readFileSync, statSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { dirname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..'));
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
const tracked = listed.split('\n').filter(file => file && existsSync(join(root, file)));
const folders = new Set(tracked.flatMap(file => file.split('/').slice(0, -1).map((_, i, parts) => parts.slice(0, i + 1).join('/'))));
// The reference is written from comments; a change log names what was there.
const pages = tracked.filter(file => file.endsWith('.md') && !file.includes('/fixtures/') && file !== 'CHANGELOG.md');

let failed = 0;
const report = (page, line, text) => { failed++; console.log(`${page}:${line}: ${text}`); };
const read = file => readFileSync(join(root, file), 'utf8');

/** The lines of a page without its fenced blocks, each with its number. */
function proseOf(text) {
  let fence = '';
  return text.split('\n').map((line, i) => {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (mark && (!fence || mark.startsWith(fence))) { fence = fence ? '' : mark; return { line: '', number: i + 1 }; }
    return { line: fence ? '' : line, number: i + 1 };
  });
}

/** The anchors of a page's headings, as the usual renderers make them. */
const anchors = new Map();
function anchorsOf(page) {
  if (anchors.has(page)) return anchors.get(page);
  const found = new Set(), seen = new Map();
  for (const { line } of proseOf(read(page))) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '').toLowerCase();
    const slug = text.replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replace(/ /g, '-'), times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    found.add(times ? `${slug}-${times}` : slug);
  }
  anchors.set(page, found);
  return found;
}

function checkLink(page, number, target) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return;
  const [path, anchor] = target.split('#');
  const file = path ? normalize(join(dirname(page), decodeURIComponent(path))).replace(/\/$/, '') : page;
  if (file.startsWith('..')) return report(page, number, `the link ${target} leads out of the repository`);
  if (!tracked.includes(file) && !folders.has(file)) return report(page, number, `the link ${target} leads to no file`);
  if (anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).has(anchor.toLowerCase())) report(page, number, `${file} has no heading for #${anchor}`);
}

const sources = ['src', 'tests', 'eng', 'docs', 'benchmarks', 'deploy', 'samples', 'clients', 'tools', 'demo'];
const pathLike = new RegExp(`^(?:\\./)?((?:${sources.join('|')})/[A-Za-z0-9_./*{},-]+)$`);

/** Braces and stars as a shell reads them. */
function exists(path) {
  const braces = /^(.*)\{([^{}]*)\}(.*)$/.exec(path);
  if (braces) return braces[2].split(',').every(part => exists(braces[1] + part + braces[3]));
  if (!path.includes('*')) return tracked.includes(path) || folders.has(path);
  const pattern = new RegExp(`^${path.replace(/[.+?^$()|[\]\\]/g, '\\$&').replace(/\*+/g, '[^ ]*')}$`);
  return tracked.some(file => pattern.test(file)) || [...folders].some(folder => pattern.test(folder));
}

/** Whether the path stands in some project, whose own name may be shortened (`Host/` for `src/Enclave.Host/`). */
function innerExists(path) {
  const pattern = new RegExp(`(^|/|/Enclave\\.)${path.replace(/[.+?^$()|[\]\\]/g, '\\$&').replace(/\*+/g, '[^/]*')}`);
  return tracked.some(file => pattern.test(file));
}

const testText = tracked.filter(file => file.startsWith('tests/') && /\.(cs|mjs|js)$/.test(file)).map(read).join('\n');
const scriptFiles = ['test.sh', 'bench.sh', ...tracked.filter(file => /^(eng|deploy|benchmarks)\/[a-z-]+\.sh$/.test(file))];
const scripts = new Map(scriptFiles.map(file => [file, read(file)]));
// The options of this script are defined in another program.
scripts.delete('eng/cluster.sh');

function checkCode(page, number, code) {
  const path = pathLike.exec(code.replace(/[/.:]+$/, ''))?.[1];
  if (path && !exists(path.replace(/\/$/, '')) && !exists(join(dirname(page), path))) report(page, number, `there is no ${path}`);
  // A file or folder of some project, named from there: `Pool/TenantQueues.cs`, `Host/Pool/`.
  const inner = /^((?:[A-Z]\w*(?:\.\w+)*\/)+[\w.*]*)$/.exec(code)?.[1];
  if (inner && !pathLike.test(code) && !innerExists(inner)) report(page, number, `no project has ${inner}`);
  const test = /^([A-Z]\w*Tests)$/.exec(code)?.[1];
  if (test && !testText.includes(`class ${test}`)) report(page, number, `there is no test class ${test}`);
  const script = /^(?:[A-Z_]+=\S+ )*(?:\.\/)?((?:eng\/|deploy\/|benchmarks\/)?[a-z-]+\.sh)\b(.*)$/.exec(code);
  if (script && scripts.has(script[1])) {
    for (const option of script[2].match(/(?<= )--[a-z][a-z-]*/g) ?? []) {
      const text = `${scripts.get(script[1])}${script[1] === 'bench.sh' ? benchText : ''}`;
      if (!text.includes(option)) report(page, number, `${script[1]} has no option ${option}`);
    }
  }
}
const benchFiles = tracked.filter(file => /^benchmarks\/[^/]*\.mjs$/.test(file) || file.startsWith('benchmarks/peers/'));
const benchText = benchFiles.map(file => statSync(join(root, file)).size < 1e5 ? read(file) : '').join('\n');

// Until the packages are published, each of these commands fails without the words beside it.
const installs = /\b(dotnet add package|dotnet tool install (?:--global )?|npm install \S*)\s*"?(Enclave\.|\S*enclave-client)/;

for (const page of pages) {
  const text = read(page), install = text.split('\n').findIndex(line => installs.test(line));
  if (install >= 0 && !text.includes('not published yet')) report(page, install + 1, 'it installs a package that is not published yet, and does not say so');
  for (const { line, number } of proseOf(read(page))) {
    for (const [, target] of line.replace(/`[^`]*`/g, '').matchAll(/\]\(([^()\s]+(?:\([^()\s]*\))?)\)/g)) checkLink(page, number, target);
    for (const [, code] of line.matchAll(/`([^`]+)`/g)) checkCode(page, number, code.trim());
    // Said twice, one of them is wrong soon: ./test.sh --help says how long it takes.
    const saysDuration = /`\.\/test\.sh(?: --full)?`/.test(line) && /\b\d+ ?min(ute)?s?\b/.test(line);
    if (saysDuration) report(page, number, 'how long ./test.sh takes stands in ./test.sh --help alone');
  }
}

process.exitCode = failed ? 1 : 0;
