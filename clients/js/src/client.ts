import { Broker, pathOf } from './broker.js';
import type { EnvelopeCipher } from './envelopeCipher.js';
import { toolNames } from './clientTools.js';
import { EnclaveClientError } from './errors.js';
import type { StreamEvent } from './events.js';
import { requireKnown } from './known.js';
import { isObject } from './members.js';
import { knownMode, resolveConfig, type EnclaveClientConfig, type ExecuteOptions, type FollowOptions, type Settings } from './options.js';
import type { SessionResult } from './result.js';
import type { SequenceGap } from './sequence.js';
import { SessionCrypto } from './sessionCrypto.js';
import { SessionRun, type RunStart } from './sessionRun.js';

/**
 * A running session. Iterate it to get its events: an iteration begins with the kept events, loses none after that, and throws an
 * {@link EnclaveClientError} if the run ends without `final`: cancelled, timed out or lost. A run waits for an iteration that lags by more than
 * the client's `maxEvents` or `maxEventBytes`. Leaving the loop ends the iteration, but not the run.
 */
export interface SessionHandle extends AsyncIterable<StreamEvent> {
  /** The session's id. A broker may change it with its first event. */
  readonly sessionId: string;
  /** The result, in every case. Rejects only if a handler throws. */
  wait(): Promise<SessionResult>;
  /** Ends the run as `CANCELLED`, then cancels the session at the broker. Never fails, and has no effect after the end. */
  cancel(reason?: string): Promise<void>;
  /** The kept events. */
  getEvents(): StreamEvent[];
  /** True until there is a result. */
  isActive(): boolean;
  /** Numbers without an event: filtered, unreadable or lost. At most 100 are kept. */
  getGaps(): readonly SequenceGap[];
}

/** A session as the broker describes it. Brokers may add members. */
export interface SessionInfo {
  readonly sessionId: string;
  /** `starting`, `running`, `waiting_for_tool`, `suspended` (a durable session), `completed`, `cancelled` or `failed`. */
  readonly state: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly stats: { readonly duration: number; readonly toolCallCount: number };
  /** Its position (1 is next) and the number of waiting sessions, including this one; missing if it is not waiting, or if the broker does not report it. */
  readonly queue?: { readonly place: number; readonly waiting: number };
}

/** The sessions of a broker. */
export interface SessionList {
  readonly sessions: readonly SessionInfo[];
  readonly total: number;
}

/** The result of a tool call, or its failure. */
export type ToolAnswer =
  | { readonly callId: string; readonly result: unknown; readonly error?: undefined }
  | { readonly callId: string; readonly error: { readonly message: string; readonly code?: string }; readonly result?: undefined };

/** Options of a single request. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
}

// Keys of sessions that may be resumed. Limited, so that the keys of abandoned sessions do not accumulate.
const maxKeptKeys = 100;

/** Runs scripts on a broker. */
export class EnclaveClient {
  readonly #settings: Settings;
  readonly #broker: Broker;
  readonly #runs = new Map<string, SessionRun>();
  readonly #keys = new Map<string, EnvelopeCipher>();

  constructor(config: EnclaveClientConfig) {
    this.#settings = resolveConfig(config);
    this.#broker = new Broker(this.#settings);
  }

  /**
   * Runs a script to its end.
   * @returns The result, also of a run that failed, was refused or was lost. Rejects only if a handler throws.
   */
  async execute(code: string, options: ExecuteOptions = {}): Promise<SessionResult> {
    return this.executeStream(code, options).wait();
  }

