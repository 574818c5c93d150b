// The common code of the commands that measure Enclave alone: reading the lines of a running program, and storing files in a folder of results.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { benchmarks } from '../peers/paths.mjs';

export const resultsFolder = join(benchmarks, 'results');

/** Runs a program that prints one JSON object per line, and yields them. A failure of the program is an error, because a partial run is not a result. */
export async function* linesOf(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', (code, signal) => resolve(signal ?? code)));
  // It is awaited below. Until then nobody would see its failure.
  ended.catch(() => {});
  for await (const text of createInterface({ input: child.stdout })) yield JSON.parse(text);
  const end = await ended;
  if (end !== 0) throw new Error(`${program} ended with ${end}`);
}

export function keep(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  console.error(`bench: ${[...files.keys()].map(name => join(folder, name)).join(', ')}`);
}

/** Prints the message of a command that cannot continue, without a stack. */
export function failed(error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
}
