// The documented product at its defaults: a script in a node:vm context inside another one, in the host's process.
import { openContexts } from './upstream-host.mjs';

export { missing, nodeFlags, version } from './upstream-host.mjs';

/** The two rates limit a script's tool calls. The defaults would end W3. */
export async function open() {
  const parentValidation = { maxOperationsPerSecond: 1e6, rapidEnumerationThreshold: 1e6 };
  return openContexts(({ memoryMb }) => ({ doubleVm: { parentValidation }, memoryLimit: memoryMb << 20 }));
}
