import { systemClock, type Clock } from './clock.js';
import type { EventFilter } from './filter.js';
import type { SessionHandlers } from './handlers.js';
import { requireKnown } from './known.js';

/** Encryption of a session's events: none; if the broker supports it; or required. */
export type EncryptionMode = 'disabled' | 'optional' | 'required';

/** Settings of an {@link EnclaveClient}. */
export interface EnclaveClientConfig {
  /** The broker's address, for example `https://example.org/enclave`. One slash at its end is removed. */
  readonly baseUrl: string;
  /** Headers of every request, for example `Authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Longest time from a call to its result, in milliseconds. Then the result is `TIMEOUT` and the session is cancelled. Range: 0 (none) and up. Default: 60000.
   * A run with a longer `sessionTtlMs` gets that time plus 5 seconds. The limit also applies to requests without a stream.
   */
  readonly timeout?: number | undefined;
  /** True to reconnect after a broken stream. Default: true. */
  readonly autoReconnect?: boolean | undefined;
  /** Attempts in a row without a new event before a run is given up. Range: 0 and up. Default: 3. */
  readonly maxReconnectAttempts?: number | undefined;
  /** Wait before the first attempt, in milliseconds. Each further wait is twice as long, up to 30 s, and varies by 30 %. Range: 0 and up. Default: 1000. */
  readonly reconnectDelay?: number | undefined;
  /**
   * A connection without a line for this time, in milliseconds, is replaced; twice the run's
   * `heartbeatIntervalMs` if that is longer. Range: 0 (never) and up. Default: 30000.
   */
  readonly heartbeatTimeout?: number | undefined;
  /** Encryption of events between the broker and this client. Default: `disabled`. */
  readonly encryption?: EncryptionMode | undefined;
  /** Longest line of a stream in bytes. A longer one ends the run as `PARSE_ERROR`. Range: 1024 and up. Default: 16777216 (16 MB). */
  readonly maxLineBytes?: number | undefined;
  /** Events that a run keeps, and that may wait for one reader. Range: 1 and up. Default: 1000. */
  readonly maxEvents?: number | undefined;
  /** Bytes of events that a run keeps, in addition to the newest event. Range: 0 and up. Default: 16777216 (16 MB). */
  readonly maxEventBytes?: number | undefined;
  /** The function that makes requests. Default: the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** The source of time; for tests. */
  readonly clock?: Clock | undefined;
  /** Returns a number from 0 to below 1, for the variation of waits; for tests. */
  readonly random?: (() => number) | undefined;
}

/** Limits of one session. The broker chooses those that are omitted or `undefined`. */
export interface SessionLimits {
  /** Longest lifetime of the session, in milliseconds. Range: above 0. */
  readonly sessionTtlMs?: number | undefined;
  /** Range: above 0. */
  readonly maxToolCalls?: number | undefined;
  /** Range: above 0. */
  readonly maxStdoutBytes?: number | undefined;
  /** Size of one tool's answer in bytes. Range: above 0. */
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
  /** True if no further tool may be called after one has failed. */
  readonly cancelOnFirstError?: boolean | undefined;
}

/** A tool call that a client answers. */
export interface ToolCallInfo {
  readonly sessionId: string;
  readonly callId: string;
  readonly toolName: string;
  /** Aborts when the run has a result. */
  readonly signal: AbortSignal;
}

/**
 * Tools that the client answers itself. The broker must allow each (`ClientTools`, `enclave serve --client-tool`). Functions are called with the
 * arguments, and their result or exception is the answer. For a list of names, answer each call with `submitToolResult`.
 */
export type ClientTools = readonly string[] | Readonly<Record<string, (args: any, call: ToolCallInfo) => unknown>>;

/** Options that runs and resumed runs share. */
export interface FollowOptions extends SessionHandlers {
  /** Tools that are answered here. A resumed session keeps the tools that it was opened with: functions answer its calls from now on. */
  readonly tools?: ClientTools | undefined;
  /** Cancels the run when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Overrides the client's `timeout`. */
  readonly timeout?: number | undefined;
  /** Selects the events. Default: all. */
  readonly filter?: EventFilter | undefined;
}

/** Options of one run. */
export interface ExecuteOptions extends FollowOptions {
  /** The session's id, beginning with `s_`. Default: `s_` and a random UUID. It is a name, not a secret. */
  readonly sessionId?: string | undefined;
  readonly limits?: SessionLimits | undefined;
  /** The language of the script. Default: the broker's, `either`. Upstream's broker ignores it. */
  readonly language?: 'javascript' | 'typescript' | 'either' | undefined;
  /** True if the session may wait for days and outlives its broker. Upstream's broker ignores it. Default: false. */
  readonly durable?: boolean | undefined;
  /** Overrides the client's `encryption`. */
  readonly encryption?: EncryptionMode | undefined;
  /** Further members of the request, for brokers that support more than this client knows. */
  readonly request?: Readonly<Record<string, unknown>> | undefined;
}

/** Settings with all defaults filled in. */
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

// Time for the result of a session that reached its own limit to arrive.
const graceAfterTtlMs = 5_000;

/** @throws RangeError that names the setting, its value and its range. */
export function resolveConfig(config: EnclaveClientConfig): Settings {
  requireKnown('the client', config, 'config');
  if (typeof config?.baseUrl !== 'string' || config.baseUrl === '')
    throw new TypeError(`baseUrl must be a non-empty string, not ${JSON.stringify(config?.baseUrl)}`);
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
    // Browsers refuse to call fetch as a method of another object.
    fetch: config.fetch ?? globalThis.fetch.bind(globalThis),
    clock: config.clock ?? systemClock,
    random: config.random ?? Math.random,
  };
}

/** How long a run may take, in milliseconds; 0 for no limit. */
export function runTimeout(settings: Settings, options: ExecuteOptions): number {
  if (options.timeout !== undefined) return inRange('timeout', options.timeout, 0);
  const ttl = options.limits?.sessionTtlMs;
  if (settings.timeout === 0 || ttl === undefined || ttl <= settings.timeout) return settings.timeout;
  return ttl + graceAfterTtlMs;
}

/** How long a connection of a run may be silent, in milliseconds; 0 for no limit. */
export function silenceLimit(settings: Settings, limits: SessionLimits | undefined): number {
  // Without reconnecting, ending the connection would only lose the result.
  if (!settings.autoReconnect || settings.heartbeatTimeout === 0) return 0;
  return Math.max(settings.heartbeatTimeout, 2 * (limits?.heartbeatIntervalMs ?? 0));
}

export function knownMode(mode: EncryptionMode): EncryptionMode {
  if (mode !== 'disabled' && mode !== 'optional' && mode !== 'required')
    throw new TypeError(`encryption must be disabled, optional or required, not ${JSON.stringify(mode)}`);
  return mode;
}

function inRange(name: string, value: number, least: number): number {
  if (typeof value === 'number' && value >= least && Number.isFinite(value)) return value;
  throw new RangeError(`${name} must be a number from ${least} up, not ${value}`);
}
