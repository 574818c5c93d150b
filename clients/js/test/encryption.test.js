import assert from 'node:assert/strict';
import { createECDH, hkdfSync } from 'node:crypto';
import { test } from 'node:test';
import { counterNonce, EnvelopeCipher } from '../dist/envelopeCipher.js';
import { KeyAgreement } from '../dist/keyAgreement.js';
import { refuse, signal, startBroker } from './support/broker.js';
import { connect, outcome, places } from './support/client.js';
import { brokerKeys, unseal } from './support/crypto.js';
import { envelope } from './support/events.js';

const stdout = (seq, chunk) => envelope('stdout', { chunk }, seq);

// A stream whose events after session_init are encrypted.
function encrypted(x, change = (sealed) => sealed) {
  const stream = x.stream();
  const keys = brokerKeys(x.json.encryption.clientHello, x.sessionId);
  stream.init({ enabled: true, keyId: 'k_1', serverHello: keys.serverHello });
  return {
    stream,
    keys,
    event(type, payload, options) {
      stream.raw(`${JSON.stringify(change(keys.seal(stream.envelope(type, payload), options)))}\n`);
      return this;
    },
  };
}

test('both ends agree on keys, and what is sealed opens', async () => {
  const agreement = await KeyAgreement.begin();
  const { clientHello } = agreement;
  assert.deepEqual([clientHello.protocolVersion, clientHello.curve, clientHello.supportedAlgorithms], [2, 'P-256', ['AES-GCM-256']]);
  assert.equal(Buffer.from(clientHello.clientEphemeralPubKeyB64, 'base64').length, 65);
  const keys = brokerKeys(clientHello, 's_1');
  const { serverToClient, clientToServer } = await agreement.complete(keys.serverHello, 's_1');
  const event = stdout(3, 'héllo 😀');
  assert.deepEqual(JSON.parse(await serverToClient.open(keys.seal(event))), event);
  assert.deepEqual(JSON.parse(await serverToClient.open(keys.seal(event, { apart: true }))), event);
  assert.deepEqual(JSON.parse(await clientToServer.open(await clientToServer.seal(event))), event);
  await assert.rejects(serverToClient.open(await clientToServer.seal(event)), { code: 'ENCRYPTION_DECRYPTION_FAILED' });
});

test('what the client seals, others open; no nonce comes twice', async () => {
  const key = new Uint8Array(32).fill(7);
  const cipher = await EnvelopeCipher.from(Uint8Array.from(key), 'k_1');
  const [first, second] = [await cipher.seal(stdout(1, 'a')), await cipher.seal(stdout(2, 'b'))];
  assert.deepEqual(JSON.parse(unseal(key, second.payload)), stdout(2, 'b'));
  const nonces = [first, second].map((e) => Buffer.from(e.payload.nonceB64, 'base64'));
  assert.deepEqual(nonces[0].subarray(0, 8), nonces[1].subarray(0, 8));
  assert.deepEqual(nonces.map((n) => n.readUInt32BE(8)), [0, 1]);
  assert.throws(() => counterNonce(new Uint8Array(7), 0), { code: 'ENCRYPTION_NONCE_REUSE' });
});

test('keys that were given are wiped', async () => {
  const key = new Uint8Array(32).fill(7);
  await EnvelopeCipher.from(key, 'k_1');
  assert.deepEqual(key, new Uint8Array(32));
});

