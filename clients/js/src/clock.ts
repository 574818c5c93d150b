/** Where the client's time comes from. */
export interface Clock {
  /** Milliseconds; only differences count. */
  now(): number;
  /** Calls back once, after so many milliseconds. What it returns takes that back. */
  schedule(callback: () => void, delayMs: number): () => void;
}

// Longer waits overflow the timer and would end at once.
const longestTimerMs = 2 ** 31 - 1;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(callback, delayMs) {
    const timer = setTimeout(callback, Math.min(delayMs, longestTimerMs));
    return () => clearTimeout(timer);
  },
};

/** Waits, or less when the signal aborts first. Never fails. */
export function delay(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      takeBack();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const takeBack = clock.schedule(done, delayMs);
    signal.addEventListener('abort', done);
  });
}

/** Calls back when nothing has happened for a time. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #onSilence: () => void;
  #last = 0;
  #takeBack: (() => void) | undefined;

  /** @param silenceMs The time, in milliseconds; 0 for a watchdog that never barks. */
  constructor(clock: Clock, silenceMs: number, onSilence: () => void) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#onSilence = onSilence;
  }

  /** Begins to watch, or begins anew. */
  start(): void {
    this.stop();
    if (this.#silenceMs <= 0) return;
    this.touch();
    this.#watch(this.#silenceMs);
  }

  /** Something happened. */
  touch(): void {
    this.#last = this.#clock.now();
  }

  stop(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
  }

  // One timer that looks when it is due: a timer for each line of a busy stream would cost more than the stream.
  #watch(delayMs: number): void {
    this.#takeBack = this.#clock.schedule(() => {
      const left = this.#last + this.#silenceMs - this.#clock.now();
      if (left > 0) return this.#watch(left);
      this.#takeBack = undefined;
      this.#onSilence();
    }, delayMs);
  }
}
