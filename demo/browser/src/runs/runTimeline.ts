import type { Entry, Run, RunDetail } from './runSnapshots.js';

/** The number of entries that are shown at once; the broker sends no more in one response. */
export const shownEntries = 500;

/** Beyond every journal: the response has the run's state and no entries. */
const noEntries = 2 ** 31 - 1;

/** A window over the journal of a run. It requests only what it does not have: entries never change. */
export class RunTimeline {
  readonly run: Pick<Run, 'name' | 'tenant'>;
  #first: number;
  #entries: readonly Entry[] = [];
  #total: number;
  #journal: string | undefined;
  /** True while the window moves with the end of the journal. */
  #isFollowing = true;

  constructor(run: Pick<Run, 'name' | 'tenant' | 'entries'>) {
    this.run = run;
    this.#total = run.entries;
    this.#first = lastWindow(run.entries);
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get total(): number {
    return this.#total;
  }

  /** The path of the next request. */
  get path(): string {
    const isFull = !this.#isFollowing && this.#entries.length >= shownEntries;
    return `runs/run?${runParameters(this.run)}&from=${isFull ? noEntries : this.#next}`;
  }

  get hasEarlier(): boolean {
    return this.#first > 1;
  }

  get hasLater(): boolean {
    return this.#next <= this.#total;
  }

  /** Takes a response. */
  take(detail: RunDetail): void {
    const isOther = this.#journal !== undefined && this.#journal !== detail.journal;
    this.#journal = detail.journal;
    this.#total = detail.entries;
    if (isOther || this.#next - 1 > detail.entries || (this.#isFollowing && detail.entries - this.#next >= shownEntries)) this.last();
    for (const entry of detail.timeline) {
      if (entry.number === this.#next && (this.#isFollowing || this.#entries.length < shownEntries)) this.#entries = [...this.#entries, entry];
    }
    const surplus = this.#entries.length - shownEntries;
    if (surplus > 0) {
      this.#entries = this.#entries.slice(surplus);
      this.#first += surplus;
    }
  }

  earlier(): void {
    this.#show(Math.max(1, this.#first - shownEntries), false);
  }

  later(): void {
    if (this.#next + shownEntries > this.#total) this.last();
    else this.#show(this.#next, false);
  }

  /** Shows the newest entries, and those to come. */
  last(): void {
    this.#show(lastWindow(this.#total), true);
  }

  /** The entry in which a call was made; undefined if it is not among those that are shown. */
  callOf(id: string | undefined): Entry | undefined {
    return id === undefined ? undefined : this.#entries.find((entry) => entry.type === 'called' && entry.callId === id);
  }

  get #next(): number {
    return this.#first + this.#entries.length;
  }

  #show(first: number, isFollowing: boolean): void {
    this.#first = first;
    this.#entries = [];
    this.#isFollowing = isFollowing;
  }
}

/** The parameters that name a run. */
export function runParameters({ name, tenant }: Pick<Run, 'name' | 'tenant'>): string {
  return new URLSearchParams({ name, ...(tenant === undefined ? {} : { tenant }) }).toString();
}

function lastWindow(total: number): number {
  return Math.max(1, total - shownEntries + 1);
}
