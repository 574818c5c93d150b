/** The time of these runs. */
export const now = 1_790_000_000_000;
const minute = 60_000;

function run(name, more) {
  const made = { name, tenant: null, state: 'running', outcome: null, created: now - 60 * minute, changed: now - minute, bytes: 2_048, journal: `j-${name}`,
    runId: `r-${name}`, code: `return '${name}'`, waits: [], timeline: [], ...more };
  return { entries: made.timeline.length, waitCount: made.waits.length, ...made };
}

/** One run of each state, as a broker reports them. */
export const runs = [
  run('pay-1', {
    tenant: 'shop', state: 'suspended', changed: now - minute,
    waits: [
      { kind: 'approval', name: 'pay', callId: 'c_1', token: 'token-of-approval' },
      { kind: 'signal', name: 'colour', callId: 'c_2', until: now + 90 * minute, token: 'token-of-signal' },
      { kind: 'time', name: '', callId: 'c_3', until: now + 30 * minute, token: '' },
    ],
    due: now + 30 * minute,
    timeline: [
      { number: 1, type: 'opened', time: now - 60 * minute, level: 'Standard', engine: 'v8-14', version: '1.2.3' },
      { number: 2, type: 'printed', time: now - 59 * minute, text: 'two\nlines' },
      { number: 3, type: 'called', time: now - 58 * minute, callId: 'c_0', tool: 'order', args: '{"id":7}' },
      { number: 4, type: 'answered', time: now - 57 * minute, callId: 'c_0', value: '{"total":12.5}' },
      { number: 5, type: 'called', time: now - 56 * minute, callId: 'c_1', tool: 'pay', args: '{"amount":5}' },
      { number: 6, type: 'waiting', callId: 'c_1', kind: 'approval', name: 'pay' },
      { number: 7, type: 'called', time: now - 55 * minute, callId: 'c_2', tool: 'enclave:waitFor', args: '{"name":"colour"}' },
      { number: 8, type: 'waiting', callId: 'c_2', kind: 'signal', name: 'colour', until: now + 90 * minute },
      { number: 9, type: 'suspended', leftMs: 4_200 },
      { number: 10, type: 'resumed', time: now - 50 * minute, engine: 'v8-15', version: '1.2.4' },
      { number: 11, type: 'answered', time: now - 49 * minute, callId: 'c_9', code: 'TOOL_TIMEOUT', error: 'too late' },
      { number: 12, type: 'suspended', leftMs: 4_000 },
    ],
  }),
  run('done', {
    state: 'ended', outcome: 'OK', changed: now - 2 * minute, due: now + 7 * 1440 * minute,
    timeline: [{ number: 1, type: 'opened', time: now - 60 * minute, level: 'Secure' }, { number: 2, type: 'ended', value: '42' }],
  }),
  run('busy', { tenant: 'bank', changed: now - 3 * minute, timeline: [{ number: 1, type: 'opened', time: now - 60 * minute, level: 'Secure' }] }),
  run('trip', {
    state: 'compensating', outcome: 'RUNTIME_ERROR', changed: now - 4 * minute,
    timeline: [
      { number: 1, type: 'failing', time: now - 5 * minute, error: '{"code":"RUNTIME_ERROR"}' },
      { number: 2, type: 'compensating', time: now - 4 * minute, callId: 'c_2', name: 'book' },
      { number: 3, type: 'compensationFailed', time: now - 4 * minute, callId: 'c_2', name: 'book', text: 'the hotel is closed' },
      { number: 4, type: 'forked', time: now - 4 * minute, name: 'trip-1' },
    ],
  }),
];
