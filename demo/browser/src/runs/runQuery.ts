import type { Run, RunPage } from './runSnapshots.js';

/** The number of runs on a page, and more if they changed in the same millisecond. */
export const pageRuns = 50;

/** The requested page of runs: its filter and its place. */
export class RunQuery {
  #state = '';
  #tenant = '';
  /** The times before which the pages begin, from the second page on. */
  #pages: number[] = [];

  /** Begins at the first page of a filter. Empty: all states, all tenants. */
  filter(state: string, tenant: string): void {
    this.#state = state;
    this.#tenant = tenant;
    this.#pages = [];
  }

  /** From 1. */
  get page(): number {
    return this.#pages.length + 1;
  }

  get path(): string {
    const before = this.#pages.at(-1);
    return `runs?${new URLSearchParams({
      limit: String(pageRuns),
      ...(this.#state === '' ? {} : { state: this.#state }),
      ...(this.#tenant === '' ? {} : { tenant: this.#tenant }),
      ...(before === undefined ? {} : { before: String(before) }),
    })}`;
  }

  /** Goes to the page behind this one. Returns false if there is none. */
  older({ runs }: RunPage): boolean {
    const before = beforeOf(runs);
    if (before === undefined) return false;
    this.#pages.push(before);
    return true;
  }

  newer(): boolean {
    return this.#pages.pop() !== undefined;
  }
}

/** Where the page behind these runs begins; undefined if they are the last. */
export function beforeOf(runs: readonly Run[]): number | undefined {
  return runs.length < pageRuns ? undefined : runs.at(-1)!.changed;
}
