import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * Runs a program that prints JSON lines, and kills it when it takes too long or, where `memoryMb` is given, holds too much.
 * Answers with its lines, when each mark was printed (ms after the spawn), how it ended, and the most memory it held.
 */
export async function runWatched(program, args, { timeMs, memoryMb, sampleMs }) {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const result = { lines: [], marks: {}, killedFor: null, peakMiB: 0, errors: '' };

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
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => kill('time'), timeMs);
  const sampler = memoryMb && setInterval(() => {
    const now = memoryOf(child.pid);
    result.peakMiB = Math.max(result.peakMiB, now.peak);
    if (now.resident > memoryMb) kill('memory');
  }, sampleMs);
  child.once('exit', () => {
    result.elapsedMs = performance.now() - started;
    clearTimeout(timer);
    clearInterval(sampler);
  });

  return Object.assign(result, await ended);
}

/** Every peer is one process with threads, so one process is all there is to count. */
function memoryOf(pid) {
  let status;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    // It ended between the timer and the reading.
    return { resident: 0, peak: 0 };
  }
  // A process that is ending has no memory fields any more.
  const mib = field => Number(status.match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))?.[1] ?? 0) / 1024;
  return { resident: mib('VmRSS'), peak: mib('VmHWM') };
}
