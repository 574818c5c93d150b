import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomes } from './deviations.js';
import { signal } from './support/broker.js';
import { exchanges, read, recordings, replay, sessionOf, skip } from './support/captures.js';
import { connect, places } from './support/client.js';

const reconnectDelay = 40;

// Additions to a recording: the waits to skip, after which event, and the caller's actions at each event.
const scenarios = {
  'client-eof-no-final': { waits: [reconnectDelay] },
  'client-heartbeat-timeout': { after: 1, waits: [30_000, reconnectDelay] },
  'client-resume-from': { waits: [reconnectDelay], asked: /\?from=4&fromSeq=4$/ },
  'http-reconnect': { waits: [reconnectDelay], cut: true, asked: /\?from=5&fromSeq=5$/ },
  'http-reconnect-refused': { waits: [40, 80, 160], cut: true, gone: true },
  'http-cancel': { at: 4, act: (handle) => handle.cancel('no longer needed') },
  'http-cancel-no-reason': { at: 4, act: (handle) => handle.cancel() },
  'http-abort-signal': { at: 4, act: (_, abort) => abort.abort() },
};

const calledHandlers = ['onStdout',
  'onLog', 'onToolCall', 'onToolResultApplied', 'onToolProgress', 'onPartialResult', 'onHeartbeat', 'onError', 'onDeadlineExceeded', 'onCatalogChanged'];

// Our outcome, reduced to the members of the recorded client, as JSON keeps them.
function asRecorded({ success, sessionId, value, error, errors, events, stats }) {
  return JSON.parse(JSON.stringify({
    success,
    sessionId,
    value: success ? value : undefined,
    error: error && { code: error.code, message: error.message },
    errors: errors?.map(({ code, message, path }) => ({ code, message, path })),
    events: places(events),
    stats: { toolCallCount: stats.toolCallCount, stdoutBytes: stats.stdoutBytes },
  }));
}

function withoutDuration(outcome) {
  if (typeof outcome !== 'object') return outcome;
  const { stats: { durationMs: _, ...stats }, ...rest } = outcome;
  return { ...rest, stats };
}

// The recorded outcome with the deviation applied. A deviation that changes nothing is outdated.
function expected(name, recorded) {
  const { reason, settled, calls: _, once: __, ...changes } = outcomes[name] ?? {};
  const changed = settled ? { sessionId: undefined, ...settled } : { ...recorded, ...changes };
  if (reason) assert.notDeepEqual(changed, recorded, `${name} deviates in nothing`);
  return changed;
}

async function play(t, name, lines, post, config = {}) {
  const { waits = [], after, at, act, cut, gone } = scenarios[name] ?? {};
  const broker = await replay(t, lines, { cut, gone });
  const { client, clock } = connect(broker.url, { reconnectDelay, timeout: 0, ...config });
  const { sessionId, code, config: limits } = JSON.parse(post.body);
  const calls = [];
  const abort = new AbortController();
  const begun = signal();
  let handle;
  let acted;
  const handlers = Object.fromEntries(calledHandlers.map((handler) => [handler, (...args) => calls.push([handler, ...args])]));
  handle = client.executeStream(code, {
    sessionId,
    ...(limits && { limits: { sessionTtlMs: limits.maxExecutionMs, maxToolCalls: limits.maxToolCalls, heartbeatIntervalMs: limits.heartbeatIntervalMs } }),
    signal: abort.signal,
    ...handlers,
    onSessionInit: () => calls.push(['onSessionInit', 'session_init']),
    onEvent: (event) => {
      calls.push(['onEvent', event.seq, event.type]);
      if (event.seq === after) begun.set();
      if (event.seq === at) acted = Promise.resolve().then(() => act(handle, abort));
    },
  });
  if (after !== undefined) await begun.promise;
  for (const wait of waits) await clock.fire(wait);
  const result = await handle.wait();
  await acted;
  return { result, calls: JSON.parse(JSON.stringify(calls)), asked: broker.asked };
}

const names = [...recordings('client-'), ...recordings('http-')].filter((name) => {
  const outcome = read(name).find((line) => line.kind === 'outcome');
  return outcome && 'client' in outcome;
});

test('recordings of the client are here', { skip }, () => {
  assert.ok(recordings('client-').length >= 10 && names.length >= 30, `${names.length} recordings`);
  const own = new Set(recordings('client-').filter((name) => !names.includes(name) && !name.startsWith('client-status-')));
  assert.deepEqual([...own], ['client-get-session']);
  for (const name of [...Object.keys(scenarios), ...Object.keys(outcomes)]) assert.ok(recordings(name).includes(name), `${name} is not among the recordings`);
});

