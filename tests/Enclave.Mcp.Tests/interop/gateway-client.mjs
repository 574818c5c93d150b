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
// The client that the scenario's sign-in knows.
const { client_id: id, client_secret: secret } = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const options = ['--server', `test=${address}`];
if (process.env.MCP_CONFORMANCE_SCENARIO === 'auth/basic-cimd') options.push('--client-id', 'test=https://conformance-test.local/client-metadata.json');
if (id !== undefined) options.push('--client-id', `test=${id}`);
if (secret !== undefined) options.push('--client-secret', 'test=CLIENT_SECRET');
const client = new Client({ name: 'gateway-client', version: '1.0.0' });
const env = { ...process.env, ...(secret === undefined ? {} : { CLIENT_SECRET: secret }) };
const transport = new StdioClientTransport({ command: 'dotnet', args: [cli, 'mcp', ...options], env, stderr: 'pipe' });
// A person would open the address in a browser. The scenario's server sends the browser back at once.
let log = '';
transport.stderr.on('data', (bytes) => {
  process.stderr.write(bytes);
  log += bytes;
  for (let found; (found = /Open in a browser: (\S+)\n/.exec(log)) !== null; log = log.slice(found.index + found[0].length)) {
    fetch(found[1]).catch((fault) => process.stderr.write(`the browser failed: ${fault}\n`));
  }
});
await client.connect(transport);
const { tools } = await client.listTools();
const found = await client.callTool({ name: 'search_tools', arguments: { query: 'add numbers test reconnection' } });
const names = found.structuredContent.tools.map((tool) => tool.name);
const code = names.map((name) => `out.push(await callTool('${name}', ${name.endsWith('add_numbers') ? '{ a: 2, b: 3 }' : '{}'}));`).join('\n');
const answer = await client.callTool({ name: 'run_code', arguments: { code: `const out = [];\n${code}\nreturn out` } });
console.log(JSON.stringify({ tools: tools.map((tool) => tool.name), names, answer: answer.structuredContent }));
await client.close();
