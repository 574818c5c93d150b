/** Codes that this client sets. A result may also have any code of the broker, for example `VALIDATION_ERROR`. */
export type ClientErrorCode =
  /** The broker cannot be reached, or the connection broke and could not be restored. */
  | 'NETWORK_ERROR'
  /** The client's own `timeout` passed. Brokers use the same code for theirs. */
  | 'TIMEOUT'
  /** The stream ended without `final`, or a line is too long. */
  | 'PARSE_ERROR'
  /** The broker refused a request. */
  | 'SESSION_ERROR'
  /** The caller cancelled, or aborted its signal. */
  | 'CANCELLED'
  /** The broker refused to resume a stream that had broken. */
  | 'RECONNECT_FAILED'
  | EncryptionErrorCode;

/** Codes of encrypted sessions. */
export type EncryptionErrorCode =
  | 'ENCRYPTION_HANDSHAKE_FAILED'
  | 'ENCRYPTION_KEY_DERIVATION_FAILED'
  | 'ENCRYPTION_DECRYPTION_FAILED'
  | 'ENCRYPTION_NONCE_REUSE'
  | 'ENCRYPTION_KEY_EXPIRED'
  | 'ENCRYPTION_UNSUPPORTED_ALGORITHM'
  | 'ENCRYPTION_INVALID_PUBLIC_KEY'
  | 'ENCRYPTION_SIGNATURE_VERIFICATION_FAILED';

/** A broker's refusal. */
export interface RefusalInfo {
  /** The HTTP status. */
  readonly status?: number;
  /** The broker's own code, for example `RATE_LIMITED`. */
  readonly reason?: string;
  /** How long the broker asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** A failed request without a result, or a failed session in an iteration. */
export class EnclaveClientError extends Error implements RefusalInfo {
  override readonly name = 'EnclaveClientError';
  /** A {@link ClientErrorCode}, or a code of the broker. */
  readonly code: string;
  readonly status?: number;
  readonly reason?: string;
  readonly retryAfterMs?: number;

  constructor(code: string, message: string, options: { readonly cause?: unknown; readonly refusal?: RefusalInfo } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    const { status, reason, retryAfterMs } = options.refusal ?? {};
    if (status !== undefined) this.status = status;
    if (reason !== undefined) this.reason = reason;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** The message of anything that was thrown, with that of its cause: a failed `fetch` says there whether it was refused, timed out, or the name is unknown. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown === 'string' && thrown !== '' ? thrown : 'Unknown error';
  const words = thrown.message || thrown.name;
  const cause = causeOf(thrown);
  return cause === undefined || words.includes(cause) ? words : `${words}: ${cause}`;
}

function causeOf({ cause }: Error): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  // Several addresses of one name were tried. Each has its own failure; the AggregateError has no message.
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : undefined;
  const code: unknown = (cause as { code?: unknown }).code;
  return (first instanceof Error ? first.message : '') || cause.message || (typeof code === 'string' ? code : undefined);
}
