import type { StreamEvent } from './events.js';

/** Numbers that no event came for, both ends included. */
export interface SequenceGap {
  readonly start: number;
  readonly end: number;
}

/** Tells new events from repeated ones, and knows which numbers are missing. */
export class SequenceTracker {
  /** Gaps that are remembered at most. */
  static readonly maxGaps = 100;
  /** How far behind the last number an event can still be told from a repeat; beyond it, it is one. */
  static readonly window = 1024;

  readonly #maxGaps: number;
  readonly #floor: number;
  readonly #gaps: SequenceGap[] = [];
  readonly #seen = new Map<number, Set<string>>();
  #last: number | undefined;
  #received = 0;

  /** @param from The first number that is wanted; what is below it counts as seen. Without it, the first event sets the base. */
  constructor(from?: number, maxGaps = SequenceTracker.maxGaps) {
    this.#last = from === undefined ? undefined : from - 1;
    this.#floor = from ?? 0;
    this.#maxGaps = maxGaps;
  }

  /** The highest number so far. */
  get last(): number | undefined {
    return this.#last;
  }

  /** New events so far. */
  get received(): number {
    return this.#received;
  }

  /** Missing numbers, the oldest first. */
  get gaps(): readonly SequenceGap[] {
    return [...this.#gaps];
  }

  /**
   * Takes an event's number and says whether the event is new.
   * @param identity What tells apart the events of brokers that give one number to several; see {@link identityOf}.
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

  /** Whether an event would repeat another one. */
  knows(seq: number, identity: string): boolean {
    if (seq < this.#floor || (this.#last !== undefined && seq <= this.#last - SequenceTracker.window)) return true;
    return this.#seen.get(seq)?.has(identity) ?? false;
  }

  #miss(start: number, end: number): void {
    if (this.#gaps.length < this.#maxGaps) this.#gaps.push({ start, end });
  }

  #forget(): void {
    // Numbers mostly rise, so the first keys are the oldest ones.
    for (const seq of this.#seen.keys()) {
      if (this.#seen.size <= SequenceTracker.window) return;
      this.#seen.delete(seq);
    }
  }
}

/**
 * What two events of one number differ by when neither repeats the other: a runtime that counts wrongly sends an answered call and the
 * next call, or the end, under the same number.
 */
export function identityOf(event: StreamEvent): string {
  return 'callId' in event.payload ? `${event.type} ${event.payload.callId}` : event.type;
}
