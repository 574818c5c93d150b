import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffDelay } from '../dist/backoff.js';
import { counterNonce, EnvelopeCipher } from '../dist/envelopeCipher.js';
import { readEvent } from '../dist/eventReader.js';
import { deriveKey, KeyAgreement } from '../dist/keyAgreement.js';
import { UnreadableEvent } from '../dist/members.js';
import { NdjsonParser, parseEvent } from '../dist/ndjson.js';
import { resolveConfig } from '../dist/options.js';
import { SequenceTracker } from '../dist/sequence.js';
import { accepted, hooks, inapplicable } from './deviations.js';
import { startBroker } from './support/broker.js';
import { read, skip } from './support/captures.js';
import { connect } from './support/client.js';
import { renderHook } from './support/hook.js';

const bytes = (text) => new TextEncoder().encode(text);
const hex = (text) => Uint8Array.from(Buffer.from(text, 'hex'));
const vectors = (name) => (skip ? [] : read(name).slice(1));
const byKind = (all, kind) => all.filter((v) => v.kind === kind);

function parse(chunks) {
  const parser = new NdjsonParser(65536);
  const parsed = chunks.flatMap((chunk) => [...parser.push(bytes(chunk))]);
  const before = { pending: parser.pending, line: parser.line };
  parsed.push(...parser.flush());
  return {
    before,
    after: parser.line,
    events: parsed.flatMap((p) => ('event' in p ? [p.event.seq] : [])),
    errors: parsed.flatMap((p) => ('invalid' in p ? [{ line: p.invalid.line, content: p.invalid.content }] : [])),
  };
}

const whatAndWhere = (errors) => errors.map(({ line, content }) => ({ line, content }));

test('vectors of the framing', { skip }, async (t) => {
  const all = vectors('vectors-ndjson');
  assert.ok(all.length >= 15);
  for (const vector of all) {
    await t.test(`${vector.parser}: ${vector.note ?? JSON.stringify(vector.input).slice(0, 40)}`, () => {
      if (vector.parser === 'incremental') {
        const { before, after, events, errors } = parse(vector.chunks);
        assert.deepEqual({ events, errors }, { events: vector.events, errors: whatAndWhere(vector.errors) });
        assert.deepEqual([before.pending, before.line, after], [vector.pendingBeforeFlush, vector.lineBeforeFlush, vector.lineAfterFlush]);
      } else if (vector.parser === 'line') {
        if (vector.success) assert.equal(parseEvent(vector.input).seq, 1);
        else assert.throws(() => parseEvent(vector.input), UnreadableEvent);
      } else if (vector.parser === 'lines') {
        const { events, errors } = parse([vector.input]);
        assert.deepEqual({ events, errors }, { events: vector.events, errors: whatAndWhere(vector.errors) });
      } else {
        assert.ok(inapplicable[vector.parser], `nothing is known of ${vector.parser}`);
      }
    });
  }
});

test('vectors of the events', { skip }, () => {
  const all = vectors('vectors-schema').filter((v) => v.schema === 'event');
  assert.ok(all.length > 100);
  const deviating = [];
  for (const { note, input, ok, output } of all) {
    let event;
    try {
      event = readEvent(input);
    } catch (error) {
      assert.ok(error instanceof UnreadableEvent, `${note}: ${error.stack}`);
    }
    if (ok) assert.deepEqual(event, output, note);
    else if (event) deviating.push(note);
  }
  assert.deepEqual(deviating.sort(), Object.keys(accepted).sort());
});

test('vectors of the waits', { skip }, () => {
  const all = vectors('vectors-reconnect');
  for (const { config, events } of byKind(all, 'backoff')) {
    const waits = events.filter((e) => e.type === 'retry_scheduled');
    assert.equal(waits.length, config.maxRetries);
    for (const { attempt, delayMs } of waits) assert.equal(backoffDelay(attempt - 1, { initialDelayMs: 1000, jitter: 0 }, Math.random), delayMs);
  }
  const [{ reconnection }] = byKind(all, 'defaults');
  assert.equal(resolveConfig({ baseUrl: 'x' }).reconnectDelay, reconnection.initialDelayMs);
  const longest = (random) => backoffDelay(99, { initialDelayMs: reconnection.initialDelayMs }, () => random);
  assert.deepEqual([longest(0), longest(1)], [1 - reconnection.jitterFactor, 1 + reconnection.jitterFactor].map((share) => share * reconnection.maxDelayMs));
  for (const { kind } of all) assert.ok(['backoff', 'sequence'].includes(kind) || inapplicable[kind], `nothing is known of ${kind}`);
});

