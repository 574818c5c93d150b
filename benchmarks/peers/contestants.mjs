// The contestants in the order of every table: contestants.txt, which bench.sh reads too. A line has a name. For Enclave in another setting it continues with
// the default workloads, and with the arguments of Enclave.LoadBench for the setting.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The contestant that every ratio compares with. */
export const baseline = 'enclave';

const lines = readFileSync(join(import.meta.dirname, 'contestants.txt'), 'utf8').split('\n').filter(Boolean).map(line => line.split(' '));

export const contestants = lines.map(([name]) => name);

/** Enclave in its other settings: {name, workloads, settings}. */
export const variants = lines.filter(([name]) => isOurs(name) && name !== baseline)
  .map(([name, workloads, ...settings]) => ({ name, workloads: workloads.split(','), settings }));

/** The contestants that run.mjs can measure. */
export const peers = contestants.filter(name => !isOurs(name));

/** Enclave, and Enclave in another setting: `enclave-strict`. */
export function isOurs(name) {
  return name === baseline || name.startsWith(`${baseline}-`);
}

/** Ours first, then in the order of the list, then all others. */
export function inOrder(names) {
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b));
}

function rank(name) {
  const at = contestants.indexOf(name);
  if (at >= 0) return at;
  // A setting that is not in the list comes after those that are.
  return isOurs(name) ? contestants.findLastIndex(isOurs) + 0.5 : contestants.length;
}
