import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * A broker that sends the given responses, one for each request, in order.
 * A further request gets 599, and fails the test at its end.
 */
export async function startBroker(t, ...answers) {
  const requests = [];
  const surplus = [];
  const failures = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url, 'http://broker');
    const exchange = new Exchange(request, response, url, body);
    requests.push(exchange);
    const answer = answers.shift();
    if (!answer) {
      surplus.push(`${request.method} ${request.url}`);
      return response.writeHead(599).end();
    }
    try {
      await answer(exchange);
    } catch (error) {
      failures.push(error);
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    if (failures.length > 0) throw failures[0];
    if (surplus.length > 0) throw new Error(`requests that nobody expected: ${surplus.join(', ')}`);
    if (answers.length > 0) throw new Error(`${answers.length} answers were never asked for`);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    /** `METHOD /path?query` of each request so far. */
    get log() {
      return requests.map((r) => `${r.method} ${r.target}`);
    },
  };
}

class Exchange {
  constructor(request, response, url, body) {
    this.method = request.method;
    this.target = request.url;
    this.path = url.pathname;
    this.query = url.searchParams;
    this.headers = request.headers;
    this.body = body;
    this.response = response;
    this.sessionId = this.json?.sessionId ?? decodeURIComponent(url.pathname.split('/')[2] ?? '');
    this.closed = once(response, 'close');
  }

  get json() {
    return this.body ? JSON.parse(this.body) : undefined;
  }

  /** Answers with JSON. */
  reply(status, value, headers = {}) {
    this.response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    this.response.end(typeof value === 'string' ? value : JSON.stringify(value));
  }

  /** Begins a stream. */
  stream(nextSeq = 1) {
    this.response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-cache' });
    this.response.flushHeaders();
    return new Stream(this.response, this.sessionId, nextSeq);
  }
}

class Stream {
  constructor(response, sessionId, seq) {
    this.response = response;
    this.sessionId = sessionId;
    this.seq = seq;
  }

  envelope(type, payload) {
    return { protocolVersion: 2, sessionId: this.sessionId, seq: this.seq++, type, payload };
  }

  event(type, payload) {
    return this.raw(`${JSON.stringify(this.envelope(type, payload))}\n`);
  }

  raw(bytes) {
    this.response.write(bytes);
    return this;
  }

  init(encryption = { enabled: false }) {
    return this.event('session_init', { cancelUrl: `/sessions/${this.sessionId}/cancel`, expiresAt: '2026-01-01T00:00:00.000Z', encryption });
  }

  /** Ends with a final event. */
  final(payload) {
    this.event('final', payload);
    this.response.end();
  }

  end() {
    this.response.end();
  }

  /** Breaks the connection after the written data. */
  async cut() {
    await new Promise((resolve) => this.response.write('\n', resolve));
    this.response.destroy();
  }
}

/** A response: a whole session that ends with this value. */
export const session = (value) => (x) => x.stream().init().final({ ok: true, result: value });

/** A response: a refusal. */
export const refuse = (status, body = {}, headers = {}) => (x) => x.reply(status, body, headers);

/** A promise to wait for. */
export function signal() {
  let set;
  const promise = new Promise((resolve) => (set = resolve));
  return { promise, set };
}
