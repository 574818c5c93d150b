import type { ErrorDetail, ErrorInfo, ErrorPayload, EventType, FinalEvent, FinalStats, ServerHello, StreamEvent } from './events.js';
import { Members, UnreadableEvent } from './members.js';

const levels = ['debug', 'info', 'warn', 'error'] as const;
const phases = ['connecting', 'sending', 'receiving', 'processing'] as const;

type PayloadOf<T extends EventType> = Extract<StreamEvent, { type: T }>['payload'];
type PayloadReaders = { readonly [T in EventType]: (payload: Members) => PayloadOf<T> };

// If a peer is known to send another form, the protocol's own form takes precedence.
const payloads: PayloadReaders = {
  session_init: (p) => {
    const encryption = p.object('encryption');
    return {
      ...p.optional('cancelUrl', (n) => p.text(n)),
      expiresAt: p.time('expiresAt'),
      encryption: {
        enabled: encryption.flag('enabled'),
        ...encryption.optional('keyId', (n) => encryption.text(n)),
        ...encryption.optional('serverHello', (n) => readServerHello(encryption.object(n))),
      },
      ...p.optional('replayUrl', (n) => p.text(n)),
    };
  },
  stdout: (p) => ({ chunk: p.text(firstOf(p, 'chunk', 'data')) }),
  log: (p) => ({ level: p.oneOf('level', levels), message: p.text('message'), ...p.optional('data', (n) => p.record(n)) }),
  tool_call: (p) => ({ callId: p.text('callId', 1), toolName: p.text(firstOf(p, 'toolName', 'tool', 'name'), 1), args: p.any('args') }),
  tool_progress: (p) => ({
    callId: p.text('callId', 1),
    phase: p.oneOf('phase', phases),
    elapsedMs: p.number('elapsedMs', 0),
    ...p.optional('bytesReceived', (n) => p.integer(n, 0)),
    ...p.optional('totalBytes', (n) => p.integer(n, 0)),
  }),
  tool_result_applied: (p) => ({ callId: p.text('callId', 1) }),
  partial_result: (p) => ({
    path: p.texts('path'),
    ...p.optional('data', (n) => p.any(n)),
    ...p.optional('error', (n) => readErrorPayload(p.object(n))),
    hasNext: p.flag('hasNext'),
  }),
  heartbeat: (p) => p.optional('ts', (n) => p.time(n)),
  error: (p) => ({
    message: p.text('message'),
    ...p.optional('code', (n) => p.text(n)),
    ...p.optional('recoverable', (n) => p.flag(n)),
  }),
  deadline_exceeded: (p) => {
    const budgetMs = p.number('budgetMs', 0);
    if (budgetMs === 0) throw new UnreadableEvent('payload.budgetMs is not above zero');
    return { elapsedMs: p.number('elapsedMs', 0), budgetMs };
  },
  catalog_changed: (p) => ({ version: p.text('version', 1), addedActions: p.texts('addedActions'), removedActions: p.texts('removedActions') }),
  final: readFinal,
  enc: (p) => ({
    kid: p.text('kid', 1),
    nonceB64: p.text('nonceB64', 1),
    ciphertextB64: p.text('ciphertextB64', 1),
    ...p.optional('tagB64', (n) => p.text(n)),
  }),
};

/**
 * Reads one event as known brokers send it: in the forms of the protocol, with other member names, or with ids without their prefix.
 * Unknown members are dropped.
 * @throws UnreadableEvent that names the wrong member.
 */
export function readEvent(value: unknown): StreamEvent {
  const event = new Members(value);
  const protocolVersion = event.any('protocolVersion');
  if (protocolVersion !== 1 && protocolVersion !== 2) throw new UnreadableEvent(`protocolVersion must be 1 or 2, not ${JSON.stringify(protocolVersion)}`);
  const type = event.text('type');
  if (!isEventType(type)) throw new UnreadableEvent(`type ${JSON.stringify(type)} is unknown`);
  return {
    protocolVersion,
    sessionId: event.text('sessionId', 1),
    seq: event.integer('seq', 0),
    type,
    payload: payloads[type](event.object('payload')),
  } as StreamEvent;
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(payloads, type);
}

// `final` cannot be replaced by another event: faults in its optional members drop these members, but not the result.
function readFinal(p: Members): FinalEvent['payload'] {
  const error = orAbsent(() => (p.has('error') ? readErrorInfo(p) : undefined));
  const errors = orAbsent(() => (p.has('errors') ? p.list('errors', (item, path) => readErrorPayload(new Members(item, path))) : undefined));
  const stats = orAbsent(() => (p.has('stats') ? readStats(p.object('stats')) : undefined));
  return {
    ok: p.has('ok') ? p.flag('ok') : !p.has('error') || p.any('error') === null,
    ...p.optional('result', (n) => p.any(n)),
    ...(error && { error }),
    ...(errors && { errors }),
    ...(stats && { stats }),
  };
}

function readErrorInfo(final: Members): ErrorInfo {
  const value = final.any('error');
  if (typeof value === 'string') return { message: value };
  const error = final.object('error');
  return { message: error.text('message'), ...error.optional('code', (n) => error.text(n)), ...error.optional('stack', (n) => error.text(n)) };
}

function readErrorPayload(error: Members): ErrorPayload {
  return {
    code: error.text('code'),
    message: error.text('message'),
    ...error.optional('path', (n) => error.texts(n)),
    ...error.optional('details', (n) => error.list(n, (item, path) => readDetail(new Members(item, path)))),
  };
}

function readDetail(detail: Members): ErrorDetail {
  const type = detail.oneOf('type', ['retry_info', 'upstream_info', 'validation_info', 'quota_info']);
  switch (type) {
    case 'retry_info': return { type, retryDelayMs: detail.number('retryDelayMs', 0) };
    case 'upstream_info': return { type, statusCode: detail.integer('statusCode'), url: detail.text('url') };
    case 'validation_info': return { type, field: detail.text('field'), reason: detail.text('reason') };
    case 'quota_info': return { type, limit: detail.number('limit'), used: detail.number('used') };
  }
}

function readStats(stats: Members): FinalStats {
  return { durationMs: stats.number('durationMs', 0), toolCallCount: stats.integer('toolCallCount', 0), stdoutBytes: stats.integer('stdoutBytes', 0) };
}

function readServerHello(hello: Members): ServerHello {
  return {
    protocolVersion: hello.number('protocolVersion'),
    serverEphemeralPubKeyB64: hello.text('serverEphemeralPubKeyB64'),
    curve: hello.text('curve'),
    selectedAlgorithm: hello.text('selectedAlgorithm'),
    kdf: hello.text('kdf'),
    keyId: hello.text('keyId', 1),
    ...hello.optional('signatureB64', (n) => hello.text(n)),
  };
}

function firstOf(members: Members, ...names: [string, ...string[]]): string {
  return names.find((name) => members.has(name)) ?? names[0];
}

function orAbsent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableEvent) return undefined;
    throw error;
  }
}
