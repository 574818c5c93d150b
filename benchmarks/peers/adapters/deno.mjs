// A deno process without any permission for each job. Jobs and answers are lines of JSON. Its heap has the memory limit.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { peerFile, versionOf } from '../paths.mjs';
import { processPerJob } from './process-per-job.mjs';

const packageName = '@deno/linux-x64-glibc';

export function nodeFlags() {
  return [];
}

export function version() {
  return versionOf(packageName);
}

export async function open() {
  const program = peerFile(packageName, 'deno');
  // It does not look for a newer version, reads no settings, and keeps its cache out of the home folder.
  const env = { DENO_DIR: peerFile('.deno'), DENO_NO_UPDATE_CHECK: '1', DENO_NO_PACKAGE_JSON: '1', NO_COLOR: '1' };
  return processPerJob(memoryMb => {
    const flags = ['--quiet', '--no-prompt', '--no-config', '--no-lock', '--no-remote', '--no-npm', `--v8-flags=--max-old-space-size=${memoryMb}`];
    const child = spawn(program, ['run', ...flags, join(import.meta.dirname, 'deno-job.mjs')], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    // The end of the process shows that it is gone. Messages on their way to it are lost.
    child.stdin.on('error', () => {});
    return {
      send: message => child.stdin.write(JSON.stringify(message) + '\n'),
      onMessage: listener => createInterface({ input: child.stdout }).on('line', line => listener(JSON.parse(line))),
      onEnd: listener => child.on('exit', listener),
      kill: () => child.kill('SIGKILL'),
    };
  });
}
