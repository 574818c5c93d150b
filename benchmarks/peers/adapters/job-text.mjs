// Only text crosses into a unit: the job as the source of an expression, and JSON for its arguments, its tool calls and its answer.

/**
 * An expression for a promise of the job's answer as JSON text. `args` is an expression for its arguments as JSON text. `callTool` is an
 * expression for a function that takes a tool's name and JSON text and returns JSON text, or a promise of it.
 */
export function jobSource(code, args, callTool) {
  return `(async (args, callTool) => {\n${code}\n})(
    JSON.parse(${args}),
    async (name, args) => JSON.parse(await ${callTool}(name, JSON.stringify(args)))
  ).then(value => JSON.stringify(value))`;
}

/** The host's end of a tool call. Undefined if the job has no tools. */
export function toolsAsText(tools) {
  return tools && (async (name, text) => JSON.stringify(await tools[name](JSON.parse(text))));
}
