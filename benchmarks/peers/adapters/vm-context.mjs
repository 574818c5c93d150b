import vm from 'node:vm';

/** Starts a job in a context of its own; arguments, tool calls and the answer cross as JSON text. */
export function runInNewContext(code, argsText, callTool, timeMs) {
  const context = vm.createContext({ argsText, callToolText: callTool });
  const source = `(async (args, callTool) => {\n${code}\n})(
    JSON.parse(argsText),
    async (name, args) => JSON.parse(await callToolText(name, JSON.stringify(args)))
  ).then(value => JSON.stringify(value))`;
  const answer = vm.runInContext(source, context, timeMs ? { timeout: timeMs } : {});
  return { context, answer };
}
