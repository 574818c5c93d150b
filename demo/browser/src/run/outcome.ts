import type { SessionFailure, SessionResult } from 'enclave-client';
import { oneName } from '../page/codeName.js';
import { parseJson } from '../page/boundedText.js';
import { duration } from '../page/format.js';

/** The kinds of ends of a run, which the page shows differently. */
export type OutcomeKind = 'completed' | 'failed' | 'stopped' | 'refused' | 'cancelled' | 'lost';

/** The end of a run. */
export interface Outcome {
  readonly kind: OutcomeKind;
  readonly title: string;
  readonly code?: string;
  readonly message?: string;
  /** The issues of a refused script; then the message contains nothing else. */
  readonly issues?: readonly Issue[];
  /** The stack in the script, from the broker. */
  readonly stack?: string;
  /** The affected line of the script, from 1. */
  readonly line?: number;
  /** An explanation, and what to do. */
  readonly advice?: string;
}

/** One issue of a refused script. */
export interface Issue {
  readonly code: string;
  readonly line: number;
  readonly text: string;
}

/** The meaning of a code, in addition to its message. */
interface Meaning {
  readonly kind: OutcomeKind;
  readonly title: string;
  readonly advice?: string;
}

const limit = 'Stopped by a limit';
const meanings: Readonly<Record<string, Meaning>> = {
  VALIDATION_ERROR: { kind: 'refused', title: 'Refused before it ran', advice: 'The script was not executed. Each issue says what to write instead.' },
  SCORING_BLOCKED: { kind: 'refused', title: 'Refused before it ran', advice: 'The script was not executed.' },
  ISOLATION_UNAVAILABLE: { kind: 'refused', title: 'No worker could be isolated' },
  LIBRARY_FAILED: { kind: 'refused', title: 'A library of the host does not work', advice: 'No script can run until the operator has fixed it.' },
  TIMEOUT: { kind: 'stopped', title: limit },
  DEADLINE_EXCEEDED: { kind: 'stopped', title: 'Its deadline passed' },
  MAX_ITERATIONS: { kind: 'stopped', title: limit },
  MAX_TOOL_CALLS: { kind: 'stopped', title: limit },
  MEMORY_LIMIT_EXCEEDED: { kind: 'stopped', title: limit, advice: 'The worker that ran it is not used again; other scripts are in other processes.' },
  OUTPUT_LIMIT: { kind: 'stopped', title: limit },
  MESSAGE_FLOOD: { kind: 'stopped', title: limit },
  SHARE_FULL: { kind: 'refused', title: 'Too many runs at once', advice: 'Run it again when others of yours have ended.' },
  WORKER_UNAVAILABLE: { kind: 'refused', title: 'The host cannot start workers', advice: 'Run it again later.' },
  QUEUE_FULL: { kind: 'refused', title: 'No room in the queue', advice: 'Run it again when fewer sessions are waiting.' },
  QUEUE_TIMEOUT: { kind: 'refused', title: 'No worker became free' },
  RUNTIME_ERROR: { kind: 'failed', title: 'The script failed' },
  TOOL_ERROR: { kind: 'failed', title: 'The script failed', advice: 'A tool failed, and the script did not catch the error.' },
  WORKER_CRASHED: { kind: 'failed', title: 'Its worker crashed' },
  PROTOCOL_VIOLATION: { kind: 'failed', title: 'Its worker broke the protocol and was killed' },
  CANCELLED: { kind: 'cancelled', title: 'Cancelled' },
  RUNTIME_LOST: { kind: 'lost', title: 'The runtime was lost', advice: 'The script is not repeated automatically. Run it again on another runtime.' },
  RUNTIME_UNAVAILABLE: { kind: 'lost', title: 'No runtime took it', advice: 'The script was not executed. Start a runtime, then run it again.' },
  NETWORK_ERROR: { kind: 'lost',
    title: 'The broker cannot be reached', advice: 'It is unknown whether the script continued. Run it again when the broker is back.' },
  RECONNECT_FAILED: { kind: 'lost', title: 'The connection broke and could not be restored' },
  PARSE_ERROR: { kind: 'lost', title: 'The stream ended too early' },
  SESSION_ERROR: { kind: 'refused', title: 'The broker refused the session' },
};

