import type { EnvelopeCipher } from './envelopeCipher.js';
import { EnclaveClientError } from './errors.js';
import type { ClientHello, SessionInitEvent, StreamEvent } from './events.js';
import { KeyAgreement } from './keyAgreement.js';
import { UnreadableEvent } from './members.js';
import { parseEvent } from './ndjson.js';
import type { EncryptionMode } from './options.js';

/** What a session asks for, and what it does with each event that comes: all that one run knows of encryption. */
export class SessionCrypto {
  readonly mode: EncryptionMode;
  #agreement: KeyAgreement | undefined;
  #cipher: EnvelopeCipher | undefined;
  #unopened = false;
  #begun = false;

  /** @param cipher The keys of a session that is gone on with. */
  constructor(mode: EncryptionMode, cipher?: EnvelopeCipher) {
    this.mode = mode;
    this.#cipher = cipher;
  }

  /** The keys, once there are any. */
  get cipher(): EnvelopeCipher | undefined {
    return this.#cipher;
  }

  /** Whether events came that there are no keys for. */
  get unopened(): boolean {
    return this.#unopened;
  }

  /** What the request for a session says of encryption; undefined for nothing. */
  async offer(): Promise<{ readonly mode: EncryptionMode; readonly clientHello: ClientHello } | undefined> {
    if (this.mode === 'disabled' || (this.mode === 'optional' && !KeyAgreement.available)) return undefined;
    this.#agreement = await KeyAgreement.begin();
    return { mode: this.mode, clientHello: this.#agreement.clientHello };
  }

  /**
   * The event itself: decrypted if it was encrypted.
   * @throws EnclaveClientError when the session is not what was asked for, and UnreadableEvent when a line says nothing.
   */
  async open(event: StreamEvent): Promise<StreamEvent> {
    const first = !this.#begun;
    this.#begun = true;
    if (event.type === 'enc') {
      if (this.#cipher) return this.#read(await this.#cipher.open(event), event.seq);
      this.#unopened = true;
      if (this.mode !== 'disabled') throw refused('the session is encrypted before its keys are agreed on');
      return event;
    }
    if (this.#cipher) {
      // A session that is read again begins in clear, as it did at first; its keys are there.
      if (first && event.type === 'session_init') return event;
      // Whoever can write into the stream could otherwise give the run a result of their own.
      throw new UnreadableEvent(`the session is encrypted, and event ${event.seq} is not`);
    }
    if (event.type === 'session_init') await this.#complete(event);
    else if (this.mode === 'required') throw refused(`the broker sent ${event.type} before keys were agreed on`);
    return event;
  }

  async #complete(event: SessionInitEvent): Promise<void> {
    const { enabled, keyId, serverHello } = event.payload.encryption;
    if (!enabled && this.mode !== 'required') return;
    if (!enabled) throw refused('encryption is required, and the broker does not encrypt');
    if (!this.#agreement) {
      if (this.mode === 'disabled') return;
      throw refused('the keys of the session were agreed on with another client');
    }
    if (!serverHello) throw refused('the broker encrypts, and does not say with which key');
    if (keyId !== undefined && keyId !== serverHello.keyId) throw refused('the broker names two keys');
    const ciphers = await this.#agreement.complete(serverHello, event.sessionId);
    this.#cipher = ciphers.serverToClient;
  }

  #read(text: string, seq: number): StreamEvent {
    const inner = parseEvent(text);
    // The number outside is not protected; an envelope that was moved to another place shows here.
    if (inner.seq !== seq) throw new EnclaveClientError('ENCRYPTION_DECRYPTION_FAILED', `event ${seq} holds event ${inner.seq}`);
    if (inner.type === 'enc') throw new UnreadableEvent('an encrypted event holds another one');
    return inner;
  }
}

function refused(message: string): EnclaveClientError {
  return new EnclaveClientError('ENCRYPTION_HANDSHAKE_FAILED', message);
}
