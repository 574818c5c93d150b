// The servers of catalogue.mjs, without a library: their own cost is small beside a client's.
//   node servers.mjs http          all of them over HTTP on a free port, as /NAME; prints the port
//   node servers.mjs stdio NAME    one of them on standard input and output
//   node servers.mjs tasks         the tasks, as JSON
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { servers, tasks } from './catalogue.mjs';

const byName = new Map(servers.map((server) => [server.name, server]));

function answer(server, { id, method, params }) {
  if (id === undefined) return undefined;
  const result = (value) => ({ jsonrpc: '2.0', id, result: value });
  switch (method) {
    case 'initialize':
      return result({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: server.name, version: '1' } });
    case 'ping':
      return result({});
    case 'tools/list':
      return result({ tools: server.tools.map(({ name, description, inputSchema, annotations }) => ({ name, description, inputSchema, annotations })) });
    case 'tools/call':
      return result({ content: [{ type: 'text', text: `${server.name} ${params.name}` }] });
    default:
      return { jsonrpc: '2.0', id, error: { code: -32601, message: `no ${method} here` } };
  }
}

const [mode, name] = process.argv.slice(2);
if (mode === 'tasks') {
  console.log(JSON.stringify(tasks));
} else if (mode === 'stdio') {
  for await (const line of createInterface({ input: process.stdin })) {
    const said = answer(byName.get(name), JSON.parse(line));
    if (said) process.stdout.write(`${JSON.stringify(said)}\n`);
  }
} else {
  const listening = createServer((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const said = answer(byName.get(request.url.slice(1)), JSON.parse(Buffer.concat(parts)));
      if (said) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
      else response.writeHead(202).end();
    });
  }).listen(0, '127.0.0.1', () => console.log(listening.address().port));
  // The one who started it is gone.
  process.stdin.resume().on('end', () => process.exit());
}
