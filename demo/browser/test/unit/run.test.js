import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examples } from '../../build/demo/browser/src/editor/examples.js';
import { effective, readLimits } from '../../build/demo/browser/src/run/limits.js';
import { lineOf, outcomeOf } from '../../build/demo/browser/src/run/outcome.js';

const empty = { sessionTtlMs: '', deadlineMs: '', maxToolCalls: '', maxStdoutBytes: '' };
const most = { sessionTtlMs: 60_000, maxToolCalls: 50, maxStdoutBytes: 262_144 };

test('empty fields leave the choice to the broker', () => {
  assert.deepEqual(readLimits(empty, most), { limits: {} });
  assert.equal(effective('sessionTtlMs', {}, most), 60_000);
  assert.equal(effective('deadlineMs', {}, most), undefined);
  assert.equal(effective('deadlineMs', { deadlineMs: 0 }, most), undefined);
});

test('numbers as people write them', () => {
  assert.deepEqual(readLimits({ sessionTtlMs: ' 2000 ', deadlineMs: '0', maxToolCalls: '5', maxStdoutBytes: '100,000' }, most),
    { limits: { sessionTtlMs: 2000, deadlineMs: 0, maxToolCalls: 5, maxStdoutBytes: 100_000 } });
});

test('what is no limit, or above the broker’s, is named', () => {
  for (const wrong of ['0', '-1', '1.5', 'x', '1e3', '99999999999999999'])
    assert.equal(readLimits({ ...empty, maxToolCalls: wrong }, most).field, 'maxToolCalls', wrong);
  assert.deepEqual(readLimits({ ...empty, sessionTtlMs: '60001' }, most), { field: 'sessionTtlMs', problem: 'The broker allows at most 60,000' });
  assert.equal(readLimits({ ...empty, deadlineMs: '60001' }, most).field, 'deadlineMs');
  assert.deepEqual(readLimits({ ...empty, sessionTtlMs: '60001' }, {}), { limits: { sessionTtlMs: 60_001 } });
});

const failed = (error, more = {}) => ({ success: false, error, stats: { durationMs: 5, toolCallCount: 0, stdoutBytes: 0 }, ...more });

test('each end has its kind', () => {
  const kinds = Object.entries({
    VALIDATION_ERROR: 'refused', TIMEOUT: 'stopped',
      DEADLINE_EXCEEDED: 'stopped', MEMORY_LIMIT_EXCEEDED: 'stopped', OUTPUT_LIMIT: 'stopped', RUNTIME_ERROR: 'failed', TOOL_ERROR: 'failed',
    CANCELLED: 'cancelled', SESSION_CANCELLED: 'cancelled',
    RUNTIME_LOST: 'lost', NETWORK_ERROR: 'lost', SESSION_ERROR: 'refused', ENCRYPTION_HANDSHAKE_FAILED: 'lost', SOMETHING_NEW: 'failed', toString: 'failed',
  });
  for (const [code, kind] of kinds) assert.equal(outcomeOf(failed({ code, message: 'm' }), 5).kind, kind, code);
  assert.equal(outcomeOf(failed({ message: 'm' }), 5).kind, 'failed');
  assert.deepEqual(outcomeOf({ success: true, value: 1 }, 1204), { kind: 'completed', title: 'Completed in 1.204\u00a0s' });
});

test('a refusal is told in the broker’s words', () => {
  const outcome = outcomeOf(failed({ code: 'SESSION_ERROR',
    status: 429, reason: 'RATE_LIMITED', message: 'Failed to start session: 429 - {"code":"RATE_LIMITED","message":"too many - in a minute"}' }), 1);
  assert.deepEqual([outcome.code, outcome.message], ['RATE_LIMITED, HTTP 429', 'too many - in a minute']);
  assert.equal(outcomeOf(failed({ code: 'SESSION_ERROR', status: 502, message: 'Failed to start session: 502 - <html>' }), 1).message,
    'Failed to start session: 502 - <html>');
});

test('a tool’s own code is told with the failure', () => {
  assert.equal(outcomeOf(failed({ code: 'TOOL_ERROR', message: 'no such customer' }, { errors: [{ code: 'NOT_FOUND', message: 'no such customer' }] }), 1).code,
    'TOOL_ERROR (NOT_FOUND)');
});

test('issues of a refused script are told one by one, where the message has that form', () => {
  const told = (message) => outcomeOf(failed({ code: 'VALIDATION_ERROR', message }), 1).issues;
  assert.deepEqual(told('the script was refused: NO_EVAL (line 2): eval is not allowed: it turns text into code. Write the code itself; text cannot be run; ' +
    'NO_X (line 3): no: docs/errors/VALIDATION_ERROR.md'), [
    { code: 'NO_EVAL', line: 2, text: 'eval is not allowed: it turns text into code. Write the code itself; text cannot be run' },
    { code: 'NO_X', line: 3, text: 'no' },
  ]);
  for (const other of ['context is not carried to runtimes',
    'the script was refused: PARSE_ERROR: no', 'the script was refused: A (line 1): x'.repeat(2000), '']) assert.equal(told(other), undefined);
});

test('the line that a failure is about', () => {
  assert.equal(lineOf({ message: 'x', stack: 'TypeError: x\n    at script.js:7:3\n    at script.js:9:1' }), 7);
  assert.equal(lineOf({ message: 'x', stack: '    at walk (session:12:40)' }), 12);
  assert.equal(lineOf({ message: 'the script was refused: FORBIDDEN_EVAL (line 2): no; X (line 5): y' }), 2);
  assert.equal(lineOf({ message: 'a loop in line 3 made more than 10000 iterations' }), 3);
  assert.equal(lineOf({ message: 'the script had not ended after 2 s' }), undefined);
  assert.equal(lineOf({ message: 'x'.repeat(1e6) }), undefined);
});

test('examples have names of their own and fit in a narrow editor', () => {
  assert.equal(new Set(examples.map((example) => example.id)).size, examples.length);
  for (const { id, code } of examples) assert.ok(code.split('\n').every((line) => line.length <= 74), `${id} has a line that is too long`);
});
