import type { RefusalInfo } from './errors.js';
import type { ErrorPayload, FinalStats, StreamEvent } from './events.js';

/** Why a run has no value. */
export interface SessionFailure extends RefusalInfo {
  /** A code of this client, or of the broker; brokers may give none. */
  readonly code?: string;
  readonly message: string;
  /** Where in the script. */
  readonly stack?: string;
}

/** What a run took, by this client's count. */
export interface SessionStats {
  /** From the call to the result, in milliseconds. */
  readonly durationMs: number;
  readonly toolCallCount: number;
  /** Bytes of UTF-8 that the script wrote. */
  readonly stdoutBytes: number;
}

interface SessionOutcome {
  /** The session, as the broker calls it. */
  readonly sessionId: string;
  /** The newest events; see `maxEvents` and `maxEventBytes` of the client. */
  readonly events: readonly StreamEvent[];
  /** Events that are not among `events` any more. */
  readonly droppedEvents: number;
  readonly stats: SessionStats;
  /** The same by the broker's count, when it says so. */
  readonly brokerStats?: FinalStats;
  /** Failures on the way, also of a run that succeeded, and what is known of `error` beside its words. */
  readonly errors?: readonly ErrorPayload[];
}

/** A run whose script ended without a failure. */
export interface SessionSuccess extends SessionOutcome {
  readonly success: true;
  /** What the script returned; undefined when it returned nothing. */
  readonly value: unknown;
  readonly error?: undefined;
}

/** A run that failed, was refused, was cancelled or got lost. */
export interface SessionFailed extends SessionOutcome {
  readonly success: false;
  readonly value?: undefined;
  readonly error: SessionFailure;
}

/** How a run ended. Tell the two apart by `success`. */
export type SessionResult = SessionSuccess | SessionFailed;
