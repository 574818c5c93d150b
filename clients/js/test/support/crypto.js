import { createCipheriv, createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

/** A broker's side of an encrypted session, with Node's own cryptography and none of the client's code. */
export function brokerKeys(clientHello, sessionId, keyId = 'k_1') {
  const ecdh = createECDH('prime256v1');
  const point = ecdh.generateKeys();
  const shared = ecdh.computeSecret(Buffer.from(clientHello.clientEphemeralPubKeyB64, 'base64'));
  const key = Buffer.from(hkdfSync('sha256', shared, sessionId, 'enclavejs-s2c-enc', 32));
  const prefix = randomBytes(8);
  let counter = 0;
  return {
    serverHello: {
      protocolVersion: 2,
      serverEphemeralPubKeyB64: point.toString('base64'),
      curve: 'P-256',
      selectedAlgorithm: 'AES-GCM-256',
      kdf: 'HKDF-SHA-256',
      keyId,
    },
    seal(event, { apart = false } = {}) {
      const nonce = Buffer.alloc(12);
      prefix.copy(nonce);
      nonce.writeUInt32BE(counter++, 8);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const text = Buffer.concat([cipher.update(JSON.stringify(event)), cipher.final()]);
      const tag = cipher.getAuthTag();
      const payload = {
        kid: keyId,
        nonceB64: nonce.toString('base64'),
        ciphertextB64: (apart ? text : Buffer.concat([text, tag])).toString('base64'),
        ...(apart && { tagB64: tag.toString('base64') }),
      };
      return { protocolVersion: event.protocolVersion, sessionId: event.sessionId, seq: event.seq, type: 'enc', payload };
    },
  };
}

/** Decrypts an envelope with Node's own cryptography. */
export function unseal(key, payload) {
  const sealed = Buffer.from(payload.ciphertextB64, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(payload.nonceB64, 'base64'));
  decipher.setAuthTag(sealed.subarray(-16));
  return decipher.update(sealed.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
}
