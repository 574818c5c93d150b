// Typed programs with one to three tokens deleted, doubled, exchanged, replaced, misspelled or put in. The same seed and index give the same text.

import { readFileSync } from "node:fs";
import { slice, typeScript } from "../../../eng/javascript/corpus.mjs";
import { mutate, vocabulary } from "./mutations.mjs";
import { Random } from "./random.mjs";

const shortest = 20;
const longest = 500;
const typed =
  `as as satisfies type type interface declare abstract namespace module global enum is asserts infer keyof unique readonly override accessor out in any
  unknown never string number ! ! ? : : < > < > <T> <T>() => | & -? +? ?: [] T U this: this extends implements typeof import type import() as\\x20const
  is\\x20T x\\x20as\\x20T x: T): (x):\\x20T\\x20=> (x)\\x20=>\\x20T <T>(x) <T,> new\\x20() {\\x20[k:\\x20string]:\\x20T\\x20}`
  .split(/\s+/)
  .map((word) => word.replaceAll("\\x20", " "));
const words = vocabulary.filter((word) => word !== "<!--" && word !== "-->").concat(typed, typed, typed);

const surroundings = [
  (text) => `function f() { ${text} }`,
  (text) => `declare module "m" { ${text} }`,
  (text) => `declare function f(${text}): void;`,
  (text) => `class A<T> extends B<T> { ${text} }`,
  (text) => `interface A { ${text} }`,
  (text) => `type A = ${text};`,
  (text) => `let a: ${text};`,
  (text) => `f<${text}>(x);`,
  (text) => `(${text}): T => x;`,
  (text) => `a ? (${text}) : b => c;`,
  (text) => `x = (${text}) as T;`,
  (text) => `async <T>(${text}): Promise<T> => x;`,
  (text) => `namespace A { ${text} }`,
];

export class TypedMutations {
  #ts;
  #pools;
  #seed;

  constructor(installed, ts, seed) {
    this.#ts = ts;
    this.#seed = seed;
    this.#pools = [this.#fromCorpus(installed), this.#written()];
  }

  /** The mutation of that number. */
  at(index) {
    const random = new Random(this.#seed * 1_000_003 + index);
    const pool = this.#pools[random.below(2)];
    const pieces = this.#cut(random.of(pool));
    const rounds = random.of([1, 1, 1, 1, 2, 2, 3]);
    for (let round = 0; round < rounds; round++) mutate(pieces, random, words);
    const text = pieces.map((piece) => piece.space + piece.text).join("");
    return random.below(4) === 0 ? random.of(surroundings)(text) : text;
  }

  // Declarations, statements and members of what the packages ship.
  #fromCorpus(installed) {
    const found = [];
    for (const { path } of slice(installed, 4, typeScript)) {
      const file = this.#ts.createSourceFile(path, readFileSync(path, "utf8"), this.#ts.ScriptTarget.ESNext, true);
      this.#collect(file, file, found);
    }
    return found;
  }

  #collect(file, root, found) {
    const left = [root];
    while (left.length) {
      const node = left.pop();
      const text = node.getText(file);
      if (text.length < shortest) continue;
      if (text.length <= longest && (this.#ts.isStatement(node) || this.#ts.isModuleDeclaration(node))) found.push(text);
      this.#ts.forEachChild(node, (child) => void left.push(child));
    }
  }

  #written() {
    const texts = readFileSync(new URL("typescript-seeds.txt", import.meta.url), "utf8").split("\n").filter(Boolean);
    return texts.flatMap((text) => {
      const file = this.#ts.createSourceFile("seed.ts", text, this.#ts.ScriptTarget.ESNext, true);
      return [text, ...file.statements.map((statement) => statement.getText(file))];
    });
  }

  #cut(source) {
    const { SyntaxKind } = this.#ts;
    const scanner = this.#ts.createScanner(this.#ts.ScriptTarget.ESNext, false, this.#ts.LanguageVariant.Standard, source);
    const pieces = [];
    let end = 0;
    for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
      if (kind === SyntaxKind.WhitespaceTrivia || kind === SyntaxKind.NewLineTrivia) continue;
      pieces.push({ space: source.slice(end, scanner.getTokenStart()), text: source.slice(scanner.getTokenStart(), scanner.getTokenEnd()) });
      end = scanner.getTokenEnd();
    }
    return pieces;
  }
}
