import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvent } from '../dist/eventReader.js';
import { UnreadableEvent } from '../dist/members.js';
import { envelope, everyPayload } from './support/events.js';

const payloadOf = (type, payload) => readEvent(envelope(type, payload)).payload;
const refuses = (value, what) =>
  assert.throws(() => readEvent(value), (error) => error instanceof UnreadableEvent && error.message.includes(what), JSON.stringify(value));

for (const [type, payload] of Object.entries(everyPayload)) {
  test(`${type} is read whole`, () => {
    assert.deepEqual(readEvent(envelope(type, payload)), envelope(type, payload));
  });

  test(`${type}: what the protocol does not have is dropped`, () => {
    assert.deepEqual(readEvent({ ...envelope(type, { ...payload, extra: 1 }), timestamp: 5 }), envelope(type, payload));
  });
}

test('version 1 is read, and no other than 2 beside it', () => {
  assert.equal(readEvent({ ...envelope('stdout', { chunk: '' }), protocolVersion: 1 }).protocolVersion, 1);
  for (const protocolVersion of [0, 3, '2', null]) refuses({ ...envelope('stdout', { chunk: '' }), protocolVersion }, 'protocolVersion');
  const { protocolVersion: _, ...without } = envelope('stdout', { chunk: '' });
  refuses(without, 'protocolVersion is missing');
});

test('ids need no prefix', () => {
  assert.equal(readEvent({ ...envelope('stdout', { chunk: '' }), sessionId: 'ses_1' }).sessionId, 'ses_1');
  assert.equal(payloadOf('tool_call', { callId: '7814ca2c', toolName: 't', args: null }).callId, '7814ca2c');
  refuses({ ...envelope('stdout', { chunk: '' }), sessionId: '' }, 'sessionId');
});

test('other names of members are read', () => {
  assert.deepEqual(payloadOf('stdout', { data: 'd' }), { chunk: 'd' });
  assert.deepEqual(payloadOf('tool_call', { callId: 'c_1', tool: 't', args: 1 }), { callId: 'c_1', toolName: 't', args: 1 });
  assert.deepEqual(payloadOf('tool_call', { callId: 'c_1', name: 't', args: 1 }), { callId: 'c_1', toolName: 't', args: 1 });
  assert.deepEqual(payloadOf('stdout', { chunk: 'c', data: 'd' }), { chunk: 'c' });
});

test('members that can be told from others may be left out', () => {
  assert.deepEqual(payloadOf('heartbeat', {}), {});
  assert.deepEqual(payloadOf('final', { result: 1 }), { ok: true, result: 1 });
  assert.deepEqual(payloadOf('final', { error: { message: 'm' } }), { ok: false, error: { message: 'm' } });
  assert.deepEqual(payloadOf('session_init', { expiresAt: '2026-01-01T00:00:00Z', encryption: { enabled: false } }),
    { expiresAt: '2026-01-01T00:00:00Z', encryption: { enabled: false } });
});

test('a final event keeps its outcome when its other members are wrong', () => {
  assert.deepEqual(payloadOf('final', { ok: true, result: 1, stats: { duration: 5 }, errors: 'x' }), { ok: true, result: 1 });
  assert.deepEqual(payloadOf('final', { ok: false, error: 'boom' }), { ok: false, error: { message: 'boom' } });
  assert.deepEqual(payloadOf('final', { ok: false, error: null }), { ok: false });
  refuses(envelope('final', { ok: 'yes' }), 'payload.ok');
});

test('a result that is null is a result, and one that is absent is not', () => {
  assert.equal('result' in payloadOf('final', { ok: true, result: null }), true);
  assert.equal('result' in payloadOf('final', { ok: true }), false);
});

test('what is missing or wrong is named', () => {
  refuses(envelope('stdout', {}), 'payload.chunk is missing');
  refuses(envelope('tool_call', { callId: 'c_1', toolName: 't' }), 'payload.args is missing');
  refuses(envelope('tool_call', { callId: 'c_1', toolName: '', args: 1 }), 'payload.toolName');
  refuses(envelope('log', { level: 'loud', message: '' }), 'payload.level is not one of debug, info, warn, error');
  refuses(envelope('log', { level: 'info', message: '', data: [] }), 'payload.data');
  refuses(envelope('tool_progress', { callId: 'c_1', phase: 'sending', elapsedMs: -1 }), 'payload.elapsedMs');
  refuses(envelope('tool_progress', { callId: 'c_1', phase: 'sending', elapsedMs: 1, totalBytes: 1.5 }), 'payload.totalBytes');
  refuses(envelope('deadline_exceeded', { elapsedMs: 1, budgetMs: 0 }), 'payload.budgetMs');
  refuses(envelope('partial_result', { path: ['a', 1], hasNext: true }), 'payload.path.1');
  refuses(envelope('catalog_changed', { version: '', addedActions: [], removedActions: [] }), 'payload.version');
  refuses(envelope('session_init', { cancelUrl: null, expiresAt: '2026-01-01T00:00:00Z', encryption: { enabled: false } }), 'payload.cancelUrl');
  refuses(envelope('session_init', { expiresAt: '2026-01-01T00:00:00+01:00', encryption: { enabled: false } }), 'payload.expiresAt');
  refuses(envelope('heartbeat', { ts: 5 }), 'payload.ts');
  refuses(envelope('brand_new', {}), 'brand_new');
  refuses(envelope('constructor', {}), 'constructor');
  refuses({ ...envelope('stdout', { chunk: '' }), seq: -1 }, 'seq');
  refuses({ ...envelope('stdout', { chunk: '' }), seq: 1.5 }, 'seq');
  for (const value of [null, 1, 'x', []]) refuses(value, 'the event is not an object');
});