test('vectors of the numbers', { skip }, () => {
  for (const { maxGaps, steps, gaps } of byKind(vectors('vectors-reconnect'), 'sequence')) {
    // There, a number of 0 sets no base; brokers begin at 1.
    const [zero, ...rest] = steps;
    assert.equal(zero.receive, 0);
    const sequence = new SequenceTracker(undefined, maxGaps);
    for (const { receive, answer, last } of rest) {
      const before = sequence.gaps;
      sequence.receive(receive, 'x');
      assert.equal(sequence.last, last);
      const [gap] = sequence.gaps.slice(before.length);
      // When there are too many to keep, only the trackers differ: theirs still reports the gap once.
      if (before.length < maxGaps) assert.deepEqual(gap, answer.gap ? { start: answer.missingStart, end: answer.missingEnd } : undefined);
    }
    assert.deepEqual(sequence.gaps, gaps);
  }
});

test('vectors of the encryption', { skip }, async () => {
  const all = vectors('vectors-crypto');
  const [handshake] = byKind(all, 'handshake');
  const [{ keyHex, nonceHex, plaintext, envelope }] = byKind(all, 'envelope');

  const shared = () => hex(handshake.sharedSecretHex);
  const salt = bytes(handshake.saltUtf8);
  assert.deepEqual(await deriveKey(shared(), handshake.infoC2S, salt), hex(handshake.clientToServerKeyHex));
  assert.deepEqual(await deriveKey(shared(), handshake.infoS2C, salt), hex(handshake.serverToClientKeyHex));
  const [withoutSalt] = byKind(all, 'hkdf_default_salt');
  assert.deepEqual(await deriveKey(hex(withoutSalt.ikmHex), withoutSalt.info), hex(withoutSalt.outHex));

  const privateKey = await crypto.subtle.importKey('jwk', handshake.clientPrivateJwk, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const agreement = new KeyAgreement(privateKey, Uint8Array.from(Buffer.from(handshake.clientHello.clientEphemeralPubKeyB64, 'base64')));
  assert.deepEqual(agreement.clientHello, handshake.clientHello);
  const { serverToClient } = await agreement.complete(handshake.serverHello, handshake.sessionId);
  assert.equal(await serverToClient.open(envelope), plaintext);
  assert.equal(Buffer.from(envelope.payload.nonceB64, 'base64').toString('hex'), nonceHex);
  assert.equal(await (await EnvelopeCipher.from(hex(keyHex), 'k_fixed')).open(envelope), plaintext);

  for (const { prefixHex, counter, nonceHex } of byKind(all, 'counter_nonce')) assert.deepEqual(counterNonce(hex(prefixHex), Number(counter)), hex(nonceHex));
  for (const { keyHex, e1, e2 } of byKind(all, 'context')) {
    const cipher = await EnvelopeCipher.from(hex(keyHex), e1.payload.kid);
    for (const sealed of [e1, e2]) assert.equal(typeof JSON.parse(await cipher.open(sealed)), 'object');
  }
});

test('vectors of the encryption that fail', { skip }, async () => {
  const all = vectors('vectors-crypto');
  const [{ keyHex, envelope }] = byKind(all, 'envelope');
  const [handshake] = byKind(all, 'handshake');
  const open = async (payload) => (await EnvelopeCipher.from(hex(keyHex), 'k_fixed')).open({ ...envelope, payload: { ...envelope.payload, ...payload } });
  const failures = {
    'tampered ciphertext': () => open({ ciphertextB64: `AAAA${envelope.payload.ciphertextB64.slice(4)}` }),
    'nonce of 11 bytes': () => open({ nonceB64: Buffer.alloc(11).toString('base64') }),
    'prefix of 7 bytes': async () => counterNonce(new Uint8Array(7), 0),
    'bad public key': async () => (await KeyAgreement.begin()).complete({ ...handshake.serverHello, serverEphemeralPubKeyB64: 'AAAA' }, 's_1'),
    // Unlike there, an envelope of another key is refused without trying to decrypt it.
    'kid is not checked on decrypt': () => open({ kid: 'k_other' }),
  };
  for (const { note, code } of byKind(all, 'failure')) {
    assert.ok(failures[note], `nothing is known of ${note}`);
    await assert.rejects(failures[note](), { code: code ?? 'ENCRYPTION_DECRYPTION_FAILED' }, note);
  }
});

// A broker that sends the events of a recorded run.
function answerLike({ renders, returned }) {
  const { events, result } = renders.at(-1).result ? renders.at(-1) : renders.at(-2);
  return (x) => {
    const stream = x.stream();
    for (const type of events) {
      if (type === 'session_init') stream.init();
      else if (type === 'tool_progress') stream.event(type, { callId: 'c_1', phase: stream.seq % 2 ? 'connecting' : 'processing', elapsedMs: 0 });
      else if (type === 'tool_call') stream.event(type, { callId: 'c_1', toolName: 't', args: {} });
      else if (type === 'tool_result_applied') stream.event(type, { callId: 'c_1' });
      else if (type === 'final') stream.final(result.success ? { ok: true, result: (returned ?? result).value } : { ok: false, error: result.error });
      else assert.fail(`nothing is known of ${type}`);
    }
  };
}

const simple = ({ state, isRunning, sessionId, result, error, stdout, events }) => ({
  state,
  isRunning,
  sessionId: sessionId && 's_…',
  result: result && (result.success ? { success: true, value: result.value } : { success: false, error: result.error }),
  error,
  stdout,
  events: events.map((e) => e.type),
});

test('recorded states of the hook', { skip }, async (t) => {
  const all = byKind(vectors('react-hook'), 'hook').filter((run) => run.renders);
  assert.ok(all.length >= 7);
  for (const run of all) {
    const deviation = hooks[run.name];
    await t.test(`${run.name}${deviation ? `: ${deviation.reason}` : ''}`, async (t) => {
      const cancels = run.name.startsWith('cancel');
      const twice = run.name === 'execute twice';
      const ends = run.renders.filter((view) => view.result);
      const answers = twice ? ends.map((view) => answerLike({ renders: [view] })) : [answerLike(run)];
      const broker = await startBroker(t, ...answers, ...(cancels ? [(x) => x.reply(200, {})] : []));
      const calls = [];
      const options = Object.fromEntries(
        ['onStart', 'onToolCall', 'onToolResultApplied', 'onComplete', 'onError'].map((name) => [name, () => calls.push(name)]));
      const hook = await renderHook(t, { client: connect(broker.url).client }, options);

      for (const end of ends) {
        const before = hook.shown.length;
        const executed = hook.session.execute('x');
        if (cancels) {
          await hook.until((view) => view.events.length === end.events.length);
          await hook.session.cancel(run.name.includes('without') ? undefined : 'why');
        }
        await executed;
        await hook.until((view) => hook.shown.length > before && view === hook.shown.at(-1) && !view.isRunning);
        const { reason: _, callbacks: __, ...changes } = deviation ?? {};
        if (deviation) assert.notDeepEqual({ ...end, ...changes }, end, `${run.name} deviates in nothing`);
        assert.deepEqual(simple(hook.shown.at(-1)), { ...end, ...changes });
      }
      if (run.name.startsWith('reset')) {
        hook.session.reset();
        await hook.until((view) => view === hook.shown.at(-1) && view.state === 'idle');
      }
      const first = run.renders[0];
      assert.deepEqual(simple(hook.shown[0]), first);
      if (run.name.startsWith('reset')) assert.deepEqual(simple(hook.shown.at(-1)), run.renders.at(-1));
      assert.deepEqual(calls, deviation?.callbacks ?? run.callbacks.map(([name]) => name));
    });
  }
});