for (const [what, change, code] of [
  ['another curve', { curve: 'P-384' }, 'ENCRYPTION_UNSUPPORTED_ALGORITHM'],
  ['another algorithm', { selectedAlgorithm: 'AES-CBC' }, 'ENCRYPTION_UNSUPPORTED_ALGORITHM'],
  ['another key derivation', { kdf: 'PBKDF2' }, 'ENCRYPTION_UNSUPPORTED_ALGORITHM'],
  ['a key that is no base64', { serverEphemeralPubKeyB64: '§' }, 'ENCRYPTION_INVALID_PUBLIC_KEY'],
  ['a key off the curve', { serverEphemeralPubKeyB64: Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64') }, 'ENCRYPTION_INVALID_PUBLIC_KEY'],
]) {
  test(`a broker that chooses ${what} is refused`, async () => {
    const agreement = await KeyAgreement.begin();
    const { serverHello } = brokerKeys(agreement.clientHello, 's_1');
    await assert.rejects(agreement.complete({ ...serverHello, ...change }, 's_1'), { code });
  });
}

test('keys are of one session', async () => {
  const agreement = await KeyAgreement.begin();
  const keys = brokerKeys(agreement.clientHello, 's_1');
  const { serverToClient } = await agreement.complete(keys.serverHello, 's_2');
  await assert.rejects(serverToClient.open(keys.seal(stdout(1, 'a'))), { code: 'ENCRYPTION_DECRYPTION_FAILED' });
});

for (const mode of ['optional', 'required']) {
  test(`${mode}: events are read as if they were in clear`, async (t) => {
    const broker = await startBroker(t, (x) => {
      const { stream } = encrypted(x).event('stdout', { chunk: 'é' }).event('stdout', { chunk: 'x' }, { apart: true }).event('final', { ok: true, result: 1 });
      stream.end();
    });
    const chunks = [];
    const result = await connect(broker.url, { encryption: mode }).client.execute('x', { onStdout: (chunk) => chunks.push(chunk) });
    assert.equal(broker.requests[0].json.encryption.mode, mode);
    assert.deepEqual(outcome(result), { success: true, value: 1 });
    assert.deepEqual(chunks, ['é', 'x']);
    assert.deepEqual(places(result.events), [[1, 'session_init'], [2, 'stdout'], [3, 'stdout'], [4, 'final']]);
  });
}

test('optional: a broker that does not encrypt is read in clear', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().final({ ok: true, result: 1 }));
  const result = await connect(broker.url).client.execute('x', { encryption: 'optional' });
  assert.deepEqual(outcome(result), { success: true, value: 1 });
});

test('disabled: nothing is offered', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().final({ ok: true }));
  await connect(broker.url, { encryption: 'required' }).client.execute('x', { encryption: 'disabled' });
  assert.equal(broker.requests[0].json.encryption, undefined);
});

// Runs against a broker with a faulty end, and returns the failure once the session is stopped there.
async function failure(t, answer, config) {
  const stopped = signal();
  const broker = await startBroker(t, answer, (x) => {
    x.reply(200, {});
    stopped.set();
  });
  const chunks = [];
  const result = await connect(broker.url, config).client.execute('x', { onStdout: (chunk) => chunks.push(chunk) });
  await stopped.promise;
  assert.deepEqual(chunks, []);
  return result.error;
}

test('required: a broker that does not encrypt ends the run', async (t) => {
  const error = await failure(t, (x) => x.stream().init().event('stdout', { chunk: 'clear' }).final({ ok: true }), { encryption: 'required' });
  assert.deepEqual(error, { code: 'ENCRYPTION_HANDSHAKE_FAILED', message: 'encryption is required, and the broker does not encrypt' });
});

test('required: a result before the keys ends the run', async (t) => {
  const error = await failure(t, (x) => x.stream().final({ ok: true, result: 'forged' }), { encryption: 'required' });
  assert.equal(error.code, 'ENCRYPTION_HANDSHAKE_FAILED');
});

test('required: a broker that refuses says why', async (t) => {
  const broker = await startBroker(t, refuse(400, { code: 'ENCRYPTION_UNSUPPORTED_ALGORITHM', message: 'no' }));
  const { error } = await connect(broker.url, { encryption: 'required' }).client.execute('x');
  assert.deepEqual([error.code, error.reason], ['SESSION_ERROR', 'ENCRYPTION_UNSUPPORTED_ALGORITHM']);
});

