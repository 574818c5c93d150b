import type { StreamEvent } from './events.js';

/** A range of missing numbers, including both ends. */
export interface SequenceGap {
  readonly start: number;
  readonly end: number;
}

/** Distinguishes new events from repeats, and tracks missing numbers. */
export class SequenceTracker {
  /** Maximum number of gaps that are kept. */
  static readonly maxGaps = 100;
  /** How far behind the last number a late event can be recognised. Older events count as repeats. */
  static readonly window = 1024;

  readonly #maxGaps: number;
  readonly #floor: number;
  readonly #gaps: SequenceGap[] = [];
  readonly #seen = new Map<number, Set<string>>();
  #last: number | undefined;
  #received = 0;

  /** @param from The first number wanted; lower ones count as seen. Without it, the first event sets the base. */
  constructor(from?: number, maxGaps = SequenceTracker.maxGaps) {
    this.#last = from === undefined ? undefined : from - 1;
    this.#floor = from ?? 0;
    this.#maxGaps = maxGaps;
  }

  /** The highest number so far. */
  get last(): number | undefined {
    return this.#last;
  }

  /** Number of new events so far. */
  get received(): number {
    return this.#received;
  }

  /** Missing numbers, the oldest first. */
  get gaps(): readonly SequenceGap[] {
    return [...this.#gaps];
  }

  /**
   * Records an event's number and returns whether the event is new.
   * @param identity Distinguishes events with the same number, which some brokers send; see {@link identityOf}.
   */
  receive(seq: number, identity: string): boolean {
    if (this.knows(seq, identity)) return false;
    const last = this.#last;
    const seen = this.#seen.get(seq);
    if (seen) seen.add(identity);
    else this.#seen.set(seq, new Set([identity]));
    this.#received++;
    if (last !== undefined && seq > last + 1) this.#miss(last + 1, seq - 1);
    if (last === undefined || seq > last) this.#last = seq;
    this.#forget();
    return true;
  }

  /** True if an event would be a repeat. */
  knows(seq: number, identity: string): boolean {
    if (seq < this.#floor || (this.#last !== undefined && seq <= this.#last - SequenceTracker.window)) return true;
    return this.#seen.get(seq)?.has(identity) ?? false;
  }

  #miss(start: number, end: number): void {
    if (this.#gaps.length < this.#maxGaps) this.#gaps.push({ start, end });
  }

  #forget(): void {
    // Numbers mostly rise, so the first keys are the oldest.
    for (const seq of this.#seen.keys()) {
      if (this.#seen.size <= SequenceTracker.window) return;
      this.#seen.delete(seq);
    }
  }
}

/**
 * The difference between two events of one number that are not repeats: a runtime that counts wrongly sends an answered call and the
 * next call, or the end, under the same number.
 */
export function identityOf(event: StreamEvent): string {
  return 'callId' in event.payload ? `${event.type} ${event.payload.callId}` : event.type;
}
