import vm from 'node:vm';
import { jobSource } from './job-text.mjs';

/** Starts a job in its own context. Arguments, tool calls and the answer cross as JSON text. */
export function runInNewContext(code, argsText, callTool, timeMs) {
  const context = vm.createContext({ argsText, callToolText: callTool });
  const answer = vm.runInContext(jobSource(code, 'argsText', 'callToolText'), context, timeMs ? { timeout: timeMs } : {});
  return { context, answer };
}
