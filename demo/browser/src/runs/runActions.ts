import { problemOf } from '../page/problem.js';
import { boundedText, parseJson } from '../page/boundedText.js';
import { members } from '../page/jsonMembers.js';
import type { Run } from './runSnapshots.js';
import { runParameters } from './runTimeline.js';

/** How an action ended. */
export type ActionEnd =
  | { readonly kind: 'done'; readonly said: string }
  | { readonly kind: 'refused'; readonly problem: string; readonly isForbidden: boolean };

/** An operator's action on a run. */
export type Action = () => Promise<ActionEnd>;

type RunName = Pick<Run, 'name' | 'tenant'>;

// A run that works at this moment has to stop first.
const answerMs = 30_000;
const mostBytes = 64 * 1024;

/** The requests that change runs. */
export class RunActions {
  readonly #fetch: typeof globalThis.fetch;

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
  }

  /** @param json The answer. It is sent as it is: numbers keep their digits. */
  answer(token: string, json: string, said = 'Answered.'): Action {
    return () => this.#send('POST', 'runs/answer', () => said, `{"token":${JSON.stringify(token)},"result":${json}}`);
  }

  /** Makes the call that waits fail. */
  refuse(token: string, reason: string): Action {
    return () => this.#send('POST', 'runs/answer', () => 'Refused.', JSON.stringify({ token, error: { message: reason } }));
  }

  approve(token: string): Action {
    return this.answer(token, 'true', 'Approved.');
  }

  deny(token: string, reason: string): Action {
    return this.answer(token, reason === '' ? 'false' : JSON.stringify(reason), 'Denied.');
  }

  cancel(run: RunName): Action {
    return () => this.#send('POST', `runs/run/cancel?${runParameters(run)}`,
      (body) => (body['cancelled'] === true ? 'Cancelled.' : 'The run had ended before it was cancelled.'));
  }

  remove(run: RunName): Action {
    return () => this.#send('DELETE', `runs/run?${runParameters(run)}`, () => 'Deleted.');
  }

  async #send(method: string, path: string, said: (body: Readonly<Record<string, unknown>>) => string, body?: string): Promise<ActionEnd> {
    const signal = AbortSignal.timeout(answerMs);
    try {
      const json = 'application/json';
      const sent = body === undefined ? { headers: { Accept: json } } : { headers: { Accept: json, 'Content-Type': json }, body };
      const answer = await this.#fetch(path, { method, signal, ...sent });
      if (answer.ok) return { kind: 'done', said: said(members(parseJson((await boundedText(answer, mostBytes)) ?? '')) ?? {}) };
      return { kind: 'refused', problem: await problemOf(answer), isForbidden: answer.status === 403 };
    } catch {
      const problem = signal.aborted ? `the broker did not answer within ${answerMs / 1000} s: look whether it was done` : 'the broker cannot be reached';
      return { kind: 'refused', problem, isForbidden: false };
    }
  }
}
