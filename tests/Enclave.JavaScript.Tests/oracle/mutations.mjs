// Programs with one to three tokens deleted, doubled, exchanged, replaced, misspelled or put in. The same seed and index give the same text.

import { load } from "./acorn.mjs";
import { Random } from "./random.mjs";
import { fromCorpus, fromTest262, writtenAndCut } from "./snippets.mjs";

export const vocabulary = `( ) [ ] { } . ... ; , ? ?. : => ! ~ ++ -- == != === !== < <= > >= << >> >>> + - * / % ** | ^ & in instanceof || && ??
  = += -= *= /= %= **= <<= >>= >>>= |= ^= &= ||= &&= ??= break case catch class const continue debugger default delete do else enum export extends false
  finally for function if import new null return super switch this throw true try typeof var void while with
  let static yield await async of get set using as from target meta eval arguments undefined constructor prototype __proto__ implements interface
  package private protected public accessor defer source a b x #a #x 0 1 07 08 0x1F 0b1 0o7 1n 1_0 1e3 .5 1. 0_1 "" 'a' "use\\x20strict"
  'use\\x20strict' '\\07' \`\` \`a\${b}c\` /a/ /[/]/u /(?<a>.)/v
  /a/gg /(/ \\u0061 \\u{62} l\\u0065t aw\\u0061it async\\u0020 <!-- --> #! @ \\ /*a*/ new.target import.meta import() super() super.x this.#x #x\\x20in\\x20o`
  .split(/\s+/)
  .map((word) => word.replaceAll("\\x20", " "))
  .concat("\n", "//a\n", "/*\n*/", "async\nfunction", "\u2028", "\u00a0", "\ufeff", "caf\u00e9", "\ud835\udc9c", "\u00b7");

// The meaning of a text depends on the code around it.
const surroundings = [
  (text) => `function f() { ${text} }`,
  (text) => `async function f() { ${text} }`,
  (text) => `function* g() { ${text} }`,
  (text) => `async function* g() { ${text} }`,
  (text) => `"use strict"; ${text}`,
  (text) => `function f(a, b) { "use strict"; ${text} }`,
  (text) => `class A extends B { constructor() { ${text} } }`,
  (text) => `class A { static { ${text} } }`,
  (text) => `class A { #x; #a; m() { ${text} } }`,
  (text) => `({ async *m() { ${text} } });`,
  (text) => `async () => { ${text} };`,
  (text) => `a: for (;;) { ${text} }`,
  (text) => `switch (a) { case 1: ${text} }`,
  (text) => `try { ${text} } catch ({ a, b }) { ${text} }`,
  (text) => `{ let a; ${text} }`,
  (text) => `export default (${text});`,
  (text) => `(${text});`,
  (text) => `[${text}] = x;`,
  (text) => `(${text}) => 1;`,
  (text) => `async (${text}) => 1;`,
  (text) => `x = class { [${text}] = 1; };`,
  (text) => `\`\${${text}}\`;`,
];

export class Mutations {
  #acorn;
  #pools;
  #seed;

  constructor(installed, seed) {
    this.#acorn = load(installed, "acorn");
    this.#pools = [fromCorpus(installed, 20_000), fromTest262(installed), writtenAndCut(installed)];
    this.#seed = seed;
  }

  /** The mutation of that number. */
  at(index) {
    const random = new Random(this.#seed * 1_000_003 + index);
    const draw = random.below(10);
    const pool = this.#pools[draw < 4 ? 0 : draw < 7 ? 1 : 2];
    const pieces = this.#cut(random.of(pool));
    // Most texts get one change: those have the best chance to be accepted by one side.
    const rounds = random.of([1, 1, 1, 1, 2, 2, 3]);
    for (let round = 0; round < rounds; round++) mutate(pieces, random);
    const text = pieces.map((piece) => piece.space + piece.text).join("");
    return random.below(4) === 0 ? random.of(surroundings)(text) : text;
  }

  // Acorn's tokenizer alone does not always know a division from a regular expression; what it can not read is one piece.
  #cut(source) {
    const pieces = [];
    let end = 0;
    try {
      for (const token of this.#acorn.tokenizer(source, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true })) {
        pieces.push({ space: source.slice(end, token.start), text: source.slice(token.start, token.end) });
        end = token.end;
      }
    } catch {
      // The rest follows.
    }
    if (end < source.length) pieces.push({ space: "", text: source.slice(end) });
    return pieces;
  }
}

/** One change to the pieces of a text; words come from the vocabulary. */
export function mutate(pieces, random, words = vocabulary) {
  const at = random.below(pieces.length);
  const other = random.below(pieces.length);
  switch (random.below(7)) {
    case 0:
      pieces.splice(at, 1);
      break;
    case 1:
      if (pieces.length) pieces.splice(at, 0, { ...pieces[at], space: spacing(random) });
      break;
    case 2:
      if (pieces.length) [pieces[at].text, pieces[other].text] = [pieces[other].text, pieces[at].text];
      break;
    case 3:
      if (pieces.length) pieces[at].text = random.of(words);
      break;
    case 4:
      pieces.splice(at, 0, { space: spacing(random), text: random.of(words) + spacing(random) });
      break;
    case 5:
      if (pieces.length) pieces[at].text = misspell(pieces[at].text, random);
      break;
    default:
      if (pieces.length) pieces.splice(at, 0, { space: spacing(random), text: pieces[other].text + spacing(random) });
  }
}

const letters = `0179_neExobB.\\\\uU{}[]()'"\`$/?:<>*+-,=!&|^#~%;@kpPdDwWsSbagimvyAZ \n\u2028\u00e9`;

/** A token with one character taken out, put in or exchanged: numbers, escapes and regular expressions have a grammar inside. */
function misspell(text, random) {
  const at = random.below(text.length + 1);
  const draw = random.below(3);
  return text.slice(0, at) + (draw > 0 ? random.of(letters) : "") + text.slice(draw === 1 ? at : at + 1);
}

function spacing(random) {
  const draw = random.below(10);
  return draw < 7 ? " " : draw < 9 ? "" : "\n";
}
