import type { EnvelopeCipher } from './envelopeCipher.js';
import { EnclaveClientError } from './errors.js';
import type { ClientHello, SessionInitEvent, StreamEvent } from './events.js';
import { KeyAgreement } from './keyAgreement.js';
import { UnreadableEvent } from './members.js';
import { parseEvent } from './ndjson.js';
import type { EncryptionMode } from './options.js';

/** The encryption of one run: its request, and the handling of each received event. */
export class SessionCrypto {
  readonly mode: EncryptionMode;
  #agreement: KeyAgreement | undefined;
  #cipher: EnvelopeCipher | undefined;
  #unopened = false;
  #begun = false;

  /** @param cipher The keys of a resumed session. */
  constructor(mode: EncryptionMode, cipher?: EnvelopeCipher) {
    this.mode = mode;
    this.#cipher = cipher;
  }

  /** The keys, once there are any. */
  get cipher(): EnvelopeCipher | undefined {
    return this.#cipher;
  }

  /** True if events arrived for which there are no keys. */
  get unopened(): boolean {
    return this.#unopened;
  }

  /** The encryption member of the request; undefined for none. */
  async offer(): Promise<{ readonly mode: EncryptionMode; readonly clientHello: ClientHello } | undefined> {
    if (this.mode === 'disabled' || (this.mode === 'optional' && !KeyAgreement.available)) return undefined;
    this.#agreement = await KeyAgreement.begin();
    return { mode: this.mode, clientHello: this.#agreement.clientHello };
  }

  /**
   * The event itself, decrypted if necessary.
   * @throws EnclaveClientError if the session does not match the request, and UnreadableEvent if a line is invalid.
   */
  async open(event: StreamEvent): Promise<StreamEvent> {
    const first = !this.#begun;
    this.#begun = true;
    if (event.type === 'enc') {
      if (this.#cipher) return this.#read(await this.#cipher.open(event), event.seq);
      this.#unopened = true;
      if (this.mode !== 'disabled') throw refused('the broker sent an encrypted event before the key agreement');
      return event;
    }
    if (this.#cipher) {
      // A session that is read again begins with its unencrypted first event, although there are keys.
      if (first && event.type === 'session_init') return event;
      // Otherwise an attacker who can write into the stream could give the run a result.
      throw new UnreadableEvent(`the session is encrypted, and event ${event.seq} is not`);
    }
    if (event.type === 'session_init') await this.#complete(event);
    else if (this.mode === 'required') throw refused(`the broker sent ${event.type} before the key agreement`);
    return event;
  }

  async #complete(event: SessionInitEvent): Promise<void> {
    const { enabled, keyId, serverHello } = event.payload.encryption;
    if (!enabled && this.mode !== 'required') return;
    if (!enabled) throw refused('encryption is required, and the broker does not encrypt');
    if (!this.#agreement) {
      if (this.mode === 'disabled') return;
      throw refused('another client has the keys of the session');
    }
    if (!serverHello) throw refused('the broker encrypts without naming the key');
    if (keyId !== undefined && keyId !== serverHello.keyId) throw refused('the broker names two keys');
    const ciphers = await this.#agreement.complete(serverHello, event.sessionId);
    this.#cipher = ciphers.serverToClient;
  }

  #read(text: string, seq: number): StreamEvent {
    const inner = parseEvent(text);
    // The outer number is not authenticated; an envelope that was moved to another place is detected here.
    if (inner.seq !== seq) throw new EnclaveClientError('ENCRYPTION_DECRYPTION_FAILED', `event ${seq} contains event ${inner.seq}`);
    if (inner.type === 'enc') throw new UnreadableEvent('an encrypted event contains another one');
    return inner;
  }
}

function refused(message: string): EnclaveClientError {
  return new EnclaveClientError('ENCRYPTION_HANDSHAKE_FAILED', message);
}
