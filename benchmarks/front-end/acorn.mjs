// The other contestant: acorn parses, astring prints.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';

export class Acorn {
  #parser;
  #printer;
  #sets = new Map();
  #trees;

  constructor(installed) {
    const require = createRequire(join(resolve(installed), 'package.json'));
    this.#parser = require('acorn');
    this.#printer = require('astring');
  }

  /** Reads the files and parses each once, as a script if possible. Files that are neither script nor module are left out. */
  load(name, listed) {
    const set = [];
    let nodes = 0;
    let bytes = 0;
    for (const { path, size } of listed) {
      const text = readFileSync(path, 'utf8');
      const read = this.#read(text, 'script') ?? this.#read(text, 'module');
      if (!read) continue;
      set.push({ path, text, goal: read.goal });
      nodes += countNodes(read.tree);
      bytes += size;
    }
    this.#sets.set(name, set);
    return { files: set.map(({ path, goal }) => ({ path, goal })), nodes, bytes };
  }

  #read(text, goal) {
    try {
      return { goal, tree: this.#parse(text, goal) };
    } catch {
      return null;
    }
  }

  #parse(text, sourceType) {
    return this.#parser.parse(text, { ecmaVersion: 'latest', sourceType });
  }

  /** The seconds for parsing the set this many times. */
  parse(name, times) {
    const set = this.#sets.get(name);
    const started = performance.now();
    for (let i = 0; i < times; i++) {
      for (const { text, goal } of set) this.#parse(text, goal);
    }
    return (performance.now() - started) / 1000;
  }

  /** The seconds for printing its trees this many times. The trees are made before. */
  print(name, times) {
    if (this.#trees?.name !== name) this.#trees = { name, trees: this.#sets.get(name).map(({ text, goal }) => this.#parse(text, goal)) };
    let characters = 0;
    const started = performance.now();
    for (let i = 0; i < times; i++) {
      for (const tree of this.#trees.trees) characters += this.#printer.generate(tree).length;
    }
    return (performance.now() - started) / 1000;
  }

  drop(name) {
    this.#sets.delete(name);
    this.#trees = undefined;
  }
}

/** A node that is two children of one parent, as in { a } or export { a }, counts once: our tree has one node there, acorn's one or two. */
function countNodes(root) {
  let count = 0;
  const left = [root];
  while (left.length > 0) {
    const node = left.pop();
    count++;
    for (const field of Object.keys(node)) {
      const value = node[field];
      if (value === null || typeof value !== 'object' || isTwice(node, field)) continue;
      if (Array.isArray(value)) left.push(...value.filter(child => child !== null));
      else if (typeof value.type === 'string') left.push(value);
    }
  }
  return count;
}

function isTwice(node, field) {
  if (field === 'key') return node.type === 'Property' && node.shorthand;
  if (field === 'imported') return node.type === 'ImportSpecifier' && node.imported.start === node.local.start;
  return field === 'exported' && node.type === 'ExportSpecifier' && node.exported.start === node.local.start;
}
