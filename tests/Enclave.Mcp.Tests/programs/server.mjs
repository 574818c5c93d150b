// One server of tools.mjs over stdio: node server.mjs NAME.
import { createInterface } from 'node:readline';
import { servers } from './tools.mjs';

const tools = servers[process.argv[2]];
const methods = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: process.argv[2], version: '1' } }),
  'tools/list': () => ({
    tools: Object.entries(tools).map(([name, { input, output, description }]) => (
      { name, description, inputSchema: input, outputSchema: output, annotations: { readOnlyHint: true, openWorldHint: false } })),
  }),
  'tools/call': ({ name, arguments: args }) => {
    try {
      const structuredContent = tools[name].run(args ?? {});
      return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
    } catch (error) {
      return { content: [{ type: 'text', text: error.message }], isError: true };
    }
  },
  ping: () => ({}),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const answer = methods[method] ? { result: methods[method](params) } : { error: { code: -32601, message: `no method ${method}` } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});
