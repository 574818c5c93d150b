// Acorn, for the tests that compare our parser with it. Answers are JSON, one a line. A source is the
// base64 of its UTF-16: halves of surrogate pairs are no JSON.
//
//   node oracle.mjs <folder that holds node_modules> files                   each line on stdin is a path
//       -> { "goal", "hash" }, or { "script": { "error", "at" }, "module": { "error", "at" } }
//   node oracle.mjs <folder> tree                                            each line on stdin is { "source", "goal" }
//       -> the whole tree, or { "error", "at" }
//   node oracle.mjs <folder> mutations <seed> <from> <to>                    nothing on stdin
//       -> { "index", "source", "script": { "hash" } or { "error", "at" }, "module": the same } for each

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { digest, goals, judge } from "./acorn.mjs";
import { Mutations } from "./mutations.mjs";
import { answer, flush } from "./pipe.mjs";

const [installed, mode, ...rest] = process.argv.slice(2);
const ask = judge(installed);

const verdict = (source, goal) => {
  const { json, ...refusal } = ask(source, goal);
  return json === undefined ? refusal : { hash: digest(json) };
};

function file(path) {
  const source = readFileSync(path, "utf8");
  const refusals = {};
  for (const goal of goals) {
    const said = verdict(source, goal);
    if (said.hash) return { goal, ...said };
    refusals[goal] = said;
  }
  return refusals;
}

function tree({ source, goal }) {
  const { json, ...refusal } = ask(Buffer.from(source, "base64").toString("utf16le"), goal);
  return json ?? JSON.stringify(refusal);
}

async function eachLine(answerTo) {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    answer(answerTo(line));
    if (mode === "tree") flush();
  }
}

if (mode === "files") await eachLine((line) => JSON.stringify(file(line)));
else if (mode === "tree") await eachLine((line) => tree(JSON.parse(line)));
else if (mode === "mutations") {
  const [seed, from, to] = rest.map(Number);
  const mutations = new Mutations(installed, seed);
  for (let index = from; index < to; index++) {
    const source = mutations.at(index);
    const units = Buffer.from(source, "utf16le").toString("base64");
    answer(JSON.stringify({ index, source: units, script: verdict(source, "script"), module: verdict(source, "module") }));
  }
} else throw new Error(`no such mode: ${mode}`);
flush();
