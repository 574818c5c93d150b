import { deepStrictEqual } from 'node:assert';

/** A wrong answer is no figure at all. Compared as JSON: what prototypes a peer gives its objects is its own affair. */
export function checkAnswer(answer, { expect }) {
  deepStrictEqual(JSON.parse(JSON.stringify(answer)), expect);
}
