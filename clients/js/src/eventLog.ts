import type { StreamEvent } from './events.js';

/** Limits of an {@link EventLog}. */
export interface LogBounds {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** The newest events of a session, and its readers. */
export class EventLog {
  readonly #bounds: LogBounds;
  #kept: { readonly event: StreamEvent; readonly bytes: number }[] = [];
  #bytes = 0;
  #dropped = 0;
  readonly #readers = new Set<LogReader>();
  #end: { readonly failure: unknown } | undefined;
  #roomy: (() => void)[] = [];

  constructor(bounds: LogBounds) {
    this.#bounds = bounds;
  }

  /** Number of events dropped for newer ones. */
  get dropped(): number {
    return this.#dropped;
  }

  snapshot(): StreamEvent[] {
    return this.#kept.map(({ event }) => event);
  }

  push(event: StreamEvent, bytes: number): void {
    this.#kept.push({ event, bytes });
    this.#bytes += bytes;
    let surplus = 0;
    // The newest event is always kept, because it may be the result.
    while (surplus < this.#kept.length - 1 && (this.#kept.length - surplus > this.#bounds.maxEvents || this.#bytes > this.#bounds.maxBytes)) {
      this.#bytes -= this.#kept[surplus++]!.bytes;
    }
    if (surplus > 0) this.#kept.splice(0, surplus);
    this.#dropped += surplus;
    for (const reader of this.#readers) reader.push(event, bytes);
  }

  /** Ends the log. Readers get the events that wait for them, then the failure if there is one. */
  end(failure?: unknown): void {
    if (this.#end) return;
    this.#end = { failure };
    for (const reader of this.#readers) reader.end(failure);
    this.#makeRoom();
  }

  /** Settles when no reader lags by more than is kept; undefined if none does now. */
  room(): Promise<void> | undefined {
    if (this.#end || !this.#crowded()) return undefined;
    return new Promise((resolve) => this.#roomy.push(resolve));
  }

  /** The kept events, then all further ones. */
  read(): AsyncIterableIterator<StreamEvent> {
    const reader = new LogReader((gone) => {
      if (gone) this.#readers.delete(reader);
      if (!this.#crowded()) this.#makeRoom();
    });
    for (const { event, bytes } of this.#kept) reader.push(event, bytes);
    if (this.#end) reader.end(this.#end.failure);
    else this.#readers.add(reader);
    return reader;
  }

  #crowded(): boolean {
    for (const reader of this.#readers) {
      if (reader.waiting >= this.#bounds.maxEvents || (reader.waiting > 0 && reader.waitingBytes > this.#bounds.maxBytes)) return true;
    }
    return false;
  }

  #makeRoom(): void {
    for (const resolve of this.#roomy.splice(0)) resolve();
  }
}

type Taker = { readonly resolve: (result: IteratorResult<StreamEvent>) => void; readonly reject: (failure: unknown) => void };

class LogReader implements AsyncIterableIterator<StreamEvent> {
  readonly #onTaken: (gone: boolean) => void;
  #queue: { readonly event: StreamEvent; readonly bytes: number }[] = [];
  #takers: Taker[] = [];
  #ended: { failure: unknown } | undefined;
  waitingBytes = 0;

  constructor(onTaken: (gone: boolean) => void) {
    this.#onTaken = onTaken;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  push(event: StreamEvent, bytes: number): void {
    const taker = this.#takers.shift();
    if (taker) return taker.resolve({ value: event, done: false });
    this.#queue.push({ event, bytes });
    this.waitingBytes += bytes;
  }

  end(failure: unknown): void {
    this.#ended = { failure };
    for (const taker of this.#takers.splice(0)) this.#finish(taker);
  }

  next(): Promise<IteratorResult<StreamEvent>> {
    return new Promise((resolve, reject) => {
      const first = this.#queue.shift();
      if (first) {
        this.waitingBytes -= first.bytes;
        resolve({ value: first.event, done: false });
        this.#onTaken(false);
      } else if (this.#ended) {
        this.#finish({ resolve, reject });
      } else {
        this.#takers.push({ resolve, reject });
      }
    });
  }

  return(): Promise<IteratorResult<StreamEvent>> {
    this.#queue = [];
    this.waitingBytes = 0;
    this.end(undefined);
    this.#onTaken(true);
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(taker: Taker): void {
    const failure = this.#ended?.failure;
    // Reported once: after that, a failed iterator is at its end.
    if (this.#ended) this.#ended.failure = undefined;
    if (failure === undefined) taker.resolve({ value: undefined, done: true });
    else taker.reject(failure);
  }
}
