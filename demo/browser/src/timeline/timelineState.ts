import { printable, printableCut } from '../page/printable.js';
import { preview } from '../result/preview.js';

/**
 * The state of a tool call. `answered`: the script has the result or the failure, which the wire does not distinguish. `failed`: the
 * call's failure ended the script. `ended`: the session ended before the result.
 */
export type CallState = 'running' | 'answered' | 'failed' | 'ended';

/** One tool call. Times are milliseconds since the session began. */
export interface TimelineCall {
  /** Its number among all calls of the session, from 1. */
  readonly number: number;
  readonly id: string;
  readonly tool: string;
  readonly args: string;
  readonly begun: number;
  readonly ended?: number;
  readonly state: CallState;
}

/** The end of a session. */
export interface SessionEnd {
  readonly ok: boolean;
  readonly code: string | undefined;
}

const longestName = 80;
const longestArgs = 160;
// When a session ends, the broker first marks its open calls as applied; both events arrive together.
const sameMomentMs = 100;

/** The newest tool calls of one session. */
export class TimelineState {
  readonly #most: number;
  #calls: TimelineCall[] = [];
  #total = 0;
  // Calls that were applied since the last other event.
  #justApplied: string[] = [];

  /** @param most Maximum number of kept calls. */
  constructor(most: number) {
    this.#most = most;
  }

  get calls(): readonly TimelineCall[] {
    return this.#calls;
  }

  get total(): number {
    return this.#total;
  }

  get dropped(): number {
    return this.#total - this.#calls.length;
  }

  get running(): number {
    return this.#calls.filter((call) => call.state === 'running').length;
  }

  begin(id: string, tool: string, args: unknown, at: number): void {
    this.somethingElse();
    this.#total++;
    const call: TimelineCall = {
      number: this.#total,
      id,
      tool: printableCut(tool, longestName),
      args: args === undefined ? '' : printable(preview(args, longestArgs)),
      begun: Math.max(0, at),
      state: 'running',
    };
    this.#calls = [...this.#calls, call].slice(-this.#most);
  }

  applied(id: string, at: number): void {
    this.#justApplied.push(id);
    this.#change((call) => call.id === id && call.state === 'running', { state: 'answered', ended: at });
  }

  /** Records an event that does not end a call. */
  somethingElse(): void {
    this.#justApplied = [];
  }

  /** Ends the session and its calls. */
  end({ ok, code }: SessionEnd, at: number): void {
    const last = this.#justApplied;
    if (!ok && code === 'TOOL_ERROR' && last.length === 1) this.#change((call) => call.id === last[0], { state: 'failed' });
    else if (!ok) this.#change((call) => last.includes(call.id) && call.ended !== undefined && at - call.ended <= sameMomentMs, { state: 'ended' });
    this.#change((call) => call.state === 'running', { state: 'ended', ended: at });
    this.somethingElse();
  }

  #change(which: (call: TimelineCall) => boolean, to: Partial<TimelineCall>): void {
    this.#calls = this.#calls.map(
      (call) => (which(call) ? { ...call, ...to, ...(to.ended !== undefined && { ended: Math.max(call.begun, to.ended) }) } : call));
  }
}
