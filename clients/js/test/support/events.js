/** One event of each type, with payloads as in the protocol. */
export const everyPayload = {
  session_init: { cancelUrl: '/c', expiresAt: '2026-01-01T00:00:00.000Z', encryption: { enabled: false, keyId: 'k' }, replayUrl: '/r' },
  stdout: { chunk: 'é😀\n' },
  log: { level: 'warn', message: 'm', data: { a: 1 } },
  tool_call: { callId: 'c_1', toolName: 't', args: { a: 1 } },
  tool_progress: { callId: 'c_1', phase: 'receiving', elapsedMs: 3.5, bytesReceived: 1, totalBytes: 2 },
  tool_result_applied: { callId: 'c_1' },
  partial_result: {
    path: ['a', '0'],
    data: null,
    error: {
      code: 'E',
      message: 'm',
      path: ['a'],
      details: [
        { type: 'retry_info', retryDelayMs: 5 },
        { type: 'upstream_info', statusCode: 502, url: 'http://x' },
        { type: 'validation_info', field: 'f', reason: 'r' },
        { type: 'quota_info', limit: 1, used: 2 },
      ],
    },
    hasNext: true,
  },
  heartbeat: { ts: '2026-01-01T00:00:00.000Z' },
  error: { message: 'soft', code: 'S', recoverable: true },
  deadline_exceeded: { elapsedMs: 11, budgetMs: 10 },
  catalog_changed: { version: 'v2', addedActions: ['a'], removedActions: [] },
  enc: { kid: 'k', nonceB64: 'AA==', ciphertextB64: 'AA==', tagB64: 'AA==' },
  final: {
    ok: false,
    error: { message: 'bad', code: 'X', stack: 'at y' },
    errors: [{ code: 'E', message: 'm' }],
    stats: { durationMs: 9, toolCallCount: 1, stdoutBytes: 7 },
  },
};

/** An event around a payload. */
export const envelope = (type, payload, seq = 1) => ({ protocolVersion: 2, sessionId: 's_1', seq, type, payload });

/** A stdout event as a line without its end. */
export const line = (seq, chunk = `x${seq}`) => JSON.stringify(envelope('stdout', { chunk }, seq));
