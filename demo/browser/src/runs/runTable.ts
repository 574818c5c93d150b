import { DataTable } from '../page/dataTable.js';
import { find, write } from '../page/dom.js';
import { bytes, count, many } from '../page/format.js';
import { printableCut } from '../page/printable.js';
import { RunQuery, beforeOf } from './runQuery.js';
import type { Run, RunPage } from './runSnapshots.js';
import { dueWords, nothing, timeWords, waitsWords } from './runWords.js';

/** The table of runs, with its filter and its pages. */
export class RunTable {
  readonly #query = new RunQuery();
  readonly #state = find('filter-state', HTMLSelectElement);
  readonly #tenant = find('filter-tenant', HTMLInputElement);
  readonly #newer = find('runs-newer', HTMLButtonElement);
  readonly #older = find('runs-older', HTMLButtonElement);
  readonly #count = find('runs-count', HTMLElement);
  readonly #table: DataTable<Run>;
  readonly #asked: () => void;
  #page: RunPage = { time: undefined, runs: [] };
  #chosen: string | undefined;

  /**
   * @param choose Called with the run that the user chose.
   * @param asked Called when another page is wanted.
   */
  constructor(choose: (run: Run) => void, asked: () => void) {
    this.#asked = asked;
    this.#table = new DataTable<Run>('runs-table', [
      { title: 'run', kind: 'words', value: (run) => printableCut(run.name, 60) },
      { title: 'tenant', kind: 'words', value: (run) => (run.tenant === undefined ? nothing : printableCut(run.tenant, 40)) },
      { title: 'state', kind: 'words', value: (run) => run.state ?? 'unknown', marks: true },
      { title: 'outcome', kind: 'words', value: (run) => (run.outcome === undefined ? nothing : printableCut(run.outcome, 40)) },
      { title: 'waits for', kind: 'words', value: waitsWords },
      { title: 'due', kind: 'number', value: (run) => dueWords(run, this.#page.time ?? Date.now()) },
      { title: 'changed', kind: 'number', value: (run) => timeWords(run.changed) },
      { title: 'created', kind: 'number', value: (run) => timeWords(run.created) },
      { title: 'entries', kind: 'number', value: (run) => count(run.entries) },
      { title: 'size', kind: 'number', value: (run) => (run.bytes === undefined ? nothing : bytes(run.bytes)) },
    ], { key: keyOf, isChosen: (run) => keyOf(run) === this.#chosen, choose });
    find('runs-filter', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#filter();
    });
    this.#state.addEventListener('change', () => this.#filter());
    this.#newer.addEventListener('click', () => this.#turn(this.#query.newer()));
    this.#older.addEventListener('click', () => this.#turn(this.#query.older(this.#page)));
  }

  /** The path of the wanted page. */
  get path(): string {
    return this.#query.path;
  }

  show(page: RunPage): void {
    this.#page = page;
    this.#table.show(page.runs);
    this.#newer.setAttribute('aria-disabled', String(this.#query.page === 1));
    this.#older.setAttribute('aria-disabled', String(beforeOf(page.runs) === undefined));
    write(this.#count, `page ${count(this.#query.page)}, ${many(page.runs.length, 'run')}`);
  }

  /** Marks the run whose timeline is shown. */
  mark(run: Pick<Run, 'name' | 'tenant'> | undefined): void {
    this.#chosen = run === undefined ? undefined : keyOf(run);
    this.#table.show(this.#page.runs);
  }

  #filter(): void {
    this.#query.filter(this.#state.value, this.#tenant.value);
    this.#asked();
  }

  #turn(isOther: boolean): void {
    if (isOther) this.#asked();
  }
}

function keyOf({ name, tenant }: Pick<Run, 'name' | 'tenant'>): string {
  return JSON.stringify([tenant ?? null, name]);
}