for (const name of names) {
  test(`${name}${outcomes[name] ? `: ${outcomes[name].reason}` : ''}`, { skip }, async (t) => {
    const lines = read(name);
    const recorded = lines.find((line) => line.kind === 'outcome').client;
    const post = exchanges(lines)
      .find((e) => e.method === 'POST' && e.path === '/sessions' && (typeof recorded === 'string' || sessionOf(e.body) === recorded.sessionId));
    const { result, calls, asked } = await play(t, name, lines, post);

    const wanted = expected(name, withoutDuration(recorded));
    assert.deepEqual(asRecorded(result), JSON.parse(JSON.stringify({ ...wanted, sessionId: wanted.sessionId ?? sessionOf(post.body) })));

    const { limits: _, ...request } = JSON.parse(asked[0].body);
    assert.deepEqual(request, JSON.parse(post.body));
    if (scenarios[name]?.asked) assert.match(asked[1].target, scenarios[name].asked);

    const told = lines.find((line) => line.kind === 'client_callbacks')?.calls;
    if (!told) return;
    // Recordings of the client alone leave out the handler for every event.
    const all = told.some(([handler]) => handler === 'onEvent');
    const ours = all ? calls : calls.filter(([handler]) => calledHandlers.includes(handler));
    const theirs = outcomes[name]?.calls ?? (outcomes[name]?.once ? firstOfEach(told) : told);
    assert.deepEqual(ours, theirs);
  });
}

// The calls without those of repeated events.
function firstOfEach(calls) {
  const seen = new Set();
  return calls.filter((call) => {
    const key = JSON.stringify(call);
    return !seen.has(key) && seen.add(key);
  });
}

for (const name of recordings('client-status-')) {
  test(`${name}: ${outcomes[name].reason}`, { skip }, async (t) => {
    const lines = read(name);
    const recorded = lines.find((line) => line.kind === 'outcome');
    const posts = exchanges(lines).filter((e) => e.method === 'POST');
    for (const [index, [variant, autoReconnect]] of [['noReconnect', false], ['withReconnect', true]].entries()) {
      const { result, asked } = await play(t, name, lines, posts[index], { autoReconnect });
      const theirs = withoutDuration(recorded[variant]);
      const changed = outcomes[name][variant];
      if (changed) assert.notDeepEqual({ ...changed, sessionId: theirs.sessionId }, theirs, `${name} deviates in nothing`);
      assert.deepEqual(asRecorded(result), { ...theirs, ...changed });
      assert.deepEqual(asked.map((a) => `${a.method} ${a.target}`), ['POST /sessions']);
    }
  });
}

test('client-get-session', { skip }, async (t) => {
  const lines = read('client-get-session');
  const { a404, a500, a200 } = lines.find((line) => line.kind === 'outcome');
  const broker = await replay(t, lines);
  const { client } = connect(broker.url);
  assert.equal(await client.getSession('s_a'), a404);
  await assert.rejects(client.getSession('s_a'), { name: a500.threw, code: a500.code, message: a500.message });
  assert.deepEqual(await client.getSession('s_a'), a200);
});

test('http-demo-broker: its streams end with their results', { skip }, async (t) => {
  const lines = read('http-demo-broker');
  const last = exchanges(lines).findLast((e) => e.method === 'POST' && e.path === '/sessions');
  const { result } = await play(t, 'http-demo-broker', lines, last);
  // It renames the session, and leaves out cancelUrl.
  const theirs = JSON.parse(last.chunks[0].toString()).sessionId;
  assert.notEqual(theirs, sessionOf(last.body));
  assert.deepEqual([result.value, result.sessionId, places(result.events)], [7, theirs, [[1, 'session_init'], [2, 'final']]]);

  // The response of a route that this client does not use: a call's id has no prefix, and the final event repeats a number.
  const other = exchanges(lines).find((e) => e.path === '/sessions/lambda');
  const session = { ...other, path: '/sessions', target: '/sessions', body: '{"sessionId":"s_x","code":""}' };
  const played = await play(t, 'http-demo-broker', asLines(session), session);
  assert.deepEqual(places(played.result.events), [[1, 'session_init'], [2, 'tool_call'], [3, 'tool_result_applied'], [3, 'final']]);
  assert.equal(played.result.success, true);
});

function asLines({ method, target, body, response, chunks }) {
  const conn = 1;
  return [
    { conn, kind: 'request', method, target },
    { conn, kind: 'request_body', text: body },
    { ...response, conn },
    ...chunks.map((chunk) => ({ conn, kind: 'response_chunk', text: chunk.toString() })),
    { conn, kind: 'response_end' },
  ];
}
