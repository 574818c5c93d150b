import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { memoryOf, processTree } from './processes.mjs';

const groups = new Set();

// The groups are not the terminal's, so its Ctrl-C reaches them only from here.
process.once('exit', () => groups.forEach(killGroup));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/**
 * Runs a program that prints JSON lines, and kills it when it takes too long or, where `memoryMb` is given, holds too much.
 * Answers with its lines, when each mark was printed (ms after the spawn), how it ended, and the most memory it held.
 * A peer may start processes of its own: all are one group, counted together and killed together, at the end as well.
 */
export async function runWatched(program, args, { timeMs, memoryMb, sampleMs }) {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
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
  // Where the job has a process of its own, what is beside it lives on, as it would without a watchdog.
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
    // It has ended, or nobody is left in it.
  }
}
