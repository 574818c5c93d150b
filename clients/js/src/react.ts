import { createContext, createElement, useCallback, useContext, useInsertionEffect, useReducer, useRef, type ReactElement, type ReactNode } from 'react';
import { EnclaveClient, type SessionHandle } from './client.js';
import { messageOf } from './errors.js';
import type { LogLevel, StreamEvent } from './events.js';
import type { EnclaveClientConfig, SessionLimits } from './options.js';
import type { SessionResult } from './result.js';
import { idle, sessionReducer, type HookError, type SessionView } from './sessionView.js';

export type { HookError, SessionState, SessionView } from './sessionView.js';

const EnclaveContext = createContext<EnclaveClient | null>(null);

/** Props of the provider: an existing client, or the settings of one. */
export type EnclaveProviderProps =
  | { readonly client: EnclaveClient; readonly config?: EnclaveClientConfig | undefined; readonly children?: ReactNode }
  | { readonly client?: undefined; readonly config: EnclaveClientConfig; readonly children?: ReactNode };

/** Provides a client for the hooks below it. A client for `config` is created once; later values of `config` do not change it. */
export function EnclaveProvider({ client, config, children }: EnclaveProviderProps): ReactElement {
  const own = useRef<EnclaveClient | null>(null);
  const value = client ?? (own.current ??= new EnclaveClient(config!));
  return createElement(EnclaveContext.Provider, { value }, children);
}

/** The client of the nearest {@link EnclaveProvider}. */
export function useEnclaveClient(): EnclaveClient {
  const client = useContext(EnclaveContext);
  if (!client) throw new Error('This component needs an <EnclaveProvider> above it');
  return client;
}

/** Options of {@link useEnclaveSession}. Those of the latest render apply. */
export interface UseEnclaveSessionOptions {
  /** The session's id for every run. Default: a new id for each. */
  readonly sessionId?: string | undefined;
  /** Longest lifetime of a session, in milliseconds. Range: above 0. Default: the broker's. */
  readonly timeoutMs?: number | undefined;
  /** Range: above 0. Default: the broker's. */
  readonly maxToolCalls?: number | undefined;
  /** Milliseconds. Range: above 0. Default: the broker's. */
  readonly heartbeatIntervalMs?: number | undefined;
  readonly onStart?: (() => void) | undefined;
  readonly onStdout?: ((chunk: string) => void) | undefined;
  readonly onLog?: ((level: LogLevel, message: string, data?: Readonly<Record<string, unknown>>) => void) | undefined;
  readonly onToolCall?: ((callId: string, toolName: string, args: unknown) => void) | undefined;
  readonly onToolResultApplied?: ((callId: string) => void) | undefined;
  /** The run has a result, successful or not. */
  readonly onComplete?: ((result: SessionResult) => void) | undefined;
  /** The run failed, or a failure occurred during the run. */
  readonly onError?: ((error: HookError) => void) | undefined;
}

/** The result of {@link useEnclaveSession}. */
export interface UseEnclaveSessionResult extends SessionView {
  /** Runs a script. Resolves with its result in every case. The state then shows this run, also if another one is still running. */
  readonly execute: (code: string) => Promise<SessionResult>;
  /** Cancels the run in progress. */
  readonly cancel: (reason?: string) => Promise<void>;
  readonly isRunning: boolean;
  /** Clears the state. A run in progress continues, and its end is shown. */
  readonly reset: () => void;
}

/**
 * Runs scripts and shows their progress.
 * @throws Error that names `EnclaveProvider` if there is none above.
 */
export function useEnclaveSession(options: UseEnclaveSessionOptions = {}): UseEnclaveSessionResult {
  const client = useEnclaveClient();
  const [view, dispatch] = useReducer(sessionReducer, idle);
  const latest = useRef(options);
  // Not while rendering: a render that React discards must not leave its options behind.
  useInsertionEffect(() => {
    latest.current = options;
  });
  const current = useRef<SessionHandle | null>(null);
  const runs = useRef(0);

  const execute = useCallback(async (code: string): Promise<SessionResult> => {
    const run = ++runs.current;
    let handle: SessionHandle | undefined;
    let result: SessionResult;
    dispatch({ type: 'start', run });
    try {
      latest.current.onStart?.();
      handle = client.executeStream(code, {
        sessionId: latest.current.sessionId,
        limits: limitsOf(latest.current),
        onEvent: (event: StreamEvent) => dispatch({ type: 'event', run, event }),
        onStdout: (chunk) => latest.current.onStdout?.(chunk),
        onLog: (level, message, data) => latest.current.onLog?.(level, message, data),
        onToolCall: (callId, toolName, args) => latest.current.onToolCall?.(callId, toolName, args),
        onToolResultApplied: (callId) => latest.current.onToolResultApplied?.(callId),
        onError: (code, message) => latest.current.onError?.({ code, message }),
      });
      current.current = handle;
      dispatch({ type: 'named', run, sessionId: handle.sessionId });
      result = await handle.wait();
    } catch (failure) {
      result = unexpected(failure, handle);
    }
    if (current.current === handle) current.current = null;
    dispatch({ type: 'end', run, result });
    try {
      if (!result.success && result.error.code !== 'CANCELLED') latest.current.onError?.(result.error);
      latest.current.onComplete?.(result);
    } catch (failure) {
      result = unexpected(failure, handle);
      dispatch({ type: 'end', run, result });
    }
    return result;
  }, [client]);

  const cancel = useCallback(async (reason?: string): Promise<void> => current.current?.cancel(reason), []);
  const reset = useCallback((): void => dispatch({ type: 'reset' }), []);
  const { run: _, ...shown } = view;
  return { ...shown, isRunning: view.state === 'running', execute, cancel, reset };
}

function limitsOf({ timeoutMs, maxToolCalls, heartbeatIntervalMs }: UseEnclaveSessionOptions): SessionLimits | undefined {
  if (timeoutMs === undefined && maxToolCalls === undefined && heartbeatIntervalMs === undefined) return undefined;
  return { sessionTtlMs: timeoutMs, maxToolCalls, heartbeatIntervalMs };
}

function unexpected(failure: unknown, handle: SessionHandle | undefined): SessionResult {
  const events = handle?.getEvents() ?? [];
  return {
    success: false,
    sessionId: handle?.sessionId ?? '',
    error: { code: 'UNEXPECTED_ERROR', message: messageOf(failure) },
    events,
    droppedEvents: 0,
    stats: { durationMs: 0, toolCallCount: 0, stdoutBytes: 0 },
  };
}
