import { boundedText, parseJson } from './boundedText.js';
import { problemOf } from './problem.js';

/** The state of a feed. */
export type FeedState<T> =
  /** There is no response yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live'; readonly snapshot: T }
  /** The broker requires a token: requests stop until there is another one. */
  | { readonly kind: 'locked' }
  /** The token is not allowed to see the data: requests stop until there is another one. */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'failing'; readonly problem: string; readonly reached: boolean; readonly retryMs: number };

/** The address of a feed and its reader. */
export interface FeedSource<T> {
  readonly path: string;
  /** Returns undefined for invalid data. */
  readonly read: (json: unknown) => T | undefined;
  /** The subject for messages: `the state of a pool`. */
  readonly subject: string;
  /** The problem if the broker has no such data (404). Default: the broker's message. */
  readonly missing?: string;
  /** The longest response. Default: 1 MB. */
  readonly mostBytes?: number;
  /** The pause between two requests. Default: a second. */
  readonly intervalMs?: number;
}

/** The parts of the page that a feed needs. */
export interface FeedSurroundings {
  readonly fetch: typeof globalThis.fetch;
  /** Calls back once, after a number of milliseconds. The returned function cancels it. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
  readonly isVisible: () => boolean;
}

const intervalMs = 1_000;
const longestRetryMs = 30_000;
const answerSeconds = 5;
const usualBytes = 1024 * 1024;

/** The wait after a number of failures in a row, from 1, in milliseconds. */
export function retryDelay(failures: number): number {
  return Math.min(longestRetryMs, intervalMs * 2 ** failures);
}

/** Requests statistics from the broker: once per second while the page is visible, less often after failures. */
export class Feed<T> {
  readonly #source: FeedSource<T>;
  readonly #page: FeedSurroundings;
  readonly #tell: (state: FeedState<T>) => void;
  #failures = 0;
  /** True if another token is needed first. */
  #locked = false;
  #asking: AbortController | undefined;
  #takeBack: (() => void) | undefined;

  constructor(source: FeedSource<T>, page: FeedSurroundings, tell: (state: FeedState<T>) => void) {
    this.#source = source;
    this.#page = page;
    this.#tell = tell;
  }

  /** Requests now: the page was opened or shown again, or there is a token. */
  refresh(): void {
    this.#locked = false;
    this.#failures = 0;
    this.stop();
    if (this.#page.isVisible()) void this.#ask();
  }

  /** Stops requests until {@link refresh}. */
  stop(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
    this.#asking?.abort();
    this.#asking = undefined;
  }

  async #ask(): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    const takeBack = this.#limit(asking);
    const state = await this.#answer(asking.signal);
    takeBack();
    // This request was replaced or stopped.
    if (this.#asking !== asking) return;
    this.#asking = undefined;
    this.#tell(state);
    if (this.#locked || !this.#page.isVisible()) return;
    this.#takeBack = this.#page.schedule(() => void this.#ask(), state.kind === 'failing' ? state.retryMs : (this.#source.intervalMs ?? intervalMs));
  }

  /**
   * Gives a request up after some seconds. Each second has its own timer: while the page itself is busy, all of them together count as one, and an
   * answer that came meanwhile is read first.
   */
  #limit(asking: AbortController): () => void {
    let passed = 0;
    const wait = (): (() => void) => this.#page.schedule(() => {
      if (++passed === answerSeconds) asking.abort();
      else takeBack = wait();
    }, 1_000);
    let takeBack = wait();
    return () => takeBack();
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
      if (answer.status === 404 && this.#source.missing !== undefined) return this.#failed(this.#source.missing, true);
      if (!answer.ok) return this.#failed(await problemOf(answer), true);
      const body = await boundedText(answer, this.#source.mostBytes ?? usualBytes);
      const snapshot = body === undefined ? undefined : this.#source.read(parseJson(body));
      if (!snapshot) return this.#failed(`the broker's response is not ${this.#source.subject}`, true);
      this.#failures = 0;
      return { kind: 'live', snapshot };
    } catch {
      return this.#failed(signal.aborted ? `the broker did not answer within ${answerSeconds} s` : 'the broker cannot be reached', false);
    }
  }

  #failed(problem: string, reached: boolean): FeedState<T> {
    return { kind: 'failing', problem, reached, retryMs: retryDelay(++this.#failures) };
  }
}
