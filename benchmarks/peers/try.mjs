// node try.mjs <peer>: checks that it can run a job. Started by install.sh, whose message names the version.
import { spawnSync } from 'node:child_process';
import { job } from './catalogue.mjs';
import { engine } from './paths.mjs';

const [peer, again] = process.argv.slice(2);
const { command, nodeFlags, open, version } = await import(`./adapters/${peer}.mjs`);
if (command) {
  const { program, args, input } = command('W8', { quick: true });
  const { status, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${peer} ended with ${status}: ${stderr}`);
  console.log(`${peer} ${version()} runs`);
  process.exit(0);
}

const task = job('W1');
const flags = nodeFlags({ limitsMemory: false, memoryMb: task.memoryMb });
if (flags.length > 0 && !again) {
  const { status } = spawnSync(engine, [...flags, import.meta.filename, peer, 'again'], { stdio: 'inherit' });
  process.exit(status ?? 1);
}

const host = await open({ memoryMb: task.memoryMb, timeMs: task.timeMs, limitsMemory: false });
const answer = await host.run(task);
await host.close();
if (answer !== task.expect) throw new Error(`${peer} answered ${answer}`);
console.log(`${peer} ${version()} runs`);
process.exit(0);
