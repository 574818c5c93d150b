// Calls each tool of a server of others twice: with somebody else's client (@modelcontextprotocol/sdk), and from a script of `enclave mcp`. Prints how the
// answers differ.
//   node compare-server.mjs CLI.dll SERVER    a server of public-servers.mjs; the working folder is changed
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { servers } from './public-servers.mjs';

const packages = `${process.env.ENCLAVE_INTEROP_MODULES}/node_modules`;
const modules = createRequire(`${process.env.ENCLAVE_INTEROP_MODULES}/package.json`);
const load = (name) => import(pathToFileURL(modules.resolve(name)).href);
const { Client } = await load('@modelcontextprotocol/sdk/client/index.js');
const { StdioClientTransport } = await load('@modelcontextprotocol/sdk/client/stdio.js');

const [cli, name] = process.argv.slice(2);
const server = servers[name];
const folder = join(process.cwd(), 'files');

// Answers each request with what was asked.
const service = createServer(async (request, response) => {
  let body = '';
  for await (const bytes of request) body += bytes;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ method: request.method, path: request.url, body }));
});
await new Promise((listening) => service.listen(0, '127.0.0.1', listening));
const address = `http://127.0.0.1:${service.address().port}`;
const filled = (value) => JSON.parse(JSON.stringify(value ?? null).replaceAll('FOLDER', folder).replaceAll('SERVICE', address));

const program = [process.execPath, join(packages, server.package, server.file), ...filled(server.arguments ?? [])];
// Some servers leave files in the temporary folder, so they get one that goes with the test's.
const environment = { TMPDIR: process.cwd(), ...filled(server.env ?? {}) };
const calls = filled(server.calls);

function emptyFolder() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(server.files ?? {})) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
}

async function connected(command, args, env) {
  const client = new Client({ name: 'compare-server', version: '1.0.0' });
  const transport = new StdioClientTransport({ command, args, env, stderr: 'pipe' });
  client.log = '';
  transport.stderr.on('data', (bytes) => { client.log += bytes; });
  await client.connect(transport, { timeout: 120_000 });
  return client;
}

// The rules of docs/mcp.md, "What a server has becomes".
function valueOf(result) {
  const bytes = (text) => ({ bytes: Buffer.from(text, 'base64').toString('latin1') });
  const part = (block) => {
    if (block.type === 'image' || block.type === 'audio') return { type: block.type, mimeType: block.mimeType, data: bytes(block.data) };
    if (block.type === 'text') return { type: 'text', text: block.text };
    if (block.type === 'resource') {
      const { uri, mimeType, text, blob } = block.resource;
      return { type: 'resource', uri, mimeType, ...(blob === undefined ? { text } : { data: bytes(blob) }) };
    }
    const { uri, name: own, title, description, mimeType, size } = block;
    return { type: block.type, uri, name: own, title, description, mimeType, size };
  };
  const texts = result.content.filter((block) => block.type === 'text').map((block) => block.text);
  const others = result.content.filter((block) => block.type !== 'text');
  if (result.isError) return { code: 'MCP_TOOL_FAILED', message: texts.join(' ') };
  if (result.structuredContent !== undefined) {
    return others.length === 0 ? result.structuredContent : { ...result.structuredContent, $parts: others.map(part) };
  }
  if (result.content.length === 0) return null;
  return others.length === 0 ? texts.join('\n') : result.content.map(part);
}

// In the script as well: the value with bytes as characters, without members that are absent, and its members in one order.
function plain(value) {
  if (value instanceof Uint8Array) return { bytes: Array.from(value, (byte) => String.fromCharCode(byte)).join('') };
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().filter((key) => value[key] !== undefined).map((key) => [key, plain(value[key])]));
}

function steady(value, volatile) {
  let text = value;
  if (typeof value === 'string') for (const [pattern, by] of volatile) text = text.replace(new RegExp(pattern, 'g'), by);
  if (Array.isArray(value)) return value.map((item) => steady(item, volatile));
  if (value === null || typeof value !== 'object') return text;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, steady(member, volatile)]));
}

// A failure's message is one line, of 2,000 characters at most.
const oneLine = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim().slice(0, 1_500);
const shown = (value) => {
  const what = steady(plain(value), server.volatile ?? []);
  return JSON.stringify(what?.code === undefined ? what : { code: what.code, message: oneLine(what.message) });
};

emptyFolder();
const direct = await connected(program[0], program.slice(1), { ...process.env, ...environment });
const listed = [];
for (let cursor; ;) {
  const page = await direct.listTools(cursor === undefined ? undefined : { cursor });
  listed.push(...page.tools);
  if ((cursor = page.nextCursor) === undefined) break;
}
const expected = [];
for (const [tool, given] of calls) {
  try {
    expected.push(shown(valueOf(await direct.callTool({ name: tool, arguments: given }, undefined, { timeout: 120_000 }))));
  } catch (fault) {
    expected.push(shown({ code: 'MCP_REFUSED', message: fault.message.replace(/^MCP error -?\d+: /, '') }));
  }
}
await direct.close();

emptyFolder();
const words = ['env', ...Object.entries(environment).map(([key, value]) => `${key}=${value}`), ...program].map((word) => `'${word}'`).join(' ');
const gateway = await connected('dotnet', [cli, 'mcp', '--connect-timeout', '120s', '--approval', 'never', '--server', `${name}=${words}`], process.env);
const differences = [];
for (const [at, [tool, given]] of calls.entries()) {
  const script = `${plain}
${steady}
const volatile = ${JSON.stringify(server.volatile ?? [])};
const show = (value) => JSON.stringify(steady(plain(value), volatile));
const given = ${JSON.stringify(given)};
const expected = ${JSON.stringify(expected[at])};
let got;
try {
  got = show(await callTool('${name}:${tool.replace(/[^A-Za-z0-9]/g, '_')}', given));
} catch (fault) {
  const message = fault.message.replace(/^\\S+ failed:? ?/, '');
  got = JSON.stringify({ code: fault.code, message: steady(message, volatile).replace(/[\\u0000-\\u001f\\u007f-\\u009f\\s]+/g, ' ').trim().slice(0, 1500) });
}
let same = 0;
while (same < got.length && got[same] === expected[same]) same++;
return got === expected ? null : { got: got.slice(Math.max(0, same - 40), same + 400), expected: expected.slice(Math.max(0, same - 40), same + 400) };`;
  const answer = await gateway.callTool({ name: 'run_code', arguments: { code: script } }, undefined, { timeout: 120_000 });
  const { value, error } = answer.structuredContent;
  if (error !== undefined || value !== null) differences.push({ tool, ...(error === undefined ? value : { error }) });
}
await gateway.close();
service.close();
service.closeAllConnections();
const called = new Set(calls.map(([tool]) => tool));
console.log(JSON.stringify({
  listed: listed.length,
  called: called.size,
  calls: calls.length,
  notCalled: listed.map((tool) => tool.name).filter((tool) => !called.has(tool)),
  leftOut: gateway.log.split('\n').filter((line) => line.length > 0),
  differences,
}));
process.exit(0);
