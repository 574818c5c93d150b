/** A clock that only the test moves. */
export class ManualClock {
  #now = 0;
  #timers = new Set();
  #watchers = new Set();

  now = () => this.#now;

  schedule = (callback, delayMs) => {
    const timer = { callback, delayMs, due: this.#now + delayMs };
    this.#timers.add(timer);
    for (const watcher of this.#watchers) watcher();
    return () => this.#timers.delete(timer);
  };

  /** The delays of the waiting timers. */
  get delays() {
    return [...this.#timers].map((timer) => timer.delayMs).sort((a, b) => a - b);
  }

  /** Moves the time, timer by timer. */
  advance(ms) {
    const until = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.due <= until).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.#now = next.due;
      this.#timers.delete(next);
      next.callback();
    }
    this.#now = until;
  }

  /** Waits until a timer with this delay waits, then lets it pass. */
  async fire(delayMs) {
    const timer = await this.scheduled(delayMs);
    this.advance(timer.due - this.#now);
  }

  /** Waits until a timer with this delay waits. */
  scheduled(delayMs) {
    return new Promise((resolve) => {
      const look = () => {
        const found = [...this.#timers].find((timer) => timer.delayMs === delayMs);
        if (!found) return;
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }
}
