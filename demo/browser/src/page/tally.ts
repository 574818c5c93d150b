import { make, write } from './dom.js';
import { count } from './format.js';
import type { Count } from './jsonMembers.js';
import { printableCut } from './printable.js';

/** Writes counts as a list. */
export function tallyInto(list: HTMLElement, counts: readonly Count[]): void {
  const most = Math.max(1, ...counts.map((item) => item.count));
  counts.forEach((item, index) => {
    const row = list.children[index] ?? list.appendChild(make('li', {}, make('span', { class: 'tally-name' }),
      make('span', { class: 'tally-bar', attributes: { 'aria-hidden': 'true' } }), make('span', { class: 'tally-count' })));
    const [name, bar, number] = row.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
    write(name, printableCut(item.name, 40));
    write(number, count(item.count));
    bar.style.setProperty('--used', (item.count / most).toFixed(4));
  });
  while (list.children.length > counts.length) list.lastElementChild!.remove();
}
