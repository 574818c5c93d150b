import { find, make, write } from './dom.js';

/** A column of a table: its title and the content of its cells. */
export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  /** Words are aligned left, numbers right. A text may have several lines. */
  readonly kind: 'words' | 'number' | 'text';
  /** True if this column's value determines the look of the whole row. */
  readonly marks?: boolean;
}

/** Rows that keep their place in the document while others come and go, and that can be chosen. */
export interface Choice<T> {
  readonly key: (row: T) => string;
  readonly isChosen: (row: T) => boolean;
  readonly choose: (row: T) => void;
}

interface Row<T> {
  readonly element: HTMLElement;
  readonly cells: readonly HTMLElement[];
  value: T;
}

/** A table with changing rows, which its first column names. */
export class DataTable<T> {
  readonly #columns: readonly Column<T>[];
  readonly #choice: Choice<T> | undefined;
  readonly #box: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #body = make('tbody');
  #rows = new Map<string, Row<T>>();

  /**
   * @param id The id of the table's box. `ID-empty` is shown if there are no rows.
   * @param choice Makes the first cell of each row a button.
   */
  constructor(id: string, columns: readonly Column<T>[], choice?: Choice<T>) {
    this.#columns = columns;
    this.#choice = choice;
    this.#box = find(id, HTMLElement);
    this.#empty = find(`${id}-empty`, HTMLElement);
    const titles = columns.map((column) => make('th', { class: column.kind, text: column.title, attributes: { scope: 'col' } }));
    this.#box.append(make('table', {}, make('thead', {}, make('tr', {}, ...titles)), this.#body));
  }

  show(values: readonly T[]): void {
    this.#empty.hidden = values.length > 0;
    this.#box.hidden = values.length === 0;
    const before = this.#rows;
    this.#rows = new Map();
    values.forEach((value, index) => {
      const key = this.#choice?.key(value) ?? String(index);
      const row = before.get(key) ?? this.#row(value);
      row.value = value;
      this.#fill(row);
      this.#rows.set(key, row);
    });
    this.#place([...this.#rows.values()].map((row) => row.element));
  }

  #place(elements: readonly HTMLElement[]): void {
    const { children } = this.#body;
    if (children.length === elements.length && elements.every((element, index) => children[index] === element)) return;
    const focused = document.activeElement;
    this.#body.replaceChildren(...elements);
    // A moved element loses the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.#body.contains(focused)) focused.focus({ preventScroll: true });
  }

  #row(value: T): Row<T> {
    const outer = this.#columns.map(
      (column, index) => make(index === 0 ? 'th' : 'td', { class: column.kind, attributes: index === 0 ? { scope: 'row' } : {} }));
    const cells = outer.map((cell, index) => (index === 0 && this.#choice ? this.#button(cell) : cell));
    const row: Row<T> = { element: make('tr', {}, ...outer), cells, value };
    if (this.#choice) row.cells[0]!.addEventListener('click', () => this.#choice!.choose(row.value));
    return row;
  }

  #button(cell: HTMLElement): HTMLElement {
    return cell.appendChild(make('button', { class: 'choose', attributes: { type: 'button' } }));
  }

  #fill({ element, cells, value }: Row<T>): void {
    this.#columns.forEach((column, index) => {
      const shown = column.value(value);
      write(cells[index]!, shown);
      if (column.marks) element.dataset['state'] = shown.split(' ', 1)[0]!;
    });
    if (this.#choice) cells[0]!.setAttribute('aria-pressed', String(this.#choice.isChosen(value)));
  }
}
