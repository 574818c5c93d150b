// The client of @modelcontextprotocol/sdk alone: so many calls of one tool of a server on standard input and output, one after another.
//   node sdk-calls.mjs CALLS SERVER…    prints the time of each call in milliseconds, as JSON
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const modules = createRequire(`${process.env.ENCLAVE_INTEROP_MODULES}/package.json`);
const load = (name) => import(pathToFileURL(modules.resolve(name)).href);
const { Client } = await load('@modelcontextprotocol/sdk/client/index.js');
const { StdioClientTransport } = await load('@modelcontextprotocol/sdk/client/stdio.js');

const [calls, ...server] = process.argv.slice(2);
const client = new Client({ name: 'bench', version: '1.0.0' });
await client.connect(new StdioClientTransport({ command: process.execPath, args: server }));
const times = [];
for (let call = 0; call < Number(calls) * 2; call++) {
  const began = performance.now();
  await client.callTool({ name: 'list_issues', arguments: { limit: 3 } });
  // The first half warms up.
  if (call >= Number(calls)) times.push(performance.now() - began);
}
console.log(JSON.stringify(times));
await client.close();
