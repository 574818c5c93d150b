// What typed programs do when they run: as TypeScript's own compiler writes them, and as we print them. Texts are the base64 of their UTF-16.
//
//   node typescript-values.mjs <folder that holds node_modules>     each line on stdin is a typed program, a blank, and our JavaScript
//       -> { "theirs", "ours" }: all that each gave to log, and how it ended

import { createInterface } from "node:readline";
import vm from "node:vm";
import { load } from "./acorn.mjs";
import { answer, flush } from "./pipe.mjs";

const ts = load(process.argv[2], "typescript");
const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
const decode = (text) => Buffer.from(text, "base64").toString("utf16le");

// Keys in their order, and what JSON would not tell apart.
const prelude = `
  const said = [];
  let calls = 0;
  const next = () => ++calls, text = () => "t" + ++calls;
  const shown = (value) => typeof value === "object" && value !== null ? Object.entries(value).map(([key, each]) => [key, shown(each)])
    : typeof value === "number" ? "n" + (Object.is(value, -0) ? "-0" : value) : typeof value === "function" ? "f" : typeof value + value;
  const log = (...values) => { said.push(values.map(shown)); };
`;

function run(code) {
  const end = "\n} catch (error) { said.push(error.name + ': ' + error.message); }\n return JSON.stringify(said); })()";
  try {
    return vm.runInNewContext(`(() => { 'use strict'; ${prelude} try {\n${code}${end}`, {}, { timeout: 5_000 });
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const [source, ours] = line.split(" ").map(decode);
  const theirs = ts.transpileModule(source, { compilerOptions, fileName: "text.ts" }).outputText.replace(/export \{\};\n$/, "");
  answer(JSON.stringify({ theirs: run(theirs), ours: run(ours) }));
}
flush();
