// Whether a printed library behaves as its original: calls both with the same inputs and compares the answers.
//
//   node behaviour.mjs <folder that holds node_modules> lodash|acorn|rxjs <original> <printed>
//
// Prints { "calls", "throws", "differences": [{ "call", "original", "printed" }] }. Each copy lives in a
// context of its own, with the same pseudo-random numbers and clock.

import { readFileSync } from "node:fs";
import vm from "node:vm";
import { describe } from "./behaviour/describe.mjs";
import { Random } from "./random.mjs";

const [installed, name, ...paths] = process.argv.slice(2);
const { calls } = await import(`./behaviour/${name}.mjs`);

function load(path) {
  const random = new Random(1);
  const module = { exports: {} };
  const context = vm.createContext({ module, exports: module.exports, setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, console });
  context.stable = { random: () => random.below(1 << 30) / (1 << 30), now: () => 1_700_000_000_000 };
  vm.runInContext("Math.random = stable.random; Date.now = stable.now; globalThis.global = globalThis;", context);
  vm.runInContext(readFileSync(path, "utf8"), context, { filename: name });
  return module.exports;
}

const [original, printed] = paths.map((path) => calls(load(path), installed));
const differences = [];
let count = 0;
let throws = 0;
for (;;) {
  const [one, other] = [original.next(), printed.next()];
  if (one.done || other.done) {
    if (one.done !== other.done) differences.push({ call: "number of calls", original: String(one.done), printed: String(other.done) });
    break;
  }
  count++;
  const [expected, actual] = [one, other].map(({ value }) => answer(value.run));
  if (expected.startsWith("throws ")) throws++;
  if (one.value.call !== other.value.call || expected !== actual) differences.push({ call: one.value.call, original: cut(expected), printed: cut(actual) });
}

process.stdout.write(`${JSON.stringify({ calls: count, throws, differences: differences.slice(0, 20) })}\n`);
process.exit(0);

function answer(run) {
  try {
    return describe(run());
  } catch (error) {
    return `throws ${error?.name}: ${error?.message}`;
  }
}

function cut(text) {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