for (const [what, init] of [['no key', () => ({ enabled: true })], ['two names', (hello) => ({ enabled: true, keyId: 'k_2', serverHello: hello })]]) {
  test(`a broker that encrypts with ${what} ends the run`, async (t) => {
    const error = await failure(
      t, (x) => void x.stream().init(init(brokerKeys(x.json.encryption.clientHello, x.sessionId).serverHello)), { encryption: 'optional' });
    assert.equal(error.code, 'ENCRYPTION_HANDSHAKE_FAILED');
  });
}

const changed = (b64) => {
  const bytes = Buffer.from(b64, 'base64');
  bytes[0] ^= 1;
  return bytes.toString('base64');
};
for (const [what, change] of [
  ['a changed text', (e) => ({ ...e, payload: { ...e.payload, ciphertextB64: changed(e.payload.ciphertextB64) } })],
  ['a changed nonce', (e) => ({ ...e, payload: { ...e.payload, nonceB64: changed(e.payload.nonceB64) } })],
  ['a short nonce', (e) => ({ ...e, payload: { ...e.payload, nonceB64: Buffer.alloc(11).toString('base64') } })],
  ['another key', (e) => ({ ...e, payload: { ...e.payload, kid: 'k_2' } })],
  ['no base64', (e) => ({ ...e, payload: { ...e.payload, ciphertextB64: '§' } })],
  ['another place', (e) => ({ ...e, seq: e.seq + 1 })],
]) {
  test(`an envelope with ${what} ends the run`, async (t) => {
    const error = await failure(t, (x) => void encrypted(x, change).event('stdout', { chunk: 'a' }), { encryption: 'required' });
    assert.equal(error.code, 'ENCRYPTION_DECRYPTION_FAILED');
  });
}

test('encrypted events that are replayed are heard once', async (t) => {
  const broker = await startBroker(t, (x) => {
    const { stream, keys } = encrypted(x);
    const [a, b, end] = [['stdout', { chunk: 'a' }], ['stdout', { chunk: 'b' }], ['final', { ok: true, result: 1 }]].map(
      ([type, payload]) => `${JSON.stringify(keys.seal(stream.envelope(type, payload)))}\n`);
    for (const line of [a, a, b, a, b, b, end]) stream.raw(line);
    stream.end();
  });
  const chunks = [];
  const result = await connect(broker.url, { encryption: 'required' }).client.execute('x', { onStdout: (chunk) => chunks.push(chunk) });
  assert.equal(result.value, 1);
  assert.deepEqual(chunks, ['a', 'b']);
});

test('events in clear among encrypted ones are not believed', async (t) => {
  const broker = await startBroker(t, (x) => {
    const session = encrypted(x);
    session.stream.event('stdout', { chunk: 'forged' }).init().event('final', { ok: true, result: 'forged' });
    session.event('final', { ok: true, result: 'true' }).stream.end();
  });
  const invalid = [];
  const result = await connect(broker.url, { encryption: 'required' }).client.execute(
    'x', { onStdout: assert.fail, onSessionInit: (event) => assert.equal(event.seq, 1), onInvalidLine: (line) => invalid.push(line.error) });
  assert.equal(result.value, 'true');
  assert.deepEqual(invalid, [2, 3, 4].map((seq) => `the session is encrypted, and event ${seq} is not`));
});

test('an encrypted session goes on after a cut, and is heard once', async (t) => {
  let session;
  let hello;
  const broker = await startBroker(t,
    (x) => {
      session = encrypted(x);
      hello = session.keys.serverHello;
      session.event('stdout', { chunk: 'a' });
      return session.stream.cut();
    },
    (x) => {
      const stream = x.stream().init({ enabled: true, keyId: 'k_1', serverHello: hello });
      for (const [type, payload] of [['stdout', { chunk: 'a' }], ['stdout', { chunk: 'b' }], ['final', { ok: true, result: 1 }]]) {
        stream.raw(`${JSON.stringify(session.keys.seal(stream.envelope(type, payload)))}\n`);
      }
      stream.end();
    });
  const { client, clock } = connect(broker.url, { encryption: 'required' });
  const chunks = [];
  const run = client.execute('x', { onStdout: (chunk) => chunks.push(chunk), onInvalidLine: assert.fail });
  await clock.fire(1000);
  assert.equal((await run).value, 1);
  assert.deepEqual(chunks, ['a', 'b']);
});

