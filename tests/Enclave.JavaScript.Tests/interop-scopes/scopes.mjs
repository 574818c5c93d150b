// Prints the scopes that eslint-scope finds in programs. Started with the folder where the packages are installed.
// Input: a line {"source", "module"} per program. Output: a line per program: null if acorn refuses it, or an array of
// [offset of the reference, offsets of the declarations it resolves to, or null if it is free].
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(`${process.argv[2]}/package.json`);
const acorn = require("acorn");
const { analyze } = require("eslint-scope");

function parse(source, sourceType) {
  try {
    return acorn.parse(source, { ecmaVersion: "latest", sourceType, ranges: true });
  } catch {
    return null;
  }
}

// A default of a parameter is a write to it for eslint-scope.
const parameters = ["Parameter", "CatchClause"];
const isDefault = (reference, variable) => variable?.defs.some(({ type, name }) => parameters.includes(type) && name === reference.identifier);

function references(source, sourceType) {
  const tree = parse(source, sourceType);
  if (tree === null) return null;
  const manager = analyze(tree, { ecmaVersion: 2025, sourceType, ignoreEval: true });
  const found = new Map();
  for (const scope of manager.scopes) {
    for (const reference of scope.references) {
      // It leaves what reaches the global scope, or passes a with, to whoever knows the globals.
      const variable = reference.resolved ?? lookUp(scope, reference.identifier.name);
      if (isDefault(reference, variable)) continue;
      const places = variable ? variable.defs.map((definition) => definition.name.start).sort((a, b) => a - b) : null;
      found.set(reference.identifier.start, places);
    }
  }
  return [...found].sort((a, b) => a[0] - b[0]);
}

function lookUp(scope, name) {
  for (let at = scope; at; at = at.upper) {
    const variable = at.set.get(name);
    if (variable) return variable;
  }
  return null;
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { source, module } = JSON.parse(line);
  console.log(JSON.stringify(references(source, module ? "module" : "script")));
}
