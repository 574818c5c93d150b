import { systemClock, type Clock } from './clock.js';
import type { EventFilter } from './filter.js';
import type { SessionHandlers } from './handlers.js';
import { requireKnown } from './known.js';

/** Whether a session's events are encrypted: never, if the broker can, or not at all otherwise. */
export type EncryptionMode = 'disabled' | 'optional' | 'required';

/** Settings of an {@link EnclaveClient}. */
export interface EnclaveClientConfig {
  /** Where the broker is, for example `https://example.org/enclave`. One slash at its end is taken off. */
  readonly baseUrl: string;
  /** Headers of every request, for example `Authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Longest time from a call to its result, in milliseconds; then the result is `TIMEOUT` and the session is cancelled. Range: 0 (none) and up. Default: 60000.
   * A run with a longer `sessionTtlMs` gets that and 5 seconds. Requests without a stream have it too.
   */
  readonly timeout?: number | undefined;
  /** Whether a stream that breaks is asked for again. Default: true. */
  readonly autoReconnect?: boolean | undefined;
  /** Tries in a row that bring nothing new before a run is given up. Range: 0 and up. Default: 3. */
  readonly maxReconnectAttempts?: number | undefined;
  /** Wait before the first try, in milliseconds; each further one is twice as long, up to 30 s, and all vary by 30 %. Range: 0 and up. Default: 1000. */
  readonly reconnectDelay?: number | undefined;
  /** A connection on which no line came for so long is replaced, in milliseconds; twice the run's `heartbeatIntervalMs` if that is longer. Range: 0 (never) and up. Default: 30000. */
  readonly heartbeatTimeout?: number | undefined;
  /** Encryption of the events on their way here. Default: `disabled`. */
  readonly encryption?: EncryptionMode | undefined;
  /** Longest line of a stream that is read, in bytes; a longer one ends the run as `PARSE_ERROR`. Range: 1024 and up. Default: 16777216 (16 MB). */
  readonly maxLineBytes?: number | undefined;
  /** Events that a run keeps, and that may wait for one reader. Range: 1 and up. Default: 1000. */
  readonly maxEvents?: number | undefined;
  /** Bytes of events that a run keeps, beside the newest event. Range: 0 and up. Default: 16777216 (16 MB). */
  readonly maxEventBytes?: number | undefined;
  /** What makes the requests. Default: the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Where time comes from; for tests. */
  readonly clock?: Clock | undefined;
  /** Gives a number from 0 to below 1, for the spread of waits; for tests. */
  readonly random?: (() => number) | undefined;
}

/** Limits of one session. What is left out, or `undefined`, is the broker's to choose. */
export interface SessionLimits {
  /** Longest life of the session, in milliseconds. Range: above 0. */
  readonly sessionTtlMs?: number | undefined;
  /** Range: above 0. */
  readonly maxToolCalls?: number | undefined;
  /** Range: above 0. */
  readonly maxStdoutBytes?: number | undefined;
  /** Of one tool's answer. Range: above 0. */
  readonly maxToolResultBytes?: number | undefined;
  /** Milliseconds. Range: above 0. */
  readonly toolTimeoutMs?: number | undefined;
  /** Milliseconds between heartbeats. Range: above 0. */
  readonly heartbeatIntervalMs?: number | undefined;
  /** Milliseconds from the start. Range: 0 (none) and up. */
  readonly deadlineMs?: number | undefined;
  /** Milliseconds. Range: above 0. */
  readonly perToolDeadlineMs?: number | undefined;
  /** Bytes of memory. Range: above 0. */
  readonly memoryLimit?: number | undefined;
  /** Whether no further tool may be called after one has failed. */
  readonly cancelOnFirstError?: boolean | undefined;
}

/** A tool call that a client answers. */
export interface ToolCallInfo {
  readonly sessionId: string;
  readonly callId: string;
  readonly toolName: string;
  /** Aborts when the run has its result. */
  readonly signal: AbortSignal;
}

/**
 * Tools that the client answers itself; the broker has to allow each (`ClientTools`, `enclave serve --client-tool`). Functions are called with the
 * arguments, and what they give or throw is the answer; of a list of names each call is answered with `submitToolResult`.
 */
export type ClientTools = readonly string[] | Readonly<Record<string, (args: any, call: ToolCallInfo) => unknown>>;

