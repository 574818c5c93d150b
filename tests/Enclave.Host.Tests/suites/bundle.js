// Puts a package's own tests, the package and what it requires into one program, each file as it is. input: { root, package, tape, run }.
// With `run`, runs the program here, in a context with the language and those of node's globals that scripts have, and prints its result. Else prints the
// program.
const fs = require('fs'), path = require('path'), vm = require('vm'), { createRequire, isBuiltin } = require('module');
const { root, package: name, tape, run } = JSON.parse(input);
const folder = path.join(root, 'node_modules', name);

const filesIn = (place) => (!fs.existsSync(place) ? [] : fs.statSync(place).isFile() ? [place] :
  fs.readdirSync(place).sort().flatMap((entry) => filesIn(path.join(place, entry))));
const suite = [...filesIn(path.join(folder, 'test')), ...filesIn(path.join(folder, 'test.js'))]
  .filter((file) => file.endsWith('.js') && !/shimmed|implementation|lib\//.test(file));
const modules = new Map();

// Modules of node itself are not available.
const isThere = (wanted) => wanted !== 'tape' && !isBuiltin(wanted) && !/^(?:iconv-lite|safer-buffer)/.test(wanted);

function add(file) {
  if (modules.has(file)) return;
  const text = fs.readFileSync(file, 'utf8'), needs = {};
  modules.set(file, { text, needs });
  if (file.endsWith('.json')) return;
  for (const [, , wanted] of text.matchAll(/require\(\s*(['"])([^'"]+)\1\s*\)/g)) {
    if (!isThere(wanted)) continue;
    try {
      const found = createRequire(file).resolve(wanted);
      // Node itself would take the module that stands beside the script.
      needs[wanted] = found.endsWith('.mjs') ? path.join(path.dirname(found), 'index.js') : found;
    } catch {
      continue;
    }
    add(needs[wanted]);
  }
}

for (const file of suite) add(file);
const id = (file) => JSON.stringify(path.relative(root, file));
const parts = [fs.readFileSync(tape, 'utf8'), 'const files = {'];
for (const [file, { text, needs }] of modules) {
  const links = Object.entries(needs).map(([wanted, found]) => `${JSON.stringify(wanted)}: ${id(found)}`).join(', ');
  const body = file.endsWith('.json') ? `module.exports = ${text}` : text.replace(/^#!.*/, '');
  parts.push(`${id(file)}: [function (module, exports, require) {\n${body}\n}, { ${links} }],`);
}
parts.push(`};
const loaded = {};
function load(file) {
  if (loaded[file]) return loaded[file].exports;
  const module = loaded[file] = { exports: {} }, [body, links] = files[file];
  body.call(module.exports, module, module.exports, (wanted) => {
    if (wanted === 'tape') return tape;
    if (!Object.hasOwn(links, wanted)) {
      if (/^(?:iconv-lite|safer-buffer|url|util)$/.test(wanted))
        return new Proxy(function () {}, { get: (_, key) => () => { throw new Error('there is no ' + wanted + '.' + String(key)); } });
      throw new Error('there is no module ' + wanted);
    }
    return load(links[wanted]);
  });
  return module.exports;
}
for (const file of [${suite.map(id).join(', ')}]) {
  try { load(file); } catch (error) { lines.push(file + ' threw ' + error.name + ': ' + error.message); }
}
await Promise.all(waiting);
return lines;`);
const program = parts.join('\n');
if (!run) {
  process.stdout.write(program);
} else {
  const context = vm.createContext({ URL, URLSearchParams, TextEncoder, TextDecoder, structuredClone, atob, btoa },
    { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext('delete globalThis.WebAssembly; delete globalThis.SharedArrayBuffer; delete globalThis.console', context);
  vm.runInContext(`(async function () { 'use strict';\n${program}\n})()`, context)
    .then((result) => process.stdout.write(JSON.stringify(result)), (error) => process.stdout.write(JSON.stringify([String(error)])));
}
