import { boundedText, parseJson } from './boundedText.js';

/** What is known of what a feed tells. */
export type FeedState<T> =
  /** Nothing was asked yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live'; readonly snapshot: T }
  /** The broker asks for a token: nothing is asked until there is another one. */
  | { readonly kind: 'locked' }
  /** The token is not one that may see it: nothing is asked until there is another one. */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'failing'; readonly problem: string; readonly reached: boolean; readonly retryMs: number };

/** Where a feed is, and how it is read. */
export interface FeedSource<T> {
  readonly path: string;
  /** Undefined for what is no such feed. */
  readonly read: (json: unknown) => T | undefined;
  /** What it tells of, for people: `the state of a pool`. */
  readonly subject: string;
}

/** What the feed needs of the page. */
export interface FeedSurroundings {
  readonly fetch: typeof globalThis.fetch;
  /** Calls back once, after so many milliseconds. What it returns takes that back. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
  readonly isVisible: () => boolean;
}

const intervalMs = 1_000;
const longestRetryMs = 30_000;
const answerMs = 5_000;
const mostBytes = 1024 * 1024;

/** The wait after so many failures in a row, from 1, in milliseconds. */
export function retryDelay(failures: number): number {
  return Math.min(longestRetryMs, intervalMs * 2 ** failures);
}

/** Asks the broker for figures: once a second while the page is visible, less often while that fails. */
export class Feed<T> {
  readonly #source: FeedSource<T>;
  readonly #page: FeedSurroundings;
  readonly #tell: (state: FeedState<T>) => void;
  #failures = 0;
  /** Another token is needed first. */
  #locked = false;
  #asking: AbortController | undefined;
  #takeBack: (() => void) | undefined;

  constructor(source: FeedSource<T>, page: FeedSurroundings, tell: (state: FeedState<T>) => void) {
    this.#source = source;
    this.#page = page;
    this.#tell = tell;
  }

  /** Asks now: the page was opened or came back, or there is a token. */
  refresh(): void {
    this.#locked = false;
    this.#failures = 0;
    this.stop();
    if (this.#page.isVisible()) void this.#ask();
  }

  /** Asks no more until {@link refresh}. */
  stop(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
    this.#asking?.abort();
    this.#asking = undefined;
  }

  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const takeBack = this.#page.schedule(() => asking.abort(), answerMs);
    const state = await this.#answer(asking.signal);
    takeBack();
    // Another question, or none, has taken the place of this one.
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    this.#tell(state);
    if (this.#locked || !this.#page.isVisible()) return;
    this.#takeBack = this.#page.schedule(() => void this.#ask(), state.kind === 'failing' ? state.retryMs : intervalMs);
  }

  async #answer(signal: AbortSignal): Promise<FeedState<T>> {
    try {
      const answer = await this.#page.fetch(this.#source.path, { signal, headers: { Accept: 'application/json' } });
      if (answer.status === 401) {
        this.#locked = true;
        return { kind: 'locked' };
      }
      if (answer.status === 403) {
        this.#locked = true;
        return { kind: 'forbidden' };
      }
      if (!answer.ok) return this.#failed(`the broker answered with ${answer.status}`, true);
      const body = await boundedText(answer, mostBytes);
      const snapshot = body === undefined ? undefined : this.#source.read(parseJson(body));
      if (!snapshot) return this.#failed(`what the broker told is not ${this.#source.subject}`, true);
      this.#failures = 0;
      return { kind: 'live', snapshot };
    } catch {
      return this.#failed(signal.aborted ? `the broker did not answer within ${answerMs / 1000} s` : 'the broker cannot be reached', false);
    }
  }

  #failed(problem: string, reached: boolean): FeedState<T> {
    return { kind: 'failing', problem, reached, retryMs: retryDelay(++this.#failures) };
  }
}
