// Somebody else's client (@modelcontextprotocol/sdk) in front of `enclave mcp`, which has the server at the address of the last argument behind it.
//   node gateway-client.mjs CLI.dll ADDRESS
// Calls every tool of that server once in one script, and prints what came of it. The conformance tests start it as the client under test.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const modules = createRequire(`${process.env.ENCLAVE_INTEROP_MODULES}/package.json`);
const load = (name) => import(pathToFileURL(modules.resolve(name)).href);
const { Client } = await load('@modelcontextprotocol/sdk/client/index.js');
const { StdioClientTransport } = await load('@modelcontextprotocol/sdk/client/stdio.js');

const [cli, address] = process.argv.slice(2);
const client = new Client({ name: 'gateway-client', version: '1.0.0' });
await client.connect(new StdioClientTransport({ command: 'dotnet', args: [cli, 'mcp', '--server', `test=${address}`], stderr: 'inherit' }));
const { tools } = await client.listTools();
const found = await client.callTool({ name: 'search_tools', arguments: { query: 'add numbers test reconnection' } });
const names = found.structuredContent.tools.map((tool) => tool.name);
const code = names.map((name) => `out.push(await callTool('${name}', ${name.endsWith('add_numbers') ? '{ a: 2, b: 3 }' : '{}'}));`).join('\n');
const answer = await client.callTool({ name: 'run_code', arguments: { code: `const out = [];\n${code}\nreturn out` } });
console.log(JSON.stringify({ tools: tools.map((tool) => tool.name), names, answer: answer.structuredContent }));
await client.close();
