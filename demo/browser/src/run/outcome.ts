import type { SessionFailure, SessionResult } from 'enclave-client';
import { oneName } from '../page/codeName.js';
import { parseJson } from '../page/boundedText.js';
import { duration } from '../page/format.js';

/** How a run ended, in kinds that the page shows differently. */
export type OutcomeKind = 'completed' | 'failed' | 'stopped' | 'refused' | 'cancelled' | 'lost';

/** What is told of the end of a run. */
export interface Outcome {
  readonly kind: OutcomeKind;
  readonly title: string;
  readonly code?: string;
  readonly message?: string;
  /** What stands against a script that was refused, one by one; then the message says nothing else. */
  readonly issues?: readonly Issue[];
  /** Where in the script, as the broker tells it. */
  readonly stack?: string;
  /** The line of the script that it is about, from 1. */
  readonly line?: number;
  /** What it means, and what can be done. */
  readonly advice?: string;
}

/** One thing that stands against a script. */
export interface Issue {
  readonly code: string;
  readonly line: number;
  readonly text: string;
}

/** What a code means beside its own message. */
interface Meaning {
  readonly kind: OutcomeKind;
  readonly title: string;
  readonly advice?: string;
}

const limit = 'A limit ended it';
const meanings: Readonly<Record<string, Meaning>> = {
  VALIDATION_ERROR: { kind: 'refused', title: 'Refused before it ran', advice: 'Nothing of the script was executed. Each issue says what to write instead.' },
  SCORING_BLOCKED: { kind: 'refused', title: 'Refused before it ran', advice: 'Nothing of the script was executed.' },
  ISOLATION_UNAVAILABLE: { kind: 'refused', title: 'No worker could be isolated' },
  LIBRARY_FAILED: { kind: 'refused', title: 'A library of the host does not work', advice: 'No script can run until its operator has mended that.' },
  TIMEOUT: { kind: 'stopped', title: limit },
  DEADLINE_EXCEEDED: { kind: 'stopped', title: 'Its deadline passed' },
  MAX_ITERATIONS: { kind: 'stopped', title: limit },
  MAX_TOOL_CALLS: { kind: 'stopped', title: limit },
  MEMORY_LIMIT_EXCEEDED: { kind: 'stopped', title: limit, advice: 'The worker that ran it is not used again; other scripts are in other processes.' },
  OUTPUT_LIMIT: { kind: 'stopped', title: limit },
  MESSAGE_FLOOD: { kind: 'stopped', title: limit },
  QUEUE_FULL: { kind: 'refused', title: 'No room in the queue', advice: 'Run it again when fewer sessions wait.' },
  QUEUE_TIMEOUT: { kind: 'refused', title: 'No worker came free' },
  RUNTIME_ERROR: { kind: 'failed', title: 'The script failed' },
  TOOL_ERROR: { kind: 'failed', title: 'The script failed', advice: 'A tool failed, and the script did not catch that.' },
  WORKER_CRASHED: { kind: 'failed', title: 'Its worker crashed' },
  PROTOCOL_VIOLATION: { kind: 'failed', title: 'Its worker broke the protocol and was killed' },
  CANCELLED: { kind: 'cancelled', title: 'Cancelled' },
  RUNTIME_LOST: { kind: 'lost', title: 'The runtime was lost', advice: 'It is not run again by itself. Run it again, and another runtime takes it.' },
  RUNTIME_UNAVAILABLE: { kind: 'lost', title: 'No runtime took it', advice: 'Nothing of the script was executed. Start a runtime, then run it again.' },
  NETWORK_ERROR: { kind: 'lost', title: 'The broker cannot be reached', advice: 'Whether the script ran on is not known here. Run it again when the broker is back.' },
  RECONNECT_FAILED: { kind: 'lost', title: 'The connection broke and did not come back' },
  PARSE_ERROR: { kind: 'lost', title: 'The stream ended too early' },
  SESSION_ERROR: { kind: 'refused', title: 'The broker refused the session' },
};

const unknown: Meaning = { kind: 'failed', title: 'The run failed' };
const encryption: Meaning = { kind: 'lost', title: 'Encryption failed', advice: 'Browsers have the keys for it only on HTTPS and on this machine’s own addresses.' };

/** What a result says. */
export function outcomeOf(result: SessionResult, durationMs: number): Outcome {
  if (result.success) return { kind: 'completed', title: `Completed in ${duration(durationMs)}` };
  const { error } = result;
  const { kind, title, advice } = meaningOf(error.code);
  const { code, message } = wordsOf(error);
  // What the tool itself called its failure.
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

/** The lines of the script that it is about, each once. */
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

// A refusal has the broker's JSON at the end of its message; the broker's own words are what a reader wants.
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

// `the script was refused: CODE (line 2): words; CODE (line 3): words: docs/errors/…`; a message of another form is shown as it is.
function issuesOf(message: string): readonly Issue[] | undefined {
  const body = /^the script was refused: ([^]{1,20000}?)(?:: docs\/errors\/\w+\.md)?$/.exec(message)?.[1];
  const issues = body?.split(/; (?=[A-Z][A-Z0-9_]* \(line \d{1,6}\): )/).map((part) => /^([A-Z][A-Z0-9_]*) \(line (\d{1,6})\): ([^]+)$/.exec(part));
  if (!issues || issues.some((found) => found === null)) return undefined;
  return issues.flatMap((found) => (found ? [{ code: found[1]!, line: Number(found[2]), text: found[3]! }] : []));
}

/** The line that a failure is about: the first of its stack, or the first that its message names. */
export function lineOf(error: Pick<SessionFailure, 'stack' | 'message'>): number | undefined {
  const found = /:(\d{1,6}):\d{1,6}\)?$/m.exec(error.stack?.slice(0, 2_000) ?? '') ?? /\(?\b(?:in )?line (\d{1,6})\b/.exec(error.message.slice(0, 2_000));
  const line = found ? Number(found[1]) : 0;
  return line > 0 ? line : undefined;
}
