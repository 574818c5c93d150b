// A process and all its descendants, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** The ids of a process and all its descendants, without those that end meanwhile. */
export function processTree(pid) {
  return [pid, ...childrenOf(pid).flatMap(processTree)];
}

/** Every thread has its own children. */
function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap(thread => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}

/** The resident memory of a process and its peak, in MiB. Shared pages count in full. */
export function memoryOf(pid) {
  const each = [fields(pid, 'status')];
  return { resident: total(each, 'VmRSS'), peak: total(each, 'VmHWM') };
}

/** In MiB, each page once: the private memory, and the proportional memory with their share of shared pages. */
export function shareOf(pids) {
  const each = pids.map(pid => fields(pid, 'smaps_rollup'));
  return { private: total(each, 'Private_Clean') + total(each, 'Private_Dirty'), proportional: total(each, 'Pss') };
}

function total(each, name) {
  return each.reduce((sum, found) => sum + (found[name] ?? 0), 0) / 1024;
}

/** The fields in kB. None for a process that has ended or is about to. */
function fields(pid, file) {
  try {
    return Object.fromEntries(readFileSync(`/proc/${pid}/${file}`, 'utf8').matchAll(/^(\w+):\s+(\d+) kB/gm).map(([, name, kB]) => [name, Number(kB)]));
  } catch {
    return {};
  }
}