/** What a run and a resumed run have in common. */
export interface FollowOptions extends SessionHandlers {
  /** Tools that are answered here. A resumed session has those that it was opened with: functions answer their calls from now on. */
  readonly tools?: ClientTools | undefined;
  /** Cancels the run when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's `timeout`. */
  readonly timeout?: number | undefined;
  /** Events that are asked for. Default: all. */
  readonly filter?: EventFilter | undefined;
}

/** What one run is to do. */
export interface ExecuteOptions extends FollowOptions {
  /** Beginning with `s_`. Default: `s_` and a random UUID. A session's id is a name, not a secret. */
  readonly sessionId?: string | undefined;
  readonly limits?: SessionLimits | undefined;
  /** Instead of the client's `encryption`. */
  readonly encryption?: EncryptionMode | undefined;
  /** Further members of the request, for brokers that read more than this client knows. */
  readonly request?: Readonly<Record<string, unknown>> | undefined;
}

/** Settings with nothing left open. */
export interface Settings {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly autoReconnect: boolean;
  readonly maxReconnectAttempts: number;
  readonly reconnectDelay: number;
  readonly heartbeatTimeout: number;
  readonly encryption: EncryptionMode;
  readonly maxLineBytes: number;
  readonly maxEvents: number;
  readonly maxEventBytes: number;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly random: () => number;
}

// What the result of a session that reached its own limit has left to arrive.
const graceAfterTtlMs = 5_000;

/** @throws RangeError naming the setting, its value and its range. */
export function resolveConfig(config: EnclaveClientConfig): Settings {
  requireKnown('the client', config, 'config');
  if (typeof config?.baseUrl !== 'string' || config.baseUrl === '') throw new TypeError(`baseUrl must be a text with characters, and is ${JSON.stringify(config?.baseUrl)}`);
  return {
    baseUrl: config.baseUrl.replace(/\/$/, ''),
    headers: { ...config.headers },
    timeout: inRange('timeout', config.timeout ?? 60_000, 0),
    autoReconnect: config.autoReconnect ?? true,
    maxReconnectAttempts: inRange('maxReconnectAttempts', config.maxReconnectAttempts ?? 3, 0),
    reconnectDelay: inRange('reconnectDelay', config.reconnectDelay ?? 1_000, 0),
    heartbeatTimeout: inRange('heartbeatTimeout', config.heartbeatTimeout ?? 30_000, 0),
    encryption: knownMode(config.encryption ?? 'disabled'),
    maxLineBytes: inRange('maxLineBytes', config.maxLineBytes ?? 16 * 1024 * 1024, 1024),
    maxEvents: inRange('maxEvents', config.maxEvents ?? 1_000, 1),
    maxEventBytes: inRange('maxEventBytes', config.maxEventBytes ?? 16 * 1024 * 1024, 0),
    // Browsers refuse to call their fetch as a method of anything else.
    fetch: config.fetch ?? globalThis.fetch.bind(globalThis),
    clock: config.clock ?? systemClock,
    random: config.random ?? Math.random,
  };
}

/** How long a run may take, in milliseconds; 0 for any time. */
export function runTimeout(settings: Settings, options: ExecuteOptions): number {
  if (options.timeout !== undefined) return inRange('timeout', options.timeout, 0);
  const ttl = options.limits?.sessionTtlMs;
  if (settings.timeout === 0 || ttl === undefined || ttl <= settings.timeout) return settings.timeout;
  return ttl + graceAfterTtlMs;
}

/** How long a connection of a run may be silent, in milliseconds; 0 for any time. */
export function silenceLimit(settings: Settings, limits: SessionLimits | undefined): number {
  // Without a second connection to try, ending the first one would only lose the result.
  if (!settings.autoReconnect || settings.heartbeatTimeout === 0) return 0;
  return Math.max(settings.heartbeatTimeout, 2 * (limits?.heartbeatIntervalMs ?? 0));
}

export function knownMode(mode: EncryptionMode): EncryptionMode {
  if (mode !== 'disabled' && mode !== 'optional' && mode !== 'required') throw new TypeError(`encryption must be disabled, optional or required, and is ${JSON.stringify(mode)}`);
  return mode;
}

function inRange(name: string, value: number, least: number): number {
  if (typeof value === 'number' && value >= least && Number.isFinite(value)) return value;
  throw new RangeError(`${name} must be a number from ${least} up, and is ${value}`);
}
