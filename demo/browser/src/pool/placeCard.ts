import { make, write } from '../page/dom.js';
import { count, many } from '../page/format.js';
import { printable, printableCut } from '../page/printable.js';
import { tallyInto } from '../page/tally.js';
import { IsolationReport } from './isolationReport.js';
import type { Place, Pool } from './poolSnapshot.js';

const mostCells = 64;

/** One place where sessions run: this process, or a runtime. */
export class PlaceCard {
  readonly element: HTMLElement;
  readonly #name = make('h3', { class: 'place-name' });
  readonly #status = make('span', { class: 'place-status' });
  readonly #message = make('p', { class: 'place-message' });
  readonly #sessions = make('span', { class: 'place-sessions' });
  readonly #gauge = make('div', { class: 'gauge', attributes: { 'aria-hidden': 'true' } });
  readonly #cells = make('div', { class: 'cells', attributes: { 'aria-hidden': 'true' } });
  readonly #workers = make('p', { class: 'place-line' });
  readonly #jobs = make('p', { class: 'place-line place-quiet' });
  readonly #recycled = make('ul', { class: 'tally' });
  readonly #recycledTitle = make('p', { class: 'place-line place-quiet' });
  readonly #isolation = new IsolationReport();

  constructor() {
    this.element = make(
      'li',
      { class: 'place' },
      make('div', { class: 'place-head' }, this.#name, this.#status),
      this.#message,
      make('p', { class: 'place-line' }, this.#sessions),
      this.#gauge,
      this.#cells,
      this.#workers,
      this.#jobs,
      this.#recycledTitle,
      this.#recycled,
      this.#isolation.element,
    );
  }

  show(place: Place): void {
    const status = place.status ?? 'unknown';
    this.element.dataset['status'] = status;
    write(this.#name, printableCut(place.name, 80));
    write(this.#status, status);
    this.#message.hidden = place.message === undefined;
    write(this.#message, place.message === undefined ? '' : printable(place.message));
    const { active, max } = place.sessions;
    const level = place.level === undefined ? '' : ` at ${printableCut(place.level, 20).toUpperCase()}`;
    write(this.#sessions, `${active === undefined ? 'unknown' : count(active)}${max === undefined ? '' : ` of ${count(max)}`} sessions active${level}`);
    this.#gauge.style.setProperty('--used', active !== undefined && max ? Math.min(1, active / max).toFixed(4) : '0');
    // A place that cannot be reached has nothing to show.
    const silent = place.status === 'unreachable' && place.pool === undefined && place.isolation === undefined;
    this.#workers.hidden = this.#isolation.element.hidden = silent;
    this.#showPool(place.pool);
    this.#isolation.show(place.isolation);
  }

  #showPool(pool: Pool | undefined): void {
    for (const part of [this.#cells, this.#jobs]) part.hidden = pool === undefined;
    if (!pool) {
      this.#recycledTitle.hidden = this.#recycled.hidden = true;
      return write(this.#workers, 'It does not report its workers.');
    }
    const { workers = 0, active = 0, idle = 0, starting = 0, queue } = pool;
    write(this.#workers, `${many(workers, 'worker')}: ${count(active)} active, ${count(idle)} idle, ${count(starting)} starting`);
    write(this.#jobs,
      `${queue === undefined ? 'queue unknown' : `${count(queue)} in the queue`} · ${known(pool.submitted)} submitted, ${known(pool.settled)} settled`);
    drawCells(this.#cells, [['active', active], ['idle', idle], ['starting', starting]]);
    const replaced = pool.recycled.reduce((sum, reason) => sum + reason.count, 0);
    this.#recycledTitle.hidden = false;
    write(this.#recycledTitle, replaced === 0 ? 'No worker was recycled' : `${many(replaced, 'worker')} recycled:`);
    this.#recycled.hidden = replaced === 0;
    tallyInto(this.#recycled, pool.recycled);
  }
}

function known(value: number | undefined): string {
  return value === undefined ? 'unknown' : count(value);
}

// One square for each worker. The text beside them has the numbers.
function drawCells(box: HTMLElement, groups: readonly (readonly [string, number])[]): void {
  const states = groups.flatMap(([state, number]) => new Array<string>(Math.min(number, mostCells)).fill(state)).slice(0, mostCells);
  while (box.children.length > states.length) box.lastElementChild!.remove();
  while (box.children.length < states.length) box.append(make('span', { class: 'cell' }));
  states.forEach((state, index) => {
    const cell = box.children[index] as HTMLElement;
    if (cell.dataset['state'] !== state) cell.dataset['state'] = state;
  });
}
