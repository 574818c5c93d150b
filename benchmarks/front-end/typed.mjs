// Typed sources: our parser beside typescript (createSourceFile alone, and transpile as a whole), ts-blank-space and amaro, in this process.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { files, typeScript } from '../../eng/javascript/corpus.mjs';

const isDeclaration = /\.d\.m?ts$/;

export class Typed {
  #sets = new Map();

  static async open(installed) {
    const typed = new Typed();
    const require = createRequire(join(resolve(installed), 'package.json'));
    const ts = require('typescript');
    const amaro = require('amaro');
    const { default: blankSpace } = await import(pathToFileURL(join(resolve(installed), 'node_modules/ts-blank-space/out/index.js')));
    const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
    typed.peers = {
      createSourceFile: text => ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext, false),
      transpile: text => ts.transpileModule(text, { compilerOptions, fileName: 'a.ts' }).outputText,
      'ts-blank-space': text => blankSpace(text, () => { throw new Error('not erasable'); }),
      amaro: text => amaro.transformSync(text, { mode: 'strip-only' }).code,
    };
    return typed;
  }

  /** Packages that contain sources, and this many bytes of each, the largest files first. */
  packages(installed, atMost) {
    const found = new Map();
    for (const file of files(installed, typeScript)) {
      if (isDeclaration.test(file.path)) continue;
      if (!found.has(file.package)) found.set(file.package, []);
      found.get(file.package).push(file);
    }
    return [...found].map(([name, own]) => ({ name, files: largest(own, atMost) }));
  }

  /** Reads the files that every peer accepts. */
  load(name, listed) {
    const set = listed.map(({ path, size }) => ({ path, size, text: readFileSync(path, 'utf8') })).filter(({ text }) => this.#isTaken(text));
    this.#sets.set(name, set);
    return { files: set.map(({ path }) => ({ path, goal: 'typed' })), bytes: set.reduce((sum, { size }) => sum + size, 0) };
  }

  #isTaken(text) {
    try {
      this.peers['ts-blank-space'](text);
      this.peers.amaro(text);
      return true;
    } catch {
      return false;
    }
  }

  /** The seconds of a peer for parsing the set this many times. */
  measure(peer, name, times) {
    const work = this.peers[peer];
    const set = this.#sets.get(name);
    const started = performance.now();
    for (let i = 0; i < times; i++) {
      for (const { text } of set) work(text);
    }
    return (performance.now() - started) / 1000;
  }

  drop(name) {
    this.#sets.delete(name);
  }
}

function largest(own, atMost) {
  let taken = 0;
  return own.sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
    .filter((file, index) => (index === 0 || taken + file.size <= atMost) && ((taken += file.size), true));
}

/** One row per package, then the total: MB/s of each. */
export function typedTable(rows) {
  const peers = Object.keys(rows[0].theirs);
  const total = {
    name: '**total**',
    files: sum(rows, row => row.files),
    bytes: sum(rows, row => row.bytes),
    parse: sum(rows, row => row.parse),
    erase: sum(rows, row => row.erase),
    allocated: sum(rows, row => row.allocated),
    theirs: Object.fromEntries(peers.map(peer => [peer, sum(rows, row => row.theirs[peer])])),
  };
  return [
    `| package | files | MB | parse, MB/s | parse and print | ${peers.join(' | ')} | parse and print beside transpile | allocated per byte |`,
    `|---|--:|--:|--:|--:|${peers.map(() => '--:').join('|')}|--:|--:|`,
    ...[...rows, total].map(row => line(row, peers)),
  ].join('\n');
}

function line({ name, files: count, bytes, parse, erase, theirs, allocated }, peers) {
  const speed = seconds => (bytes / 1e6 / seconds).toFixed(1);
  const speeds = [speed(parse), speed(erase), ...peers.map(peer => speed(theirs[peer]))];
  const cells = [name, count, (bytes / 1e6).toFixed(1), ...speeds, `x ${(theirs.transpile / erase).toFixed(1)}`, (allocated / bytes).toFixed(1)];
  return `| ${cells.join(' | ')} |`;
}

const sum = (rows, read) => rows.reduce((total, row) => total + read(row), 0);
