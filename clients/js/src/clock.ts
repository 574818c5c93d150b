/** The source of the client's time. */
export interface Clock {
  /** Milliseconds; only differences matter. */
  now(): number;
  /** Calls back once, after a number of milliseconds. The returned function cancels it. */
  schedule(callback: () => void, delayMs: number): () => void;
}

// Longer waits would overflow the timer and end at once.
const longestTimerMs = 2 ** 31 - 1;

/** The system's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(callback, delayMs) {
    const timer = setTimeout(callback, Math.min(delayMs, longestTimerMs));
    return () => clearTimeout(timer);
  },
};

/** Waits, or returns earlier if the signal aborts. Never fails. */
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

/** Calls back if nothing has happened for a time. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #onSilence: () => void;
  #last = 0;
  #takeBack: (() => void) | undefined;

  /** @param silenceMs The time in milliseconds; 0 to disable the watchdog. */
  constructor(clock: Clock, silenceMs: number, onSilence: () => void) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#onSilence = onSilence;
  }

  /** Starts or restarts the time. */
  start(): void {
    this.stop();
    if (this.#silenceMs <= 0) return;
    this.touch();
    this.#watch(this.#silenceMs);
  }

  /** Records that something happened. */
  touch(): void {
    this.#last = this.#clock.now();
  }

  stop(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
  }

  // One timer that checks when it is due: a timer for each line of a busy stream would be too expensive.
  #watch(delayMs: number): void {
    this.#takeBack = this.#clock.schedule(() => {
      const left = this.#last + this.#silenceMs - this.#clock.now();
      if (left > 0) return this.#watch(left);
      this.#takeBack = undefined;
      this.#onSilence();
    }, delayMs);
  }
}
