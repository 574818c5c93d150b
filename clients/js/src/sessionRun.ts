import { backoffDelay } from './backoff.js';
import { readAnswerRefusal, type Broker, type Refusal } from './broker.js';
import { answerCall } from './clientTools.js';
import { delay, Watchdog } from './clock.js';
import type { EnvelopeCipher } from './envelopeCipher.js';
import { EnclaveClientError, messageOf } from './errors.js';
import { EventLog } from './eventLog.js';
import type { FinalEvent, StreamEvent } from './events.js';
import { dispatch } from './handlers.js';
import { UnreadableEvent } from './members.js';
import { LineTooLong, NdjsonParser, type ParsedLine } from './ndjson.js';
import { runTimeout, silenceLimit, type ExecuteOptions, type Settings } from './options.js';
import type { SessionFailure, SessionResult } from './result.js';
import { identityOf, SequenceTracker } from './sequence.js';
import type { SessionCrypto } from './sessionCrypto.js';

/** The start of a run: a script, or a position in an existing session. */
export type RunStart =
  | { readonly body: Readonly<Record<string, unknown>> }
  | { readonly fromSeq: number };

// How a connection without a final event ended.
type Ending =
  | { readonly kind: 'closed' }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const longestRetryAfterMs = 30_000;
// Time for a broker that has sent the result to end its response.
const drainMs = 1_000;

/** One run, from its request to its result, over as many connections as needed. It settles exactly once. */
export class SessionRun {
  readonly log: EventLog;
  readonly result: Promise<SessionResult>;
  sessionId: string;
  readonly #broker: Broker;
  readonly #settings: Settings;
  readonly #options: ExecuteOptions;
  readonly #crypto: SessionCrypto;
  readonly #sequence: SequenceTracker;
  readonly #ended = new AbortController();
  // Aborts after every result, whereas `#ended` does not abort after a received one.
  readonly #over = new AbortController();
  readonly #started: number;
  readonly #cleanups: (() => void)[] = [];
  #resolve!: (result: SessionResult) => void;
  #reject!: (failure: unknown) => void;
  /** Why the last connection broke; undefined while connected. */
  #broken: string | undefined;
  #settled = false;
  #named: boolean;
  #toolCalls = 0;
  #stdoutBytes = 0;

