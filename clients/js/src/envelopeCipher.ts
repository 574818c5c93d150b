import { fromBase64, toBase64 } from './base64.js';
import { EnclaveClientError, type EncryptionErrorCode } from './errors.js';
import type { EncryptedEvent, PlainEvent } from './events.js';

const nonceBytes = 12;
const prefixBytes = 8;
const tagBytes = 16;
const messagesPerKey = 2 ** 30;

/** Encrypts and decrypts the envelopes of one direction of a session. */
export class EnvelopeCipher {
  readonly #key: CryptoKey;
  readonly #keyId: string;
  readonly #prefix = crypto.getRandomValues(new Uint8Array(prefixBytes));
  #sealed = 0;
  #opened = 0;

  private constructor(key: CryptoKey, keyId: string) {
    this.#key = key;
    this.#keyId = keyId;
  }

  /** @param key 32 bytes, which are cleared. */
  static async from(key: Uint8Array<ArrayBuffer>, keyId: string): Promise<EnvelopeCipher> {
    const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
    key.fill(0);
    return new EnvelopeCipher(imported, keyId);
  }

  /**
   * Decrypts the event inside an envelope.
   * @throws EnclaveClientError if the envelope belongs to another key, or was changed on the way.
   */
  async open(envelope: EncryptedEvent): Promise<string> {
    const { kid, nonceB64, ciphertextB64, tagB64 } = envelope.payload;
    if (kid !== this.#keyId) throw failure('ENCRYPTION_DECRYPTION_FAILED',
      `event ${envelope.seq} is encrypted with key ${JSON.stringify(kid)}, and the session's is ${JSON.stringify(this.#keyId)}`);
    if (++this.#opened > messagesPerKey) throw failure('ENCRYPTION_KEY_EXPIRED', `the session's key has encrypted its maximum of ${messagesPerKey} events`);
    try {
      const nonce = fromBase64(nonceB64);
      if (nonce.length !== nonceBytes) throw new Error(`a nonce of ${nonce.length} bytes`);
      const sealed = concat(fromBase64(ciphertextB64), tagB64 === undefined ? new Uint8Array() : fromBase64(tagB64));
      const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, tagLength: tagBytes * 8 }, this.#key, sealed);
      return new TextDecoder('utf-8', { fatal: true }).decode(text);
    } catch (error) {
      // The reason is not reported, because it would help an attacker.
      throw failure('ENCRYPTION_DECRYPTION_FAILED', `event ${envelope.seq} cannot be decrypted`, error);
    }
  }

  /** Encrypts an event as an envelope with the same number. */
  async seal(event: PlainEvent): Promise<EncryptedEvent> {
    if (this.#sealed >= messagesPerKey) throw failure('ENCRYPTION_KEY_EXPIRED', `the session's key has encrypted its maximum of ${messagesPerKey} events`);
    const nonce = counterNonce(this.#prefix, this.#sealed++);
    const text = new TextEncoder().encode(JSON.stringify(event));
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, tagLength: tagBytes * 8 }, this.#key, text));
    const { protocolVersion, sessionId, seq } = event;
    return { protocolVersion, sessionId, seq, type: 'enc', payload: { kid: this.#keyId, nonceB64: toBase64(nonce), ciphertextB64: toBase64(sealed) } };
  }
}

/** A nonce: 8 fixed bytes, then a 32-bit counter, big-endian. */
export function counterNonce(prefix: Uint8Array, counter: number): Uint8Array<ArrayBuffer> {
  if (prefix.length !== prefixBytes) throw failure('ENCRYPTION_NONCE_REUSE', `the fixed part of a nonce must have ${prefixBytes} bytes, not ${prefix.length}`);
  const nonce = new Uint8Array(nonceBytes);
  nonce.set(prefix);
  new DataView(nonce.buffer).setUint32(prefixBytes, counter);
  return nonce;
}

function concat(first: Uint8Array<ArrayBuffer>, second: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (second.length === 0) return first;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function failure(code: EncryptionErrorCode, message: string, cause?: unknown): EnclaveClientError {
  return new EnclaveClientError(code, message, cause === undefined ? {} : { cause });
}
