// TypeScript's own compiler, for the tests that compare our parser with it. Answers are JSON, one a line; texts are the base64 of their UTF-16.
//
//   node typescript.mjs <folder that holds node_modules> files                 each line on stdin is a path
//   node typescript.mjs <folder> mutations <seed> <from> <to>                  nothing on stdin; the answer has "source" too
//   node typescript.mjs <folder> text                                          each line on stdin is a text
//       -> { "error", "goal" } if it is refused; { "trouble" } if the compiler fails; else { "kept", "goal", "js", "enum", "blank", "rule" }:
//          "kept" names the first thing that cannot be dropped, "js" is what transpileModule writes, "enum" is true if that is of an enum,
//          "blank" is the text with blanks for types,
//          "rule" is an error of grammar that the compiler leaves to its checker; nobody asks the checker about whole files

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { load } from "./acorn.mjs";
import { answer, flush } from "./pipe.mjs";
import { TypedMutations } from "./typescript-mutations.mjs";

const [installed, mode, ...rest] = process.argv.slice(2);
const ts = load(installed, "typescript");
const { default: blankSpace } = await import(pathToFileURL(`${installed}/node_modules/ts-blank-space/out/index.js`));
const compilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  removeComments: true,
};
const encode = (text) => Buffer.from(text, "utf16le").toString("base64");
const decode = (text) => Buffer.from(text, "base64").toString("utf16le");

// The compiler ends with a failed assertion of its own now and then: no verdict.
function judge(source, fileName) {
  try {
    return verdict(source, fileName);
  } catch (error) {
    return { trouble: String(error).toWellFormed() };
  }
}

function verdict(source, fileName) {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.ESNext, true);
  const [error] = file.parseDiagnostics;
  const goal = file.externalModuleIndicator ? "module" : "script";
  if (error) return { goal, error: ts.flattenDiagnosticMessageText(error.messageText, " ").toWellFormed() };
  if (file.isDeclarationFile) return { goal: "module" };
  const said = { goal, kept: keptBy(file) };
  if (mode !== "files") said.rule = brokenRule(file);
  if (said.kept) return said;
  said.js = encode(transpile(file, source, fileName));
  // What an enum becomes looks different here and there; typescript-values.mjs compares what it does.
  said.enum = hasEnum(file);
  if (said.enum) return said;
  const blank = blanked(source);
  if (blank !== null) said.blank = encode(blank);
  return said;
}

// The compiler adds 'export {}' to a module that would be none without its types.
function transpile(file, source, fileName) {
  const { outputText } = ts.transpileModule(source, { compilerOptions, fileName });
  const added = "export {};\n";
  return outputText.endsWith(added) && !file.statements.some(isEmptyExport) ? outputText.slice(0, -added.length) : outputText;
}

function isEmptyExport(statement) {
  if (!ts.isExportDeclaration(statement) || statement.isTypeOnly || statement.moduleSpecifier) return false;
  return statement.exportClause?.elements?.every((element) => element.isTypeOnly);
}

function blanked(source) {
  let isWhole = true;
  try {
    const text = blankSpace(source, () => (isWhole = false));
    return isWhole ? text : null;
  } catch {
    return null;
  }
}

// Syntax for which the compiler generates code.
function keptBy(file) {
  let found = null;
  const visit = (node) => {
    if (found) return;
    if (ts.canHaveModifiers(node) && node.modifiers?.some((each) => each.kind === ts.SyntaxKind.DeclareKeyword)) return;
    if (isKept(node)) found = ts.SyntaxKind[node.kind];
    else ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function hasEnum(node) {
  return ts.isEnumDeclaration(node) || ts.forEachChild(node, (child) => hasEnum(child) || undefined) === true;
}

function isKept(node) {
  switch (node.kind) {
    case ts.SyntaxKind.Decorator:
      return true;
    case ts.SyntaxKind.ModuleDeclaration:
      return ts.getModuleInstanceState(node) !== 0;
    case ts.SyntaxKind.ImportEqualsDeclaration:
      return !node.isTypeOnly;
    case ts.SyntaxKind.ExportAssignment:
      return !!node.isExportEquals;
    case ts.SyntaxKind.PropertyDeclaration:
      return !!node.modifiers?.some((each) => each.kind === ts.SyntaxKind.AccessorKeyword);
    default:
      return false;
  }
}

// Errors of grammar have codes from 1000 to 1999 and from 18000. The others are: defaults in types, 'this' as a parameter of an arrow function,
// members behind a mapped one, and types that only comments may contain; names, values and merging of enums; parameter properties elsewhere than in
// a constructor with a body, or without a call of super as a statement.
const otherRules = new Set([2371, 2730, 7061, 8020, 17019, 17020, 2332, 2452, 2567, 2651, 2300, 2369, 2376, 2377, 2401, 2433, 2434, 2448, 2451, 2496, 2528]);

function brokenRule(file) {
  const host = {
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
    getDefaultLibFileName: () => "",
    writeFile() {},
    getCurrentDirectory: () => "",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (name) => name === file.fileName,
    readFile: () => undefined,
  };
  const program = ts.createProgram([file.fileName], { ...compilerOptions, verbatimModuleSyntax: false, noLib: true, noResolve: true, types: [] }, host);
  try {
    const found = program.getSemanticDiagnostics(file)
      .find(({ code }) => (code >= 1000 && code < 2000) || (code >= 18000 && code < 19000) || otherRules.has(code));
    return found && `TS${found.code}`;
  } catch (error) {
    return `throws ${error.message}`;
  }
}

if (mode === "mutations") {
  const [seed, from, to] = rest.map(Number);
  const mutations = new TypedMutations(installed, ts, seed);
  for (let index = from; index < to; index++) {
    const source = mutations.at(index);
    answer(JSON.stringify({ index, source: encode(source), ...judge(source, "mutation.ts") }));
  }
} else {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    answer(JSON.stringify(mode === "files" ? judge(readFileSync(line, "utf8"), line) : judge(decode(line), "text.ts")));
    if (mode === "text") flush();
  }
}
flush();