  constructor(broker: Broker, settings: Settings, sessionId: string, start: RunStart, options: ExecuteOptions, crypto: SessionCrypto) {
    this.#broker = broker;
    this.#settings = settings;
    this.#options = options;
    this.#crypto = crypto;
    this.sessionId = sessionId;
    // A broker may rename a new session; an existing one keeps its name.
    this.#named = 'fromSeq' in start;
    this.#sequence = new SequenceTracker('fromSeq' in start && start.fromSeq > 0 ? start.fromSeq : undefined);
    this.log = new EventLog({ maxEvents: settings.maxEvents, maxBytes: settings.maxEventBytes });
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // An iterator reports the failure itself.
    this.result.catch(() => {});
    this.#started = settings.clock.now();
    this.#watchCaller(runTimeout(settings, options));
    if (!this.#settled) void this.#follow(start).catch((error: unknown) => this.#failUnasked(error));
  }

  get active(): boolean {
    return !this.#settled;
  }

  get gaps(): SequenceTracker['gaps'] {
    return this.#sequence.gaps;
  }

  /** The session's keys, for resuming it. */
  get cipher(): EnvelopeCipher | undefined {
    return this.#crypto.cipher;
  }

  /** Ends the run at once, then cancels the session at the broker. Never fails. */
  async cancel(reason?: string): Promise<void> {
    if (this.#settled) return;
    this.#fail({ code: 'CANCELLED', message: reason || 'Session cancelled' });
    await this.#stopBroker(reason);
  }

  #watchCaller(timeout: number): void {
    const { signal } = this.#options;
    const abort = (): void => void this.cancel(reasonOf(signal!));
    if (signal?.aborted) {
      // No request was sent yet, so there is nothing to cancel.
      return this.#fail({ code: 'CANCELLED', message: reasonOf(signal) ?? 'Session cancelled' });
    }
    signal?.addEventListener('abort', abort);
    this.#cleanups.push(() => signal?.removeEventListener('abort', abort));
    if (timeout === 0) return;
    this.#cleanups.push(this.#settings.clock.schedule(() => {
      const message = `No result within ${timeout} ms`;
      if (this.#broken === undefined) this.#abandon({ code: 'TIMEOUT', message });
      else this.#abandon({ code: 'NETWORK_ERROR', message: `${message}; the last connection failed: ${this.#broken}` });
    }, timeout));
  }

  async #follow(start: RunStart): Promise<void> {
    const { autoReconnect, maxReconnectAttempts } = this.#settings;
    let open = await this.#firstRequest(start);
    let posting = 'body' in start;
    // True after a reconnect: then a first request for an old position was not the caller's choice.
    let taken = false;
    let failures = 0;
    // How the last established stream ended.
    let loss: Ending | undefined;
    for (;;) {
      // The run may have ended while waiting, or while keys were generated.
      if (this.#settled) return;
      const received = this.#sequence.received;
      const ending = await this.#connect(open);
      if (this.#settled) return;
      if (this.#sequence.received > received) failures = 0;
      if (ending.kind !== 'refused') loss = ending;
      const mayRetry = autoReconnect && failures < maxReconnectAttempts;
      if (ending.kind === 'refused' && posting) {
        // A script never runs twice: only a broker that asks to retry later has certainly not started it.
        const wait = ending.refusal.status === 503 ? ending.refusal.retryAfterMs : undefined;
        if (wait === undefined || !mayRetry) return this.#refuse(ending.refusal);
        failures++;
        await delay(this.#settings.clock, Math.min(wait, longestRetryAfterMs), this.#ended.signal);
        continue;
      }
      // Events that are no longer kept are lost. Read the kept ones; the last event is among them.
      const expired = ending.kind === 'refused' && ending.refusal.status === 410 && ending.refusal.reason === 'EVENTS_EXPIRED' && taken;
      if (!mayRetry || (ending.kind === 'refused' && ending.refusal.status < 500 && !expired)) return this.#lose(loss, ending);
      await delay(this.#settings.clock, backoffDelay(failures++, { initialDelayMs: this.#settings.reconnectDelay }, this.#settings.random), this.#ended.signal);
      posting = false;
      taken = true;
      open = (signal) => this.#broker.stream(this.sessionId, expired ? 0 : this.#nextSeq(), this.#options.filter, signal);
    }
  }

  async #firstRequest(start: RunStart): Promise<(signal: AbortSignal) => Promise<Response>> {
    if ('fromSeq' in start) return (signal) => this.#broker.stream(this.sessionId, start.fromSeq, this.#options.filter, signal);
    const encryption = await this.#crypto.offer();
    const body = { ...start.body, ...(encryption && { encryption }) };
    return (signal) => this.#broker.start(body, signal);
  }

  // Reads one connection to its end. The next one begins after that, so that events of two connections do not mix.
  async #connect(open: (signal: AbortSignal) => Promise<Response>): Promise<Ending> {
    const { clock } = this.#settings;
    const connection = new AbortController();
    const abort = (): void => connection.abort();
    this.#ended.signal.addEventListener('abort', abort);
    if (this.#ended.signal.aborted) abort();
    let silent = false;
    const watchdog = new Watchdog(clock, silenceLimit(this.#settings, this.#options.limits), () => {
      silent = true;
      connection.abort();
    });
    let drained: (() => void) | undefined;
    try {
      watchdog.start();
      const answer = await open(connection.signal);
      this.#broken = undefined;
      if (!answer.ok) return { kind: 'refused', refusal: await readAnswerRefusal(answer) };
      const parser = new NdjsonParser(this.#settings.maxLineBytes);
      const reader = answer.body?.getReader();
      for (;;) {
        const { done, value } = reader ? await reader.read() : { done: true, value: undefined };
        watchdog.touch();
        if (!this.#settled) await this.#takeAll(done ? parser.flush() : parser.push(value!), watchdog);
        if (done) return { kind: 'closed' };
        if (this.#settled && !drained) {
          // To its end, so that the connection can be reused.
          watchdog.stop();
          drained = clock.schedule(abort, drainMs);
        }
      }
    } catch (error) {
      if (this.#settled) return { kind: 'closed' };
      if (error instanceof LineTooLong) this.#abandon({ code: 'PARSE_ERROR', message: error.message });
      else if (error instanceof EnclaveClientError) this.#abandon({ code: error.code, message: error.message });
      else if (error instanceof HandlerFailure) this.#throw(error.cause);
      this.#broken = silent ? 'the connection was silent for too long' : messageOf(error);
      return { kind: 'broken', message: this.#broken };
    } finally {
      watchdog.stop();
      drained?.();
      this.#ended.signal.removeEventListener('abort', abort);
      connection.abort();
    }
  }

  async #takeAll(lines: Iterable<ParsedLine>, watchdog: Watchdog): Promise<void> {
    for (const line of lines) {
      await this.#take(line);
      if (this.#settled) return;
      const room = this.log.room();
      if (!room) continue;
      // A slow reader holds the stream back; the broker is not silent.
      watchdog.stop();
      await room;
      watchdog.start();
      if (this.#settled) return;
    }
  }

  async #take(line: ParsedLine): Promise<void> {
    if ('invalid' in line) return this.#tell(() => this.#options.onInvalidLine?.(line.invalid));
    const identity = identityOf(line.event);
    if (this.#sequence.knows(line.event.seq, identity)) return;
    let event: StreamEvent;
    try {
      event = await this.#crypto.open(line.event);
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      const content = JSON.stringify(line.event).slice(0, 100);
      return this.#tell(() => this.#options.onInvalidLine?.({ line: line.event.seq, error: error.message, content }));
    }
    // The run may have ended during decryption.
    if (this.#settled) return;
    this.#sequence.receive(event.seq, identity);
    if (!this.#named) this.sessionId = event.sessionId;
    this.#named = true;
    // A stream belongs to one session, whatever name the runtime behind a broker uses.
    this.#accept({ ...event, sessionId: this.sessionId }, line.bytes);
  }

  #accept(event: StreamEvent, bytes: number): void {
    this.log.push(event, bytes);
    if (event.type === 'tool_call') this.#toolCalls++;
    if (event.type === 'stdout') this.#stdoutBytes += new TextEncoder().encode(event.payload.chunk).length;
    this.#tell(() => dispatch(this.#options, event));
    if (event.type === 'tool_call') this.#answer(event.payload);
    if (event.type === 'final') this.#finish(event);
  }

  // Not awaited: further events of the run arrive meanwhile.
  #answer({ callId, toolName, args }: { readonly callId: string; readonly toolName: string; readonly args: unknown }): void {
    const call = { sessionId: this.sessionId, callId, toolName, signal: this.#over.signal };
    answerCall(this.#options.tools, this.#broker, this.sessionId, call, args)?.catch((error: unknown) => {
      if (this.#settled) return;
      try {
        this.#options.onError?.(
          error instanceof EnclaveClientError ? error.code : 'UNKNOWN', `the answer of ${toolName} did not reach the broker: ${messageOf(error)}`);
      } catch (failure) {
        this.#throw(failure);
      }
    });
  }

  #tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      throw new HandlerFailure(error);
    }
  }

  #nextSeq(): number {
    return (this.#sequence.last ?? -1) + 1;
  }

  #finish(event: FinalEvent): void {
    if (this.#settled) return;
    const { ok, result, error, errors, stats } = event.payload;
    const outcome = { ...this.#outcome(), ...(errors && errors.length > 0 && { errors }), ...(stats && { brokerStats: stats }) };
    if (ok) this.#settle({ success: true, ...outcome, value: result });
    else this.#settle({ success: false, ...outcome, error: error ?? { message: 'Unknown error' } });
    this.log.end();
  }

  #refuse(refusal: Refusal): void {
    const { body, ...info } = refusal;
    this.#fail({ code: 'SESSION_ERROR', message: `Failed to start session: ${refusal.status}${body && ` - ${body}`}`, ...info });
  }

  #lose(loss: Ending | undefined, last: Ending): void {
    if (this.#crypto.unopened) this.#fail({ code: 'ENCRYPTION_HANDSHAKE_FAILED', message: 'The session is encrypted, and this client has no keys for it' });
    else if (loss?.kind === 'closed') this.#fail({ code: 'PARSE_ERROR', message: 'The stream ended without a final event' });
    else if (last.kind === 'refused') {
      const { body: _, ...info } = last.refusal;
      this.#fail({ code: 'RECONNECT_FAILED', message: `Reconnection failed: ${info.status}`, ...info });
    } else if (last.kind === 'broken') this.#fail({ code: 'NETWORK_ERROR', message: last.message });
  }

  // Ends a run, and cancels its session so that it does not continue.
  #abandon(failure: SessionFailure): void {
    this.#fail(failure);
    void this.#stopBroker(failure.message);
  }

  #fail(failure: SessionFailure): void {
    if (this.#settled) return;
    this.#settle({ success: false, ...this.#outcome(), error: failure });
    this.log.end(new EnclaveClientError(failure.code ?? 'SESSION_ERROR', failure.message, { refusal: failure }));
    this.#ended.abort();
  }

  // No request was sent: the keys for it could not be generated.
  #failUnasked(error: unknown): void {
    if (error instanceof EnclaveClientError) this.#fail({ code: error.code, message: error.message });
    else this.#throw(error);
  }

  #throw(failure: unknown): void {
    if (this.#settled) return;
    this.#cleanUp();
    this.#reject(failure);
    this.log.end(failure);
    this.#ended.abort();
    void this.#stopBroker('a handler failed');
  }

  #settle(result: SessionResult): void {
    this.#cleanUp();
    this.#resolve(result);
  }

  #cleanUp(): void {
    this.#settled = true;
    this.#over.abort();
    for (const cleanup of this.#cleanups.splice(0)) cleanup();
  }

  async #stopBroker(reason: string | undefined): Promise<void> {
    // A failure cannot be reported any more; the broker ends a session without a reader by itself.
    await this.#broker.cancel(this.sessionId, reason).catch(() => {});
  }

  #outcome(): Pick<SessionResult, 'sessionId' | 'events' | 'droppedEvents' | 'stats'> {
    return {
      sessionId: this.sessionId,
      events: this.log.snapshot(),
      droppedEvents: this.log.dropped,
      stats: { durationMs: this.#settings.clock.now() - this.#started, toolCallCount: this.#toolCalls, stdoutBytes: this.#stdoutBytes },
    };
  }
}

// Distinguishes exceptions of handlers from connection failures.
class HandlerFailure extends Error {
  constructor(override readonly cause: unknown) {
    super();
  }
}

// Returns only reasons that the caller gave, and not the default of `abort()`.
function reasonOf(signal: AbortSignal): string | undefined {
  const reason: unknown = signal.reason;
  if (typeof reason === 'string') return reason || undefined;
  return reason instanceof Error && reason.name !== 'AbortError' ? reason.message : undefined;
}
