import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { memoryOf, processTree } from './processes.mjs';

const groups = new Set();

// The groups do not belong to the terminal, so its Ctrl-C must be passed on to them.
process.once('exit', () => groups.forEach(killGroup));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/**
 * Runs a program that prints JSON lines, and kills it when it takes too long or, if `memoryMb` is given, uses too much memory.
 * `input`, if given, is its standard input. Returns its lines, the time of each mark (ms after the spawn), how it ended, and its peak memory.
 * Processes that a peer starts belong to the same group: they are counted together, and killed together at the end.
 */
export async function runWatched(program, args, { timeMs, memoryMb, sampleMs }, input) {
  const started = performance.now();
  const child = spawn(program, args, { stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'], detached: true });
  // A program that ends before it has read its input is judged by how it ended.
  child.stdin?.once('error', () => {}).end(input);
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const result = { lines: [], marks: {}, killedFor: null, peakMiB: 0, errors: '' };
  groups.add(child.pid);

  createInterface({ input: child.stdout }).on('line', text => {
    const line = JSON.parse(text);
    if (!line.mark) result.lines.push(line);
    else result.marks[line.mark] = performance.now() - started;
    if (line.mib) result.peakMiB = Math.max(result.peakMiB, line.mib);
  });
  child.stderr.on('data', data => {
    result.errors = (result.errors + data).slice(-4000);
  });

  const kill = reason => {
    result.killedFor ??= reason;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => kill('time'), timeMs);
  const sampler = memoryMb && setInterval(() => {
    const each = processTree(child.pid).map(pid => ({ pid, ...memoryOf(pid) }));
    result.peakMiB = Math.max(result.peakMiB, sum(each, 'peak'));
    if (sum(each, 'resident') > memoryMb) killLargest(each);
  }, sampleMs);
  // If the job has its own process, the others live on, as they would without a watchdog.
  const killLargest = each => {
    const [largest] = each.toSorted((a, b) => b.resident - a.resident);
    if (largest.pid === child.pid) return kill('memory');
    result.killedFor ??= 'memory';
    killQuietly(largest.pid);
  };
  child.once('exit', () => {
    result.elapsedMs = performance.now() - started;
    clearTimeout(timer);
    clearInterval(sampler);
    killGroup(child.pid);
    groups.delete(child.pid);
  });

  return Object.assign(result, await ended);
}

function sum(each, field) {
  return each.reduce((total, process) => total + process[field], 0);
}

function killGroup(leader) {
  killQuietly(-leader);
}

function killQuietly(id) {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // The process has ended, or the group is empty.
  }
}