test('an encrypted session is read again by the client that began it, and by no other', async (t) => {
  let lines = '';
  const again = (x) => x.stream().raw(lines).end();
  const broker = await startBroker(t, (x) => {
    const write = x.response.write.bind(x.response);
    x.response.write = (chunk, ...rest) => ((lines += chunk), write(chunk, ...rest));
    encrypted(x).event('stdout', { chunk: 'a' }).event('final', { ok: true, result: 1 }).stream.end();
  }, again, again);
  const { client } = connect(broker.url, { encryption: 'required' });
  const { sessionId } = await client.execute('x');
  const result = await client.resume(sessionId).wait();
  assert.equal(result.value, 1);
  assert.deepEqual(places(result.events), [[1, 'session_init'], [2, 'stdout'], [3, 'final']]);

  const other = connect(broker.url, { autoReconnect: false });
  const types = [];
  const lost = await other.client.resume(sessionId, 0, { onEvent: (event) => types.push(event.type) }).wait();
  assert.equal(lost.error.code, 'ENCRYPTION_HANDSHAKE_FAILED');
  assert.deepEqual(types, ['session_init', 'enc', 'enc']);
});

test('an encrypted session that still runs is read by a second handle', async (t) => {
  let session;
  const broker = await startBroker(t,
    (x) => {
      session = encrypted(x).event('stdout', { chunk: 'a' });
    },
    (x) => {
      const stream = x.stream(3);
      stream.raw(`${JSON.stringify(session.keys.seal(stream.envelope('final', { ok: true, result: 1 })))}\n`).end();
    },
    (x) => x.reply(200, {}));
  const { client } = connect(broker.url, { encryption: 'required' });
  const begun = signal();
  const first = client.executeStream('x', { onStdout: begun.set });
  await begun.promise;
  assert.equal((await client.resume(first.sessionId, 3).wait()).value, 1);
  await first.cancel();
});

// Pages of plain HTTP have neither keys nor UUIDs.
async function withoutSubtleCrypto(run) {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  const { crypto } = globalThis;
  Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues: (array) => crypto.getRandomValues(array) }, configurable: true });
  try {
    return await run();
  } finally {
    Object.defineProperty(globalThis, 'crypto', own);
  }
}

test('required where the platform cannot: nothing is asked', async () => {
  const { client } = connect('http://127.0.0.1:9', { fetch: assert.fail, encryption: 'required' });
  const result = await withoutSubtleCrypto(() => client.execute('x'));
  assert.equal(result.error.code, 'ENCRYPTION_HANDSHAKE_FAILED');
});

test('optional where the platform cannot: in clear', async (t) => {
  const broker = await startBroker(t, (x) => x.stream().init().final({ ok: true, result: 1 }));
  const { client } = connect(broker.url, { encryption: 'optional' });
  const result = await withoutSubtleCrypto(() => client.execute('x'));
  assert.equal(result.value, 1);
  assert.equal(broker.requests[0].json.encryption, undefined);
  assert.match(result.sessionId, /^s_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('the derivation is that of others', async () => {
  const { deriveKey } = await import('../dist/keyAgreement.js');
  const shared = createECDH('prime256v1').generateKeys().subarray(0, 32);
  const theirs = hkdfSync('sha256', shared, 's_1', 'info', 32);
  assert.deepEqual(await deriveKey(Uint8Array.from(shared), 'info', new TextEncoder().encode('s_1')), new Uint8Array(theirs));
});
