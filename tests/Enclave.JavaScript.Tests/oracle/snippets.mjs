// Pieces of programs to mutate: cut from the corpus, taken from test262-parser-tests, and written for what neither has enough of.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { slice } from "../../../eng/javascript/corpus.mjs";
import { load } from "./acorn.mjs";

const shortest = 50;
const longest = 2_000;
const wrapped = {
  FunctionExpression: (text) => `(${text});`,
  ArrowFunctionExpression: (text) => `(${text});`,
  ClassExpression: (text) => `(${text});`,
  ObjectExpression: (text) => `(${text});`,
  MethodDefinition: (text) => `class A extends B { ${text} }`,
};

/** Statements and functions of the corpus, at most so many. */
export function fromCorpus(installed, atMost) {
  const acorn = load(installed, "acorn");
  const found = [];
  for (const { path } of slice(installed, 4)) {
    const source = readFileSync(path, "utf8");
    const tree = parse(acorn, source, "script") ?? parse(acorn, source, "module");
    if (tree) cut(tree, source, found);
  }
  const step = Math.max(1, found.length / atMost);
  return Array.from({ length: Math.min(atMost, found.length) }, (_, i) => found[Math.floor(i * step)]);
}

function parse(acorn, source, sourceType) {
  try {
    return acorn.parse(source, { ecmaVersion: "latest", sourceType });
  } catch {
    return null;
  }
}

function cut(root, source, found) {
  const left = [root];
  while (left.length) {
    const node = left.pop();
    const length = node.end - node.start;
    if (length < shortest) continue;
    if (length <= longest) {
      if (/(Statement|Declaration)$/.test(node.type)) found.push(source.slice(node.start, node.end));
      else if (wrapped[node.type]) found.push(wrapped[node.type](source.slice(node.start, node.end)));
    }
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) left.push(...value.filter((child) => child?.type));
      else if (value?.type) left.push(value);
    }
  }
}

/** The programs that test262-parser-tests wants accepted. */
export function fromTest262(installed) {
  const folder = join(installed, "node_modules", "test262-parser-tests", "pass");
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

/** Programs of the newer language, between lines of dashes. */
export function written() {
  return readFileSync(new URL("seeds.txt", import.meta.url), "utf8")
    .split(/^----\n/m)
    .map((text) => text.trimEnd());
}

/** Those, and each of their statements: a shorter text has a better chance to stay a program. */
export function writtenAndCut(installed) {
  const acorn = load(installed, "acorn");
  return written().flatMap((text) => {
    const { body } = parse(acorn, text, "script") ?? parse(acorn, text, "module");
    return [text, ...body.map(({ start, end }) => text.slice(start, end))];
  });
}
