// The documented product without its outer VM: a script in one node:vm context, in the host's process.
import { openContexts } from './upstream-host.mjs';

export { missing, nodeFlags, version } from './upstream-host.mjs';

export async function open() {
  return openContexts(({ memoryMb }) => ({ doubleVm: { enabled: false }, memoryLimit: memoryMb << 20 }));
}
