import type { StreamEvent } from './events.js';
import type { SessionFailure, SessionResult } from './result.js';

/** How a hook's run is going. */
export type SessionState = 'idle' | 'running' | 'completed' | 'cancelled' | 'error';

/** A failure as a hook shows it. */
export type HookError = SessionFailure;

/** What a component can show of a run. */
export interface SessionView {
  readonly state: SessionState;
  readonly sessionId: string | null;
  /** The result; null until there is one. */
  readonly result: SessionResult | null;
  /** Why the run failed; null also for a run that was cancelled. */
  readonly error: HookError | null;
  /** What the script wrote: the last million characters. */
  readonly stdout: string;
  /** The newest thousand events. */
  readonly events: readonly StreamEvent[];
}

/** What changes a view. Everything but `reset` belongs to a run, the newest of which has the view. */
export type SessionAction =
  | { readonly type: 'start'; readonly run: number }
  | { readonly type: 'named'; readonly run: number; readonly sessionId: string }
  | { readonly type: 'event'; readonly run: number; readonly event: StreamEvent }
  | { readonly type: 'end'; readonly run: number; readonly result: SessionResult }
  | { readonly type: 'reset' };

interface OwnedView extends SessionView {
  readonly run: number;
}

// What a page shows must not grow for as long as a script talks.
const maxEvents = 1_000;
const maxStdoutLength = 1_000_000;

const empty: SessionView = { state: 'idle', sessionId: null, result: null, error: null, stdout: '', events: [] };

/** Before the first run. */
export const idle: OwnedView = { ...empty, run: 0 };

/** The view after an action. */
export function sessionReducer(view: OwnedView, action: SessionAction): OwnedView {
  if (action.type === 'reset') return { ...empty, run: view.run };
  if (action.type === 'start') return { ...empty, state: 'running', sessionId: view.sessionId, run: action.run };
  if (action.run !== view.run) return view;
  switch (action.type) {
    case 'named': return { ...view, sessionId: action.sessionId };
    case 'event': return { ...view, events: [...view.events, action.event].slice(-maxEvents), stdout: grow(view.stdout, action.event) };
    case 'end': return { ...view, sessionId: action.result.sessionId || view.sessionId, ...ended(action.result) };
  }
}

function ended(result: SessionResult): Pick<SessionView, 'state' | 'result' | 'error'> {
  if (result.success) return { state: 'completed', result, error: null };
  return result.error.code === 'CANCELLED' ? { state: 'cancelled', result, error: null } : { state: 'error', result, error: result.error };
}

function grow(stdout: string, event: StreamEvent): string {
  return event.type === 'stdout' ? (stdout + event.payload.chunk).slice(-maxStdoutLength) : stdout;
}
