import type { ErrorPayload, LogLevel, SessionInitEvent, StreamEvent, ToolPhase } from './events.js';
import type { InvalidLine } from './ndjson.js';

/**
 * Handlers for the events of a run. Each event is reported once and in order, also after a broken connection.
 * If a handler throws, the session is cancelled, and the call rejects with the exception.
 */
export interface SessionHandlers {
  /** Every event, before the handler of its own type. */
  readonly onEvent?: ((event: StreamEvent) => void) | undefined;
  readonly onSessionInit?: ((event: SessionInitEvent) => void) | undefined;
  readonly onStdout?: ((chunk: string) => void) | undefined;
  readonly onLog?: ((level: LogLevel, message: string, data?: Readonly<Record<string, unknown>>) => void) | undefined;
  readonly onToolCall?: ((callId: string, toolName: string, args: unknown) => void) | undefined;
  /** The script has received the result or failure of a call. */
  readonly onToolResultApplied?: ((callId: string) => void) | undefined;
  readonly onToolProgress?: ((callId: string, phase: ToolPhase, elapsedMs: number) => void) | undefined;
  readonly onPartialResult?: ((path: readonly string[], data: unknown, error: ErrorPayload | undefined, hasNext: boolean) => void) | undefined;
  readonly onHeartbeat?: (() => void) | undefined;
  /** A failure after which the run goes on. The code is `UNKNOWN` if the broker sends none. */
  readonly onError?: ((code: string, message: string) => void) | undefined;
  readonly onDeadlineExceeded?: ((elapsedMs: number, budgetMs: number) => void) | undefined;
  readonly onCatalogChanged?: ((version: string, added: readonly string[], removed: readonly string[]) => void) | undefined;
  /** A line of the stream was not an event, and is skipped. */
  readonly onInvalidLine?: ((line: InvalidLine) => void) | undefined;
}

/** Calls the handlers of one event. */
export function dispatch(handlers: SessionHandlers, event: StreamEvent): void {
  handlers.onEvent?.(event);
  switch (event.type) {
    case 'session_init': return handlers.onSessionInit?.(event);
    case 'stdout': return handlers.onStdout?.(event.payload.chunk);
    case 'log': return handlers.onLog?.(event.payload.level, event.payload.message, event.payload.data);
    case 'tool_call': return handlers.onToolCall?.(event.payload.callId, event.payload.toolName, event.payload.args);
    case 'tool_result_applied': return handlers.onToolResultApplied?.(event.payload.callId);
    case 'tool_progress': return handlers.onToolProgress?.(event.payload.callId, event.payload.phase, event.payload.elapsedMs);
    case 'partial_result': return handlers.onPartialResult?.(event.payload.path, event.payload.data, event.payload.error, event.payload.hasNext);
    case 'heartbeat': return handlers.onHeartbeat?.();
    case 'error': return handlers.onError?.(event.payload.code ?? 'UNKNOWN', event.payload.message);
    case 'deadline_exceeded': return handlers.onDeadlineExceeded?.(event.payload.elapsedMs, event.payload.budgetMs);
    case 'catalog_changed': return handlers.onCatalogChanged?.(event.payload.version, event.payload.addedActions, event.payload.removedActions);
    case 'final':
    case 'enc': return;
  }
}
