// A process and all below it, as /proc shows them.
import { readdirSync, readFileSync } from 'node:fs';

/** The ids of a process and of all its children's children. Those that end meanwhile are left out. */
export function processTree(pid) {
  return [pid, ...childrenOf(pid).flatMap(processTree)];
}

/** Every thread has children of its own. */
function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap(thread => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}

/** What a process holds and has held at most, in MiB; what it shares with others counts in full. */
export function memoryOf(pid) {
  const each = [fields(pid, 'status')];
  return { resident: total(each, 'VmRSS'), peak: total(each, 'VmHWM') };
}

/** In MiB, once for every page: what is theirs alone, and with their share of the rest. */
export function shareOf(pids) {
  const each = pids.map(pid => fields(pid, 'smaps_rollup'));
  return { private: total(each, 'Private_Clean') + total(each, 'Private_Dirty'), proportional: total(each, 'Pss') };
}

function total(each, name) {
  return each.reduce((sum, found) => sum + (found[name] ?? 0), 0) / 1024;
}

/** The fields in kB; none of a process that has ended, or is just about to. */
function fields(pid, file) {
  try {
    return Object.fromEntries(readFileSync(`/proc/${pid}/${file}`, 'utf8').matchAll(/^(\w+):\s+(\d+) kB/gm).map(([, name, kB]) => [name, Number(kB)]));
  } catch {
    return {};
  }
}
