import { fromBase64, toBase64 } from './base64.js';
import { EnclaveClientError, messageOf, type EncryptionErrorCode } from './errors.js';
import type { ClientHello, ServerHello } from './events.js';
import { EnvelopeCipher } from './envelopeCipher.js';

const curve = 'P-256';
const algorithm = 'AES-GCM-256';
const kdf = 'HKDF-SHA-256';
const serverToClient = 'enclavejs-s2c-enc';
const clientToServer = 'enclavejs-c2s-enc';

/** The ciphers of one session, one for each direction. */
export interface SessionCiphers {
  readonly serverToClient: EnvelopeCipher;
  readonly clientToServer: EnvelopeCipher;
}

/** The client's side of the key agreement of one session. */
export class KeyAgreement {
  /** The hello to send to the broker. */
  readonly clientHello: ClientHello;
  readonly #privateKey: CryptoKey;

  /** Uses an existing key pair; {@link begin} creates a new one. */
  constructor(privateKey: CryptoKey, publicPoint: Uint8Array) {
    this.#privateKey = privateKey;
    this.clientHello = { protocolVersion: 2, clientEphemeralPubKeyB64: toBase64(publicPoint), curve, supportedAlgorithms: [algorithm] };
  }

  /** True if this platform supports encryption. Browsers do only in secure contexts. */
  static get available(): boolean {
    return globalThis.crypto?.subtle !== undefined;
  }

  /** Creates a key pair for one session. */
  static async begin(): Promise<KeyAgreement> {
    if (!KeyAgreement.available) throw failure('ENCRYPTION_HANDSHAKE_FAILED', 'WebCrypto is not available; browsers have it only in secure contexts');
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: curve }, false, ['deriveBits']);
    return new KeyAgreement(pair.privateKey, new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  }

  /** Derives the session's keys from the broker's answer. */
  async complete(hello: ServerHello, sessionId: string): Promise<SessionCiphers> {
    for (const [what, given, known] of [['curve', hello.curve, curve], ['algorithm', hello.selectedAlgorithm, algorithm], ['key derivation', hello.kdf, kdf]]) {
      if (given !== known)
        throw failure('ENCRYPTION_UNSUPPORTED_ALGORITHM', `the broker chose the ${what} ${JSON.stringify(given)}; only ${known} is supported`);
    }
    const shared = await this.#agree(hello.serverEphemeralPubKeyB64);
    const salt = new TextEncoder().encode(sessionId);
    try {
      return {
        serverToClient: await EnvelopeCipher.from(await deriveKey(shared, serverToClient, salt), hello.keyId),
        clientToServer: await EnvelopeCipher.from(await deriveKey(shared, clientToServer, salt), hello.keyId),
      };
    } catch (error) {
      throw failure('ENCRYPTION_KEY_DERIVATION_FAILED', messageOf(error), error);
    } finally {
      shared.fill(0);
    }
  }

  async #agree(pointB64: string): Promise<Uint8Array<ArrayBuffer>> {
    let serverKey: CryptoKey;
    try {
      // The platform refuses points that are not on the curve.
      serverKey = await crypto.subtle.importKey('raw', fromBase64(pointB64), { name: 'ECDH', namedCurve: curve }, false, []);
    } catch (error) {
      throw failure('ENCRYPTION_INVALID_PUBLIC_KEY', `the broker's public key is not a point of ${curve}`, error);
    }
    return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: serverKey }, this.#privateKey, 256));
  }
}

/** 32 bytes by HKDF-SHA-256. Without a salt, the salt is 32 zero bytes. */
export async function deriveKey(
  shared: Uint8Array<ArrayBuffer>, info: string, salt: Uint8Array<ArrayBuffer> = new Uint8Array(32)): Promise<Uint8Array<ArrayBuffer>> {
  const base = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode(info) }, base, 256));
}

function failure(code: EncryptionErrorCode, message: string, cause?: unknown): EnclaveClientError {
  return new EnclaveClientError(code, message, cause === undefined ? {} : { cause });
}
