import type { RefusalInfo } from './errors.js';
import type { ErrorPayload, FinalStats, StreamEvent } from './events.js';

/** Why a run failed. */
export interface SessionFailure extends RefusalInfo {
  /** A code of this client or of the broker; missing if the broker sends none. */
  readonly code?: string;
  readonly message: string;
  /** The stack in the script. */
  readonly stack?: string;
}

/** Statistics of a run, as counted by this client. */
export interface SessionStats {
  /** Time from the call to the result, in milliseconds. */
  readonly durationMs: number;
  readonly toolCallCount: number;
  /** Bytes of UTF-8 that the script wrote. */
  readonly stdoutBytes: number;
}

interface SessionOutcome {
  /** The session's id at the broker. */
  readonly sessionId: string;
  /** The newest events; see `maxEvents` and `maxEventBytes` of the client. */
  readonly events: readonly StreamEvent[];
  /** Number of events that are no longer in `events`. */
  readonly droppedEvents: number;
  readonly stats: SessionStats;
  /** The statistics as counted by the broker, if it sends them. */
  readonly brokerStats?: FinalStats;
  /** Failures during the run, also of a successful one, and details of `error`. */
  readonly errors?: readonly ErrorPayload[];
}

/** A run whose script ended without a failure. */
export interface SessionSuccess extends SessionOutcome {
  readonly success: true;
  /** The returned value; undefined if the script returned nothing. */
  readonly value: unknown;
  readonly error?: undefined;
}

/** A run that failed, was refused, was cancelled or was lost. */
export interface SessionFailed extends SessionOutcome {
  readonly success: false;
  readonly value?: undefined;
  readonly error: SessionFailure;
}

/** The result of a run. Distinguish the two by `success`. */
export type SessionResult = SessionSuccess | SessionFailed;
