// What the commands share that measure Enclave alone: a program whose lines are read while it runs, and files in a folder of results.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { benchmarks } from '../peers/paths.mjs';

export const resultsFolder = join(benchmarks, 'results');

/** Runs a program that prints a JSON object for each line, and gives them one by one. Any other end than a success is an error: a part of a run is no result. */
export async function* linesOf(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', (code, signal) => resolve(signal ?? code)));
  // It is awaited below; until then nobody would see it fail.
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

/** What a command says that cannot go on, without the place where it found out. */
export function failed(error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
}
