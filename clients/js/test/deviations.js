// Where this client differs from the recorded one, and why. A test fails if a deviation no longer exists.

const cancelled = { success: false, error: { code: 'CANCELLED', message: 'Session cancelled' } };
const untilToolRuns = [[1, 'session_init'], [2, 'tool_call'], [3, 'tool_progress'], [4, 'tool_progress']];
const refused = (status, body) => ({ success: false, error: { code: 'SESSION_ERROR', message: `Failed to start session: ${status}${body && ` - ${body}`}` },
  events: [], stats: { toolCallCount: 0, stdoutBytes: 0 } });

/** By recording: the members of the outcome that differ. */
export const outcomes = {
  'client-all-events': {
    reason: 'stdoutBytes are bytes of UTF-8, as the broker counts them',
    stats: { toolCallCount: 1, stdoutBytes: 7 },
  },
  'client-eof-no-final': {
    reason: 'a stream that ends without a final event is asked for again, and a run settles in every case',
    settled: { success: false, error: { code: 'PARSE_ERROR', message: 'The stream ended without a final event' },
      events: [[1, 'session_init']], stats: { toolCallCount: 0, stdoutBytes: 0 } },
  },
  'client-status-400': { reason: 'a refusal is final', withReconnect: refused(400, '{"code":"INVALID_REQUEST","message":"bad"}') },
  'client-status-401': { reason: 'a refusal is final', withReconnect: refused(401, '{"code":"UNAUTHORIZED","message":"no"}') },
  'client-status-429': { reason: 'a refusal is final', withReconnect: refused(429, 'slow down') },
  'client-status-503': {
    reason: 'a refusal is final, unless the broker says when to come back; without a body there is nothing to quote',
    noReconnect: refused(503, ''),
    withReconnect: refused(503, ''),
  },
  'client-tolerance': {
    reason: 'other names of members and ids without prefix are read, one number is one event, and stdoutBytes are bytes of UTF-8',
    events: [[1, 'session_init'],
      [3, 'stdout'], [4, 'stdout'], [5, 'stdout'], [6, 'stdout'], [9, 'stdout'], [10, 'stdout'], [12, 'tool_call'], [14, 'enc'], [15, 'final']],
    stats: { toolCallCount: 1, stdoutBytes: 46 },
    calls: [
      ['onStdout', 'kept'],
      ['onStdout', '漢字😀'],
      ['onStdout', 'docs shape'],
      ['onStdout', 'v1'],
      ['onStdout', 'other session'],
      ['onStdout', 'ses_ id'],
      ['onToolCall', 'call_1', 't', {}],
    ],
  },
  'http-abort-signal': {
    reason: 'an aborted signal cancels, and a run settles in every case',
    settled: { ...cancelled, events: untilToolRuns, stats: { toolCallCount: 1, stdoutBytes: 0 } },
  },
  'http-cancel': {
    reason: 'a cancel is CANCELLED with its reason',
    error: { code: 'CANCELLED', message: 'no longer needed' },
  },
  'http-reconnect': {
    reason: 'an event that is repeated is told once',
    events: [...untilToolRuns, [5, 'tool_result_applied'], [6, 'final']],
    stats: { toolCallCount: 1, stdoutBytes: 0 },
    once: true,
  },
  'http-reconnect-refused': {
    reason: 'a connection that fails says how',
    error: { code: 'NETWORK_ERROR', message: 'fetch failed: other side closed' },
  },
};

/** Lines that are accepted here and refused there, by the vector's note. */
export const accepted = {
  'session_init: without cancelUrl': 'a demo broker leaves it out, and nothing needs it',
  'heartbeat: without ts': 'a heartbeat says all by coming',
  'final: without ok': 'it follows from whether there is an error',
  'base: session s_ only': 'ids are names given by a peer',
  'base: session ses_1': 'ids are names given by a peer',
  'base: session sess_1': 'ids are names given by a peer',
  'callId c_': 'ids are names given by a peer',
  'callId call_1': 'ids are names given by a peer',
  'callId x': 'ids are names given by a peer',
  'error detail {"type":"retry_info","retryDelayMs":-1}': 'a result is not lost for its details',
  'error detail {"type":"upstream_info","statusCode":5.5,"url":"x"}': 'a result is not lost for its details',
  'error detail {"type":"other"}': 'a result is not lost for its details',
  'final stats fraction count': 'a result is not lost for its statistics',
  'final error without message': 'a result is not lost for its words',
  'final docs stats': 'a result is not lost for its statistics',
  'final docs without ok': 'it follows from whether there is an error',
};

/** By name of the recorded hook run: the members of its last state that differ. */
export const hooks = {
  'cancel with a reason': {
    reason: 'a cancel is CANCELLED, whatever its reason',
    state: 'cancelled',
    result: { success: false, error: { code: 'CANCELLED', message: 'why' } },
    error: null,
    callbacks: ['onStart', 'onToolCall', 'onComplete'],
  },
};

/** Vectors that do not apply to this client. */
export const inapplicable = {
  serialize: 'the client sends no streams',
  sequence_cleared: 'gaps are told, not filled',
  buffer: 'what is kept makes room for newer events in place of refusing them',
  defaults: 'the client has three tries, not five; its other waits are those of the vector',
};
