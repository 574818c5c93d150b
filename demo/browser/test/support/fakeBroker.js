import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.md': 'text/plain; charset=utf-8', '.txt': 'text/plain; charset=utf-8' };

/** A simulated broker, for states of the page that are rare with real processes. */
export class FakeBroker {
  #server;
  #folder;
  #open = new Set();
  /** The required token; undefined for none. */
  token;
  /** The token for the fleet, if there is one. */
  operator;
  /** The pool that it reports: a value, or a raw text. */
  pool = {};
  /** The same for the fleet. */
  fleet = { brokers: [], runtimes: [] };
  /** The durable runs, of which each has its page's members and a timeline; a raw text; undefined for a broker without a store. */
  runs;
  /** The bodies of answers to waits. */
  answers = [];
  /** Refuses actions on runs: a status and a message. */
  refusal;
  tools = { actions: [], services: [], version: 'empty' };
  /** Gets the request of each session and writes its events. */
  session = async (_, events) => events.final({ ok: true, result: null });
  /** The time of its lists of runs. */
  time = 1_790_000_000_000;
  /** The requests, as `METHOD path`. */
  requests = [];
  cancelled = [];

  constructor(folder) {
    this.#folder = folder;
  }

  async start(port = 0) {
    this.#server = createServer((request, response) => void this.#answer(request, response).catch((error) => response.destroy(error)));
    this.#server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket));
    });
    await new Promise((resolve, reject) => this.#server.once('error', reject).listen(port, '127.0.0.1', resolve));
    this.port = this.#server.address().port;
    this.address = `http://127.0.0.1:${this.port}/`;
  }

  /** Stops, with all connections. */
  async stop() {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, 'http://x');
    this.requests.push(`${request.method} ${pathname}`);
    const [, top] = pathname.split('/');
    if (!['sessions', 'code', 'demo', 'fleet', 'runs'].includes(top)) return this.#file(pathname === '/' ? '/index.html' : pathname, response);
    const shown = request.headers.authorization;
    if (this.token !== undefined && shown !== `Bearer ${this.token}` && !(this.operator !== undefined && shown === `Bearer ${this.operator}`))
      return json(response, 401, { code: 'UNAUTHORIZED', message: 'a bearer token is needed' });
    if (['fleet', 'runs'].includes(top)) {
      if (this.operator !== undefined && shown !== `Bearer ${this.operator}`)
        return json(response, 403, { code: 'FORBIDDEN', message: 'this token may not do that' });
      if (top === 'runs') return this.#runs(request, response);
      return typeof this.fleet === 'string' ? response.end(this.fleet) : json(response, 200, this.fleet);
    }
    if (pathname === '/demo/pool') return typeof this.pool === 'string' ? response.end(this.pool) : json(response, 200, this.pool);
    if (pathname === '/code/actions') return json(response, 200, this.tools);
    const body = await read(request);
    if (pathname === '/sessions') {
      const events = new Events(response, body.sessionId);
      return this.session(body, events);
    }
    if (pathname.endsWith('/cancel')) this.cancelled.push(body.reason);
    return json(response, 200, { ok: true });
  }

  async #runs(request, response) {
    const { pathname, searchParams: asked } = new URL(request.url, 'http://x');
    if (typeof this.runs === 'string') return response.end(this.runs);
    if (this.runs === undefined) return json(response, 404, { code: 'NOT_FOUND', message: 'there is nothing here: docs/broker.md has the routes' });
    if (pathname === '/runs') {
      const [state, tenant, before] = ['state', 'tenant', 'before'].map((name) => asked.get(name));
      const found = this.runs.filter((run) => (state === null || run.state === state) && (tenant === null || run.tenant === tenant)
        && (before === null || run.changed < Number(before))).sort((one, other) => other.changed - one.changed);
      return json(response, 200, { time: this.time, runs: found.slice(0, Number(asked.get('limit') ?? 100)).map(({ timeline, ...listed }) => listed) });
    }
    const body = await read(request);
    if (request.method !== 'GET' && this.refusal) return json(response, this.refusal.status, { code: 'REFUSED', message: this.refusal.message });
    const isAnswer = pathname === '/runs/answer';
    const run = this.runs.find((one) => (isAnswer
      ? one.waits.some((wait) => wait.token === body.token)
      : one.name === asked.get('name') && (one.tenant ?? null) === asked.get('tenant')));
    if (!run) return json(response, 404, { code: 'NOT_FOUND', message: 'there is no such run' });
    if (isAnswer) {
      this.answers.push(body);
      run.waits = run.waits.filter((wait) => wait.token !== body.token);
      run.waitCount = run.waits.length;
      return json(response, 200, { answered: true });
    }
    if (request.method === 'DELETE') {
      this.runs = this.runs.filter((one) => one !== run);
      return json(response, 200, { deleted: true });
    }
    if (request.method === 'POST') {
      Object.assign(run, { state: 'ended', outcome: 'CANCELLED', waits: [], waitCount: 0, due: this.time + 7 * 86_400_000 });
      return json(response, 200, { cancelled: true });
    }
    const from = Number(asked.get('from') ?? 1);
    return json(response, 200, { time: this.time, ...run, entries: run.timeline.length, timeline: run.timeline.slice(from - 1, from + 499) });
  }

  async #file(path, response) {
    try {
      const content = await readFile(join(this.#folder, normalize(path)));
      response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream',
        'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff' }).end(content);
    } catch {
      json(response, 404, { code: 'NOT_FOUND', message: 'there is nothing here' });
    }
  }
}

/** The events of one session. */
class Events {
  #response;
  #sessionId;
  #seq = 0;
  #calls = 0;

  constructor(response, sessionId) {
    this.#response = response;
    this.#sessionId = sessionId;
  }

  /** Refuses instead. */
  refuse(status, code, message, headers = {}) {
    json(this.#response, status, { code, message }, headers);
  }

  begin() {
    this.#response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    this.send('session_init', { expiresAt: '2030-01-01T00:00:00.000Z', encryption: { enabled: false } });
  }

  send(type, payload) {
    this.#response.write(`${JSON.stringify({ protocolVersion: 2, sessionId: this.#sessionId, seq: ++this.#seq, type, payload })}\n`);
  }

  print(text) {
    this.send('stdout', { chunk: `${text}\n` });
  }

  call(toolName, args) {
    const callId = `c_${++this.#calls}`;
    this.send('tool_call', { callId, toolName, args });
    return callId;
  }

  applied(callId) {
    this.send('tool_result_applied', { callId });
  }

  final(payload) {
    if (this.#seq === 0) this.begin();
    this.send('final', { stats: { durationMs: 12, toolCallCount: this.#calls, stdoutBytes: 0 }, ...payload });
    this.#response.end();
  }
}

function json(response, status, value, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(value));
}

async function read(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return text === '' ? {} : JSON.parse(text);
}
