// A node process for each job, forked from the host; jobs and answers go over node's own channel. Its heap has the memory limit.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { engineVersion } from '../paths.mjs';
import { processPerJob } from './process-per-job.mjs';

export function nodeFlags() {
  return [];
}

export function version() {
  return engineVersion();
}

export async function open() {
  return processPerJob(memoryMb => {
    const child = fork(join(import.meta.dirname, 'node-process-job.mjs'), {
      execArgv: [`--max-old-space-size=${memoryMb}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return {
      // The end of the process shows that it is gone. Messages on their way to it are lost.
      send: message => child.connected && child.send(message, () => {}),
      onMessage: listener => child.on('message', listener),
      onEnd: listener => child.on('exit', listener),
      kill: () => child.kill('SIGKILL'),
    };
  });
}
