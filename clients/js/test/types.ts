// Compiled, never run: the types that the package promises.
import { EnclaveClient, EnclaveClientError, type ClientErrorCode, type EnclaveClientConfig, type SessionResult, type StreamEvent } from 'enclave-client';
import { EnclaveProvider, useEnclaveSession } from 'enclave-client/react';

const config: EnclaveClientConfig = { baseUrl: 'https://example.org', headers: { Authorization: 'Bearer t' }, encryption: 'optional' };
const client = new EnclaveClient(config);

export function sentenceOf(event: StreamEvent): string {
  switch (event.type) {
    case 'session_init': return event.payload.expiresAt;
    case 'stdout': return event.payload.chunk;
    case 'log': return `${event.payload.level}: ${event.payload.message}`;
    case 'tool_call': return `${event.payload.callId} ${event.payload.toolName}`;
    case 'tool_progress': return `${event.payload.phase} ${event.payload.elapsedMs}`;
    case 'tool_result_applied': return event.payload.callId;
    case 'partial_result': return event.payload.path.join('.');
    case 'heartbeat': return event.payload.ts ?? '';
    case 'error': return event.payload.message;
    case 'deadline_exceeded': return `${event.payload.elapsedMs} of ${event.payload.budgetMs}`;
    case 'catalog_changed': return event.payload.addedActions.join();
    case 'enc': return event.payload.kid;
    case 'final': return event.payload.error?.message ?? '';
    default: return event satisfies never;
  }
}

export async function run(): Promise<unknown> {
  const result: SessionResult = await client.execute(
    'return 1', { limits: { sessionTtlMs: 1000 }, onToolCall: (callId, toolName, args) => void [callId, toolName, args] });
  // @ts-expect-error a failed run has an error, and a result must be looked at before it is used
  result.error.message;
  if (result.success) return result.value;
  const code: ClientErrorCode = 'PARSE_ERROR';
  if (result.error.code === code) throw new EnclaveClientError(code, result.error.message);
  for await (const event of client.resume(result.sessionId, 3)) if (event.type === 'stdout') return event.payload.chunk;
  // @ts-expect-error there is no such event
  for (const event of result.events) if (event.type === 'stdin') return event;
  await client.submitToolResult('s_1', { callId: 'c_1', error: { message: 'm' } });
  // @ts-expect-error an answer is a result or an error
  await client.submitToolResult('s_1', { callId: 'c_1', result: 1, error: { message: 'm' } });
  return undefined;
}

export function App(): unknown {
  const { state, stdout, execute, cancel } = useEnclaveSession({ timeoutMs: 1000, onComplete: (result) => void result.stats.durationMs });
  if (state === 'running') void cancel('why');
  // @ts-expect-error there is no such state
  if (state === 'pending') void execute('');
  // @ts-expect-error a provider needs a client or settings
  EnclaveProvider({});
  return EnclaveProvider({ client, children: stdout });
}
