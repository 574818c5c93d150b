// What crosses into a unit is text: the job as the source of an expression, and JSON for its arguments, its tool calls and its answer.

/**
 * An expression for a promise of the job's answer, as JSON text. `args` is the expression of its arguments as JSON text,
 * `callTool` that of a function which takes a tool's name and JSON text, and answers with JSON text or a promise of it.
 */
export function jobSource(code, args, callTool) {
  return `(async (args, callTool) => {\n${code}\n})(
    JSON.parse(${args}),
    async (name, args) => JSON.parse(await ${callTool}(name, JSON.stringify(args)))
  ).then(value => JSON.stringify(value))`;
}

/** The host's end of a tool call; nothing where the job has no tools. */
export function toolsAsText(tools) {
  return tools && (async (name, text) => JSON.stringify(await tools[name](JSON.parse(text))));
}
