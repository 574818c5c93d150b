// Acorn reads pieces of the corpus: trees, tokens, comments and refusals, with several options.

import { fromCorpus, fromTest262, written } from "../snippets.mjs";

const settings = [
  { ecmaVersion: "latest", sourceType: "script" },
  { ecmaVersion: "latest", sourceType: "module", locations: true },
  { ecmaVersion: 5, ranges: true },
  { ecmaVersion: 2018, allowReturnOutsideFunction: true, preserveParens: true },
];

export function* calls(acorn, installed) {
  for (const text of [...written(), ...fromTest262(installed), ...fromCorpus(installed, 500)]) {
    for (const options of settings) {
      yield { call: `parse(${JSON.stringify(text)}, ${JSON.stringify(options)})`, run: () => parse(acorn, text, options) };
    }

    yield { call: `tokens of ${JSON.stringify(text)}`, run: () => [...acorn.tokenizer(text, settings[0])].map(
      (token) => [token.type.label, token.start, token.end]) };
  }
}

function parse(acorn, text, options) {
  const comments = [];
  const tree = acorn.parse(text, { ...options, onComment: comments });
  return [JSON.stringify(tree, (key, value) => (typeof value === "bigint" ? `${value}n` : value)), JSON.stringify(comments)];
}
