import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = [process.env.ENCLAVE_SHARED, join(repository, '../shared')].filter(Boolean).map((shared) => join(shared, 'wire-captures')).find(existsSync);

/** Why tests of recordings are skipped; false if they are not. */
export const skip = folder ? false : 'no wire-captures in ENCLAVE_SHARED or ../shared';

/** The recordings whose names begin with a text. */
export function recordings(prefix) {
  if (!folder) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.jsonl') && !name.endsWith('.raw.jsonl')).map((name) => name.slice(0, -'.jsonl'.length)).sort();
}

/** The lines of a recording. */
export function read(name) {
  return readFileSync(join(folder, `${name}.jsonl`), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

/** The requests and responses, in the order of the requests. */
export function exchanges(lines) {
  const open = new Map();
  const all = [];
  for (const line of lines) {
    if (line.kind === 'request') {
      const exchange = { method: line.method, target: line.target, path: line.target.split('?')[0], body: '', chunks: [], ended: false };
      open.set(line.conn, exchange);
      all.push(exchange);
      continue;
    }
    const exchange = open.get(line.conn);
    if (!exchange) continue;
    if (line.kind === 'request_body') exchange.body = line.text;
    if (line.kind === 'response') exchange.response = line;
    if (line.kind === 'response_chunk' || line.kind === 'response_body')
      exchange.chunks.push(line.b64 ? Buffer.from(line.b64, 'base64') : Buffer.from(line.text));
    if (line.kind === 'response_end' || line.kind === 'response_body') exchange.ended = true;
    if (line.kind.startsWith('tcp_') && line.dir === 's2c') exchange.cut = true;
  }
  return all;
}

/**
 * Serves a recording's responses: each to the next request with its method, path and session.
 * Other requests get 404, or a closed connection from a broker that is `gone`.
 */
export async function replay(t, lines, { cut = false, gone = false } = {}) {
  const left = exchanges(lines).filter((exchange) => exchange.response);
  const asked = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    asked.push({ method: request.method, target: request.url, body });
    const at = left.findIndex((e) => e.method === request.method
      && e.path === request.url.split('?')[0] && (!e.body || request.method !== 'POST' || sessionOf(e.body) === sessionOf(body)));
    if (at < 0) return gone ? response.destroy() : response.writeHead(404).end();
    const [exchange] = left.splice(at, 1);
    const headers = exchange.response.headers.filter(([name]) => !/^(date|connection|keep-alive|transfer-encoding|content-length)$/i.test(name));
    response.writeHead(exchange.response.status, exchange.response.reason, Object.fromEntries(headers));
    response.flushHeaders();
    for (const chunk of exchange.chunks) await new Promise((resolve) => response.write(chunk, resolve));
    if (exchange.ended) response.end();
    else if (exchange.cut || (cut && request.method === 'POST')) response.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { url: `http://127.0.0.1:${server.address().port}`, asked };
}

export function sessionOf(body) {
  return JSON.parse(body).sessionId;
}
