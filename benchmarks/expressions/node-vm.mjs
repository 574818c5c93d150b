// The expression in node:vm: a script that is compiled once, called in one context, and run in a context for each input.
import { text } from 'node:stream/consumers';
import { createContext, Script } from 'node:vm';

const { code, inputs } = JSON.parse(await text(process.stdin));
const texts = inputs.map(input => JSON.stringify(input));
const script = new Script(`(text) => ((input) => { 'use strict'; ${code} })(JSON.parse(text))`);

measure('node:vm, one context', texts.length, count => {
  const evaluate = script.runInContext(createContext({}));
  for (let i = 0; i < count; i++) evaluate(texts[i]);
});
measure('node:vm, a context each', 2000, count => {
  for (let i = 0; i < count; i++) script.runInContext(createContext({}), { timeout: 5000 })(texts[i]);
});

function measure(contestant, count, pass) {
  let least = Infinity;
  for (let i = 0; i <= 5; i++) {
    const start = performance.now();
    pass(count);
    if (i > 0) least = Math.min(least, ((performance.now() - start) * 1000) / count);
  }
  console.log(JSON.stringify({ contestant, microseconds: Math.round(least * 100) / 100 }));
}
