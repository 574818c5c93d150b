// Who takes part, in the order of every table: contestants.txt, which bench.sh reads too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What every ratio is taken against. */
export const baseline = 'enclave';

export const contestants = readFileSync(join(import.meta.dirname, 'contestants.txt'), 'utf8').split('\n').filter(Boolean);

/** Those that run.mjs can measure. */
export const peers = contestants.filter(name => !isOurs(name));

/** Enclave, and Enclave in another setting: `enclave strict`. */
export function isOurs(name) {
  return name.split(' ')[0] === baseline;
}

/** Ours first, then as in the list, then whoever else was measured. */
export function inOrder(names) {
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b));
}

function rank(name) {
  if (name === baseline) return -1;
  if (isOurs(name)) return 0;
  const at = contestants.indexOf(name);
  return at < 0 ? contestants.length : at;
}
