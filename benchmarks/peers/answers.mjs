import { deepStrictEqual } from 'node:assert';

/** A wrong answer is an error. Compared as JSON: peers may give their objects any prototypes. */
export function checkAnswer(answer, { expect }) {
  deepStrictEqual(JSON.parse(JSON.stringify(answer)), expect);
}
