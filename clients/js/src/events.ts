/** The version that brokers send now; version 1 can be read as well. */
export type ProtocolVersion = 1 | 2;

/** The severity of a log entry. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The phase of a tool call. */
export type ToolPhase = 'connecting' | 'sending' | 'receiving' | 'processing';

/** One line of a session's stream: an event and its number. */
export interface Envelope<Type extends string, Payload> {
  readonly protocolVersion: ProtocolVersion;
  /** The session's id at the broker. */
  readonly sessionId: string;
  /** The event's number in its session, from 1. A filtered stream has gaps. */
  readonly seq: number;
  readonly type: Type;
  readonly payload: Payload;
}

/** The server's half of the key agreement. */
export interface ServerHello {
  readonly protocolVersion: number;
  /** A P-256 point, 65 bytes uncompressed, in base64. */
  readonly serverEphemeralPubKeyB64: string;
  readonly curve: string;
  readonly selectedAlgorithm: string;
  readonly kdf: string;
  readonly keyId: string;
  readonly signatureB64?: string;
}

/** The client's half of the key agreement. */
export interface ClientHello {
  readonly protocolVersion: number;
  /** A P-256 point, 65 bytes uncompressed, in base64. */
  readonly clientEphemeralPubKeyB64: string;
  readonly curve: 'P-256';
  readonly supportedAlgorithms: readonly string[];
}

/** Why a script failed. */
export interface ErrorInfo {
  readonly message: string;
  readonly code?: string;
  /** The stack in the script. */
  readonly stack?: string;
}

/** Details of a failure. */
export type ErrorDetail =
  | { readonly type: 'retry_info'; readonly retryDelayMs: number }
  | { readonly type: 'upstream_info'; readonly statusCode: number; readonly url: string }
  | { readonly type: 'validation_info'; readonly field: string; readonly reason: string }
  | { readonly type: 'quota_info'; readonly limit: number; readonly used: number };

/** One failure among several. */
export interface ErrorPayload {
  readonly code: string;
  readonly message: string;
  /** The names that lead to the affected part. */
  readonly path?: readonly string[];
  readonly details?: readonly ErrorDetail[];
}

/** Statistics of a session, as counted by the broker. */
export interface FinalStats {
  readonly durationMs: number;
  readonly toolCallCount: number;
  readonly stdoutBytes: number;
}

/** The first event of a session. */
export type SessionInitEvent = Envelope<'session_init', {
  /** The address for a cancel. Some brokers leave it out; the client does not need it. */
  readonly cancelUrl?: string;
  /** When the session times out, ISO 8601. */
  readonly expiresAt: string;
  readonly encryption: { readonly enabled: boolean; readonly keyId?: string; readonly serverHello?: ServerHello };
  readonly replayUrl?: string;
}>;

/** The script wrote to its console. */
export type StdoutEvent = Envelope<'stdout', { readonly chunk: string }>;

/** A log entry of the broker. */
export type LogEvent = Envelope<'log', { readonly level: LogLevel; readonly message: string; readonly data?: Readonly<Record<string, unknown>> }>;

/** The script called a tool. */
export type ToolCallEvent = Envelope<'tool_call', { readonly callId: string; readonly toolName: string; readonly args: unknown }>;

/** The progress of a tool call. */
export type ToolProgressEvent = Envelope<'tool_progress', {
  readonly callId: string;
  readonly phase: ToolPhase;
  readonly elapsedMs: number;
  readonly bytesReceived?: number;
  readonly totalBytes?: number;
}>;

/** The script has received the result or failure of a tool call. */
export type ToolResultAppliedEvent = Envelope<'tool_result_applied', { readonly callId: string }>;

/** A part of the result, or the failure of that part. */
export type PartialResultEvent = Envelope<'partial_result', {
  readonly path: readonly string[];
  readonly data?: unknown;
  readonly error?: ErrorPayload;
  readonly hasNext: boolean;
}>;

/** A sign that the session is alive. */
export type HeartbeatEvent = Envelope<'heartbeat', {
  /** When it was sent, ISO 8601 by the broker's clock. */
  readonly ts?: string;
}>;

/** A failure after which the session goes on until its `final`. */
export type ErrorEvent = Envelope<'error', { readonly message: string; readonly code?: string; readonly recoverable?: boolean }>;

/** The session's deadline has passed; its `final` follows. */
export type DeadlineExceededEvent = Envelope<'deadline_exceeded', { readonly elapsedMs: number; readonly budgetMs: number }>;

/** The tools that scripts may call have changed. */
export type CatalogChangedEvent = Envelope<'catalog_changed', {
  readonly version: string;
  readonly addedActions: readonly string[];
  readonly removedActions: readonly string[];
}>;

/** The last event of a session. */
export type FinalEvent = Envelope<'final', {
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error?: ErrorInfo;
  /** Failures during the run, and details of `error`. */
  readonly errors?: readonly ErrorPayload[];
  readonly stats?: FinalStats;
}>;

/** An event that only the ends of an encrypted session can decrypt. */
export type EncryptedEvent = Envelope<'enc', {
  readonly kid: string;
  readonly nonceB64: string;
  readonly ciphertextB64: string;
  readonly tagB64?: string;
}>;

/** An unencrypted event. */
export type PlainEvent =
  | SessionInitEvent
  | StdoutEvent
  | LogEvent
  | ToolCallEvent
  | ToolProgressEvent
  | ToolResultAppliedEvent
  | PartialResultEvent
  | HeartbeatEvent
  | ErrorEvent
  | DeadlineExceededEvent
  | CatalogChangedEvent
  | FinalEvent;

/** Any event. Distinguish them by `type`. Only a client without the session's keys sees `enc`. */
export type StreamEvent = PlainEvent | EncryptedEvent;

/** The types of events. */
export type EventType = StreamEvent['type'];