  /** Starts a script and returns a handle to follow it. It runs even if nobody follows it. */
  executeStream(code: string, options: ExecuteOptions = {}): SessionHandle {
    requireKnown('execute', options, 'follow', 'execute');
    requireKnown('limits', options.limits, 'limits');
    const tools = toolNames(options.tools);
    const sessionId = options.sessionId ?? newSessionId();
    const crypto = new SessionCrypto(knownMode(options.encryption ?? this.#settings.encryption));
    const { filter, language, limits, request, durable } = options;
    const { sessionTtlMs, maxToolCalls, heartbeatIntervalMs } = limits ?? {};
    // Brokers read `config` or `limits`. JSON leaves out undefined members.
    const body = {
      ...request,
      sessionId,
      code,
      ...(language && { language }),
      ...(durable && { durable }),
      ...(limits && { config: { maxExecutionMs: sessionTtlMs, maxToolCalls, heartbeatIntervalMs }, limits }),
      ...(filter && { filter }),
      ...(tools.length > 0 && { tools }),
    };
    return this.#follow(sessionId, { body }, options, crypto);
  }

  /**
   * Resumes a running session, or reads an ended one again. An encrypted session can only be resumed by the client that opened it.
   * @param fromSeq The first event wanted. Range: 0 and up. Default: 0, for all that the broker has.
   */
  resume(sessionId: string, fromSeq = 0, options: FollowOptions = {}): SessionHandle {
    requireKnown('resume', options, 'follow');
    toolNames(options.tools);
    if (!Number.isSafeInteger(fromSeq) || fromSeq < 0) throw new RangeError(`fromSeq must be an integer from 0 up, not ${fromSeq}`);
    const cipher = this.#keys.get(sessionId) ?? this.#runs.get(sessionId)?.cipher;
    return this.#follow(sessionId, { fromSeq }, options, new SessionCrypto('disabled', cipher));
  }

  /**
   * Cancels a session of this client or of another.
   * @returns True if the broker knew it, or if it was cancelled here.
   */
  async cancelSession(sessionId: string, reason?: string): Promise<boolean> {
    const run = this.#runs.get(sessionId);
    if (!run) return this.#broker.cancel(sessionId, reason);
    await run.cancel(reason);
    return true;
  }

  /** A session as the broker describes it; null if the broker does not know it. */
  async getSession(sessionId: string, options: RequestOptions = {}): Promise<SessionInfo | null> {
    requireKnown('getSession', options, 'request');
    const info = await this.#broker.get(pathOf(sessionId), 'get session', options.signal);
    return info === undefined ? null : (info as SessionInfo);
  }

  /** The sessions that this client may see. */
  async listSessions(options: RequestOptions = {}): Promise<SessionList> {
    requireKnown('listSessions', options, 'request');
    const list = await this.#broker.get('/sessions', 'list sessions', options.signal);
    if (!isObject(list) || !Array.isArray(list['sessions'])) throw new EnclaveClientError('PARSE_ERROR', 'Failed to list sessions: the answer has no sessions');
    const sessions = list['sessions'] as readonly SessionInfo[];
    return { sessions, total: typeof list['total'] === 'number' ? list['total'] : sessions.length };
  }

  /**
   * Cancels a session and removes it from the broker.
   * @returns True if there was one.
   */
  async deleteSession(sessionId: string, options: RequestOptions = {}): Promise<boolean> {
    requireKnown('deleteSession', options, 'request');
    return this.#broker.delete(sessionId, options.signal);
  }

  /**
   * Answers a tool call of a session whose tools are left to the client.
   * @returns False if no such call is waiting.
   */
  async submitToolResult(sessionId: string, answer: ToolAnswer, options: RequestOptions = {}): Promise<boolean> {
    requireKnown('an answer', answer, 'answer');
    requireKnown('submitToolResult', options, 'request');
    // An undefined result would leave out the member, and the answer would be invalid.
    const body = answer.error ? { callId: answer.callId, error: answer.error } : { callId: answer.callId, result: answer.result ?? null };
    return this.#broker.post(`${pathOf(sessionId)}/tool-result`, 'submit tool result', body, options.signal);
  }

  #follow(sessionId: string, start: RunStart, options: ExecuteOptions, crypto: SessionCrypto): SessionHandle {
    const run = new SessionRun(this.#broker, this.#settings, sessionId, start, options, crypto);
    this.#runs.set(sessionId, run);
    const ended = (): void => {
      if (this.#runs.get(sessionId) === run) this.#runs.delete(sessionId);
      if (run.cipher) this.#keep(run.sessionId, run.cipher);
    };
    run.result.then(ended, ended);
    return {
      get sessionId() {
        return run.sessionId;
      },
      wait: () => run.result,
      cancel: (reason) => run.cancel(reason),
      getEvents: () => run.log.snapshot(),
      isActive: () => run.active,
      getGaps: () => run.gaps,
      [Symbol.asyncIterator]: () => run.log.read(),
    };
  }

  #keep(sessionId: string, cipher: EnvelopeCipher): void {
    this.#keys.delete(sessionId);
    this.#keys.set(sessionId, cipher);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= maxKeptKeys) return;
      this.#keys.delete(oldest);
    }
  }
}

function newSessionId(): string {
  if (typeof crypto.randomUUID === 'function') return `s_${crypto.randomUUID()}`;
  // Browsers have randomUUID only in secure contexts.
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `s_${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