const unknown: Meaning = { kind: 'failed', title: 'The run failed' };
const encryption: Meaning = { kind: 'lost', title: 'Encryption failed', advice: 'Browsers support it only over HTTPS and on this machine’s own addresses.' };

/** Describes a result. */
export function outcomeOf(result: SessionResult, durationMs: number): Outcome {
  if (result.success) return { kind: 'completed', title: `Completed in ${duration(durationMs)}` };
  const { error } = result;
  const { kind, title, advice } = meaningOf(error.code);
  const { code, message } = wordsOf(error);
  // The tool's own code of its failure.
  const inner = error.code === 'TOOL_ERROR' ? result.errors?.[0]?.code : undefined;
  const line = lineOf(error);
  const issues = error.code === 'VALIDATION_ERROR' ? issuesOf(message) : undefined;
  return {
    kind,
    title: kind === 'refused' || kind === 'lost' ? title : `${title} after ${duration(durationMs)}`,
    ...(code !== undefined && { code: inner === undefined ? code : `${code} (${inner})` }),
    message,
    ...(issues && { issues }),
    ...(error.stack !== undefined && error.stack !== '' && { stack: error.stack }),
    ...(line !== undefined && { line }),
    ...(advice !== undefined && { advice }),
  };
}

/** The affected lines of the script, each once. */
export function linesOf(outcome: Outcome): readonly number[] {
  const lines = outcome.issues?.map((issue) => issue.line) ?? (outcome.line === undefined ? [] : [outcome.line]);
  return [...new Set(lines)];
}

function meaningOf(code: string | undefined): Meaning {
  if (code === undefined) return unknown;
  const name = oneName(code);
  if (Object.hasOwn(meanings, name)) return meanings[name]!;
  return code.startsWith('ENCRYPTION_') ? encryption : unknown;
}

// A refusal ends with the broker's JSON; readers want the broker's own message.
function wordsOf(error: SessionFailure): { readonly code: string | undefined; readonly message: string } {
  if (error.code !== 'SESSION_ERROR') return { code: error.code === undefined ? undefined : oneName(error.code), message: error.message };
  const body = parseJson(error.message.slice(error.message.indexOf(' - ') + 3));
  const told = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['message'] : undefined;
  const status = error.status === undefined ? '' : `HTTP ${error.status}`;
  return {
    code: [error.reason ?? error.code, status].filter((part) => part !== '').join(', '),
    message: typeof told === 'string' ? told : error.message,
  };
}

// Parses `the script was refused: CODE (line 2): words; CODE (line 3): words: docs/errors/…`. A message of another form is shown unchanged.
function issuesOf(message: string): readonly Issue[] | undefined {
  const body = /^the script was refused: ([^]{1,20000}?)(?:: docs\/errors\/\w+\.md)?$/.exec(message)?.[1];
  const issues = body?.split(/; (?=[A-Z][A-Z0-9_]* \(line \d{1,6}\): )/).map((part) => /^([A-Z][A-Z0-9_]*) \(line (\d{1,6})\): ([^]+)$/.exec(part));
  if (!issues || issues.some((found) => found === null)) return undefined;
  return issues.flatMap((found) => (found ? [{ code: found[1]!, line: Number(found[2]), text: found[3]! }] : []));
}

/** The affected line: the first one in the stack, or else in the message. */
export function lineOf(error: Pick<SessionFailure, 'stack' | 'message'>): number | undefined {
  const found = /:(\d{1,6}):\d{1,6}\)?$/m.exec(error.stack?.slice(0, 2_000) ?? '') ?? /\(?\b(?:in )?line (\d{1,6})\b/.exec(error.message.slice(0, 2_000));
  const line = found ? Number(found[1]) : 0;
  return line > 0 ? line : undefined;
}
