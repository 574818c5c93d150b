import type { StreamEvent } from './events.js';
import type { SessionFailure, SessionResult } from './result.js';

/** The state of a hook's run. */
export type SessionState = 'idle' | 'running' | 'completed' | 'cancelled' | 'error';

/** A failure as a hook shows it. */
export type HookError = SessionFailure;

/** The state of a run for a component. */
export interface SessionView {
  readonly state: SessionState;
  readonly sessionId: string | null;
  /** The result; null until there is one. */
  readonly result: SessionResult | null;
  /** Why the run failed; null also for a cancelled run. */
  readonly error: HookError | null;
  /** The script's console output: the last million characters. */
  readonly stdout: string;
  /** The newest thousand events. */
  readonly events: readonly StreamEvent[];
}

/** The actions that change a view. All except `reset` belong to a run; the view shows the newest run. */
export type SessionAction =
  | { readonly type: 'start'; readonly run: number }
  | { readonly type: 'named'; readonly run: number; readonly sessionId: string }
  | { readonly type: 'event'; readonly run: number; readonly event: StreamEvent }
  | { readonly type: 'end'; readonly run: number; readonly result: SessionResult }
  | { readonly type: 'reset' };

interface OwnedView extends SessionView {
  readonly run: number;
}

// Limits, because a script may print without end.
const maxEvents = 1_000;
const maxStdoutLength = 1_000_000;

const empty: SessionView = { state: 'idle', sessionId: null, result: null, error: null, stdout: '', events: [] };

/** Before the first run. */
export const idle: OwnedView = { ...empty, run: 0 };

/** Returns the view after an action. */
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
