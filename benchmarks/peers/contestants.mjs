// Who takes part, in the order of every table: contestants.txt, which bench.sh reads too. A line is a name; for Enclave in another setting the workloads
// that it has when none are named follow, and the arguments of Enclave.LoadBench that make the setting.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What every ratio is taken against. */
export const baseline = 'enclave';

const lines = readFileSync(join(import.meta.dirname, 'contestants.txt'), 'utf8').split('\n').filter(Boolean).map(line => line.split(' '));

export const contestants = lines.map(([name]) => name);

/** Enclave in its other settings: {name, workloads, settings}. */
export const variants = lines.filter(([name]) => isOurs(name) && name !== baseline).map(([name, workloads, ...settings]) => ({ name, workloads: workloads.split(','), settings }));

/** Those that run.mjs can measure. */
export const peers = contestants.filter(name => !isOurs(name));

/** Enclave, and Enclave in another setting: `enclave-strict`. */
export function isOurs(name) {
  return name === baseline || name.startsWith(`${baseline}-`);
}

/** Ours first, then as in the list, then whoever else was measured. */
export function inOrder(names) {
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b));
}

function rank(name) {
  const at = contestants.indexOf(name);
  if (at >= 0) return at;
  // A setting that the list does not have stands behind those that it has.
  return isOurs(name) ? contestants.findLastIndex(isOurs) + 0.5 : contestants.length;
}
