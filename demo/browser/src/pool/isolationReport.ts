import { make, write } from '../page/dom.js';
import { count, many } from '../page/format.js';
import { printable, printableCut } from '../page/printable.js';
import type { Isolation, Layer } from './poolSnapshot.js';

/** The isolation of the workers, layer by layer. */
export class IsolationReport {
  readonly element: HTMLElement;
  readonly #details = make('details', { class: 'isolation' });
  readonly #summary = make('summary');
  readonly #list = make('ul', { class: 'layers' });
  readonly #none = make('p', { class: 'place-line place-quiet' });

  constructor() {
    this.#details.append(this.#summary, this.#list);
    this.element = make('div', {}, this.#none, this.#details);
  }

  show(report: Isolation | undefined): void {
    const tells = report !== undefined && report.layers.length > 0;
    this.#details.hidden = !tells;
    this.#none.hidden = tells;
    if (!tells) return write(this.#none, report?.available === false ? 'No isolation is available here' : 'No isolation report');
    const wanted = report.layers.filter((layer) => layer.requirement !== 'off');
    const held = wanted.filter((layer) => layer.status === 'active');
    write(this.#summary, `Isolation: ${count(held.length)} of ${count(wanted.length)} layers active`);
    while (this.#list.children.length > report.layers.length) this.#list.lastElementChild!.remove();
    report.layers.forEach((layer, index) => {
      const row = this.#list.children[index] ?? this.#list.appendChild(emptyRow());
      fillRow(row as HTMLElement, layer, report.workers);
    });
  }
}

function emptyRow(): HTMLElement {
  return make(
    'li', { class: 'layer' }, make('span', { class: 'layer-name' }), ' ', make('span', { class: 'layer-status' }), ' ', make('span', { class: 'layer-how' }));
}

function fillRow(row: HTMLElement, layer: Layer, workers: number | undefined): void {
  const [name, status, how] = row.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
  row.dataset['status'] = layer.status ?? 'unknown';
  write(name, printableCut(layer.layer, 60));
  write(status, layer.status ?? 'unknown');
  const spread =
    layer.active === undefined || workers === undefined || layer.requirement === 'off' ? undefined : `${count(layer.active)} of ${many(workers, 'worker')}`;
  write(how, [layer.requirement === 'off' ? undefined : layer.requirement, spread, layer.detail, layer.method]
    .filter((part) => part !== undefined).map(printable).join(' · '));
}
