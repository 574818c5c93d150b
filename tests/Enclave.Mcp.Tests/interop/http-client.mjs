// Somebody else's client (@modelcontextprotocol/sdk) in front of `/mcp`, with a token.
//   node http-client.mjs ADDRESS TOKEN
// Lists the tools, runs a script with progress, has an approval granted, ends the session, and prints what came of it.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const modules = createRequire(`${process.env.ENCLAVE_INTEROP_MODULES}/package.json`);
const load = (name) => import(pathToFileURL(modules.resolve(name)).href);
const { Client } = await load('@modelcontextprotocol/sdk/client/index.js');
const { StreamableHTTPClientTransport } = await load('@modelcontextprotocol/sdk/client/streamableHttp.js');
const { ElicitRequestSchema } = await load('@modelcontextprotocol/sdk/types.js');

const [address, token] = process.argv.slice(2);
const client = new Client({ name: 'http-client', version: '1.0.0' }, { capabilities: { elicitation: {} } });
client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { allow: true } }));
const transport = new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers: { Authorization: `Bearer ${token}` } } });
await client.connect(transport);
const { tools } = await client.listTools();
const steps = [];
const code = `const list = await callTool('orders:list', { limit: 3 });
return [await callTool('tenant'), list.length, await callTool('orders:pay', { id: 7 })];`;
const answer = await client.callTool({ name: 'run_code', arguments: { code } }, undefined, { onprogress: ({ message }) => steps.push(message) });
const session = transport.sessionId;
await transport.terminateSession();
console.log(JSON.stringify({ tools: tools.map((tool) => tool.name), answer: answer.structuredContent, steps, hasSession: session !== undefined }));
await client.close();
