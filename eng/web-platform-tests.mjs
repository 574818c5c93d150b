// Runs the files of a checkout of web-platform-tests, each as one run of the command line, and compares what fails with the list of what is known to fail.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { known: { type: 'string' }, command: { type: 'string' }, only: { type: 'string', default: '' }, show: { type: 'boolean' } },
});
const folder = resolve(positionals[0] ?? '');
const read = (file) => readFileSync(join(folder, file), 'utf8');

// What the area is called, and where its files are. Their folders are not entered.
const areas = {
  url: ['url'], encoding: ['encoding'], abort: ['dom/abort'], events: ['dom/events'], timers: ['html/webappapis/timers'],
  microtasks: ['html/webappapis/microtask-queuing'], base64: ['html/webappapis/atob'], structuredClone: ['html/webappapis/structured-clone'],
  'Blob and File': ['FileAPI/blob', 'FileAPI/file'], Headers: ['fetch/api/headers'], FormData: ['xhr/formdata'],
  crypto: ['WebCryptoAPI', 'WebCryptoAPI/digest', 'WebCryptoAPI/sign_verify'], performance: ['hr-time'],
  exceptions: ['webidl/ecmascript-binding/es-exceptions'], console: ['console'],
};

// file | subtest, or * | reason. A file with ** is not run: it tests what is not provided.
const known = readFileSync(options.known, 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
  const [file, name, reason] = line.split(' | ');
  if (!reason) throw new Error(`${options.known}: not "file | subtest | reason": ${line}`);
  return { file, name, reason, used: false };
});
// Line feeds and such stand in names.
const plain = (name) => name.replace(/[\u0000-\u001f|\\\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).trim();
const isNamed = (entry, name) => entry.name === name || (entry.name.endsWith('*') && name.startsWith(entry.name.slice(0, -1)));
const byFile = Map.groupBy(known, (entry) => entry.file);
const find = (file, name) => byFile.get(file)?.find((entry) => isNamed(entry, name));

const before = `
  const self = globalThis;
  globalThis.self = globalThis;
  globalThis.GLOBAL = { isWindow: () => false, isWorker: () => true, isShadowRealm: () => false };
  globalThis.location = { pathname: '/', href: 'https://web-platform.test/', search: '', protocol: 'https:' };
  const fetch = async (path) => ({ ok: path in files, json: async () => JSON.parse(files[path]), text: async () => files[path] });
`;
const after = `
  return await new Promise((resolve) => {
    const results = (tests, status) => resolve({
      status: { code: status?.status, message: String(status?.message ?? '') },
      tests: tests.map((t) => [String(t.name), t.status, String(t.message ?? '').slice(0, 300)]),
    });
    add_completion_callback(results);
    setTimeout(() => results(tests_so_far, { status: 2, message: 'not done in 20 s' }), 20000);
  });
`;

// Blobs are compared through a Response, which scripts may not have.
const response = 'const Response = class { #all; constructor(body) { this.#all = new Blob([body]); } arrayBuffer() { return this.#all.arrayBuffer(); } };';

function programOf(file) {
  const source = read(file), scripts = [...source.matchAll(/^\/\/ META: script=(.*)$/gm)].map(([, path]) => path.trim());
  const include = (path) => {
    // The server of the tests has it under another name.
    if (path === '/resources/WebIDLParser.js') return read('resources/webidl2/lib/webidl2.js');
    const whole = path.startsWith('/') ? path.slice(1) : relative(folder, resolve(folder, dirname(file), path));
    return existsSync(join(folder, whole)) ? read(whole) : '';
  };
  const all = `${scripts.map(include).join('\n')}\n${source}`, used = [...all.matchAll(/["']([\w./-]+\.json)["']/g)].map(([, path]) => path);
  const files = Object.fromEntries(used.filter((path) => existsSync(join(folder, dirname(file), path))).map((path) => [path, read(join(dirname(file), path))]));
  // The interfaces that a test of IDL compares with.
  for (const [, name] of source.matchAll(/'([\w-]+)'/g)) {
    if (scripts.some((path) => path.includes('idlharness')) && existsSync(join(folder, `interfaces/${name}.idl`))) {
      files[`/interfaces/${name}.idl`] = read(`interfaces/${name}.idl`);
    }
  }
  const functions = scripts.some((path) => path.includes('idlharness')) ? 'globalThis.fetch_spec = fetch_spec;' : '';
  // Programs are strict: what a test assigns without a declaration gets one.
  const loose = [...all.matchAll(/^(\w+) = /gm)].map(([, name]) => name).filter((name) => !new RegExp(`(?:var|let|const|function) ${name}\\b`).test(all));
  return [
    `const files = ${JSON.stringify(files)};`, before, file.includes('structured-clone') ? response : '', read('resources/testharness.js'),
    'const tests_so_far = []; add_result_callback((t) => tests_so_far.push(t));', ...new Set(loose.map((name) => `var ${name};`)), functions, all, after,
  ].join('\n');
}

const jobs = [], left = [];
for (const [area, folders] of Object.entries(areas)) {
  for (const name of folders) {
    for (const file of readdirSync(join(folder, name)).sort()) {
      const path = `${name}/${file}`;
      if (!(/\.any\.js$/.test(file) || file === 'IdnaTestV2.window.js') || !path.includes(options.only)) continue;
      const entry = known.find((one) => one.file === path && one.name === '**');
      if (entry) {
        entry.used = true;
        left.push(entry);
      } else jobs.push({ area, path });
    }
  }
}

const [command, ...args] = options.command.split(' ');
const child = spawn(command, [...args, 'run', '--batch', '-', '--level', 'permissive', '--preset', 'javascript', '--workers', '1',
  '--allow-degraded-isolation', 'all'], { stdio: ['pipe', 'pipe', 'inherit'] });
child.stdin.end(jobs.map(({ path }, id) => JSON.stringify({
  id, code: programOf(path), timeout: 60000, memoryLimit: '512MB', maxIterations: 100000000, maxConsoleOutputBytes: 1000000,
})).join('\n'));
const shares = new Map(), unknown = [];
for await (const line of createInterface({ input: child.stdout })) {
  const { id, ...answer } = JSON.parse(line), { area, path } = jobs[id], result = answer.result ?? answer;
  const share = shares.get(area) ?? { passed: 0, all: 0, files: 0 };
  shares.set(area, share);
  share.files++;
  const fail = (name, message) => {
    const entry = find(path, plain(name));
    if (entry) entry.used = true;
    else unknown.push(`${path} | ${plain(name)} | ${message.replaceAll('\n', ' ')}`);
    if (entry && options.show) console.log(`known: ${path} | ${plain(name)} | ${entry.reason}`);
  };
  if (!result.success) {
    share.all++;
    fail('(file)', `${result.error?.code}: ${result.error?.message}`);
    continue;
  }
  const { status, tests } = result.value;
  if (status.code !== 0) {
    share.all++;
    fail('(file)', status.message);
  }
  for (const [name, outcome, message] of tests) {
    share.all++;
    if (outcome === 0) share.passed++;
    else fail(name, `${['', 'fails', 'times out', 'is not run', 'has no precondition'][outcome]}: ${message}`);
  }
}

const percent = ({ passed, all }) => `${(100 * passed / all).toFixed(1)} %`;
const total = { passed: 0, all: 0, files: 0 };
console.log('| area | files | subtests | pass | share |\n|---|---|---|---|---|');
for (const [area, share] of shares) {
  console.log(`| ${area} | ${share.files} | ${share.all} | ${share.passed} | ${percent(share)} |`);
  for (const key in total) total[key] += share[key];
}
console.log(`| all | ${total.files} | ${total.all} | ${total.passed} | ${percent(total)} |`);
console.log(`${left.length} files test what is not provided and are not run.`);
const unused = options.only ? [] : known.filter((entry) => !entry.used);
for (const line of unknown) console.log(`not known: ${line}`);
for (const { file, name } of unused) console.log(`passes now, or is gone: ${file} | ${name}`);
process.exitCode = unknown.length + unused.length > 0 ? 1 : 0;
