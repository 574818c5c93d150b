import { find, make, write } from '../page/dom.js';

/** A column of a table: its title and the content of its cells. */
export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  /** Words are aligned left, numbers right. */
  readonly kind: 'words' | 'number';
  /** True if this column's value determines the look of the whole row. */
  readonly marks?: boolean;
}

/** A table with changing rows, which its first column names. */
export class DataTable<T> {
  readonly #columns: readonly Column<T>[];
  readonly #box: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #rows: HTMLElement;

  /** @param id The id of the table's box. `ID-empty` is shown if there are no rows. */
  constructor(id: string, columns: readonly Column<T>[]) {
    this.#columns = columns;
    this.#box = find(id, HTMLElement);
    this.#empty = find(`${id}-empty`, HTMLElement);
    this.#rows = make('tbody');
    const titles = columns.map((column) => make('th', { class: column.kind, text: column.title, attributes: { scope: 'col' } }));
    this.#box.append(make('table', {}, make('thead', {}, make('tr', {}, ...titles)), this.#rows));
  }

  show(rows: readonly T[]): void {
    this.#empty.hidden = rows.length > 0;
    this.#box.hidden = rows.length === 0;
    while (this.#rows.children.length > rows.length) this.#rows.lastElementChild!.remove();
    while (this.#rows.children.length < rows.length) this.#rows.append(this.#row());
    rows.forEach((row, index) => this.#fill(this.#rows.children[index] as HTMLElement, row));
  }

  #row(): HTMLElement {
    const cells = this.#columns.map(
      (column, index) => make(index === 0 ? 'th' : 'td', { class: column.kind, attributes: index === 0 ? { scope: 'row' } : {} }));
    return make('tr', {}, ...cells);
  }

  #fill(element: HTMLElement, row: T): void {
    this.#columns.forEach((column, index) => {
      const shown = column.value(row);
      write(element.children[index]!, shown);
      if (column.marks) element.dataset['state'] = shown.split(' ', 1)[0]!;
    });
  }
}
