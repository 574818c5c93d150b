import { make } from '../page/dom.js';
import { count, cut, many } from '../page/format.js';
import { printable, printableCut } from '../page/printable.js';
import { preview } from './preview.js';

// Number of members that are shown at first.
const page = 100;
const longestText = 1_000;
const longestKey = 120;
const longestPreview = 80;
const openLevels = 2;
// A value with more members than this is collapsed at first.
const mostOpen = 30;

/** A value as a tree that expands on demand: only open parts are in the document. */
export function valueTree(value: unknown): HTMLElement {
  // It scrolls, so it must be reachable by keyboard.
  return make('div', { class: 'tree', attributes: { role: 'region', 'aria-label': 'The value', tabindex: '0' } }, node(undefined, value, 0));
}

/** The members of a value, read only as far as requested. */
class Members {
  readonly #value: object;
  readonly #keys: readonly string[] | undefined;
  readonly size: number;

  constructor(value: object) {
    this.#value = value;
    this.#keys = Array.isArray(value) ? undefined : Object.keys(value);
    this.size = this.#keys?.length ?? (value as unknown[]).length;
  }

  slice(from: number, to: number): (readonly [string, unknown])[] {
    const end = Math.min(to, this.size);
    const entries: (readonly [string, unknown])[] = [];
    for (let index = from; index < end; index++) {
      const key = this.#keys?.[index] ?? String(index);
      entries.push([key, (this.#value as Record<string, unknown>)[key]]);
    }
    return entries;
  }
}

function node(key: string | undefined, value: unknown, depth: number): HTMLElement {
  const label = key === undefined ? [] : [make('span', { class: 'tree-key', text: printableCut(key, longestKey) }), ': '];
  const inner = typeof value === 'object' && value !== null ? new Members(value) : undefined;
  if (!inner || inner.size === 0) return make('div', { class: 'tree-leaf' }, ...label, ...leaf(value));
  const details = make('details', { class: 'tree-branch' });
  const kind = Array.isArray(value) ? many(inner.size, 'item') : many(inner.size, 'member');
  details.append(make(
    'summary',
    {},
    ...label,
    make('span', { class: 'tree-kind', text: kind }),
    ' ',
    make('span', { class: 'tree-preview', text: printable(preview(value, longestPreview)) }),
  ));
  let filled = false;
  const fill = (): void => {
    if (filled || !details.open) return;
    filled = true;
    const list = make('div', { class: 'tree-members' });
    details.append(list);
    more(list, inner, 0, depth + 1);
  };
  details.addEventListener('toggle', fill);
  details.open = depth < openLevels && inner.size <= mostOpen;
  // The toggle event comes later; parts that are open from the start are filled at once.
  fill();
  return details;
}

/** Adds the next members, and a button for the rest. */
function more(list: HTMLElement, all: Members, from: number, depth: number): void {
  const next = all.slice(from, from + page);
  const nodes = next.map(([key, value]) => node(key, value, depth));
  list.append(...nodes);
  const left = all.size - from - next.length;
  if (left <= 0) return;
  const button = make('button', { class: 'quiet', text: `${count(Math.min(page, left))} more of ${count(left)}`, attributes: { type: 'button' } });
  button.addEventListener('click', () => {
    button.remove();
    const before = list.childElementCount;
    more(list, all, from + page, depth);
    // The focus moves to the first added member, and not to the top of the page.
    const first = list.children[before];
    if (first instanceof HTMLElement) {
      const target = first.querySelector('summary') ?? first;
      if (target === first) first.tabIndex = -1;
      target.focus();
    }
  });
  list.append(button);
}

function leaf(value: unknown): Node[] {
  if (typeof value === 'string') return text(value);
  const kind = value === null ? 'null' : Array.isArray(value) ? 'empty' : typeof value === 'object' ? 'empty' : typeof value;
  const shown = Array.isArray(value) ? '[]' : typeof value === 'object' && value !== null ? '{}' : String(value);
  return [make('span', { class: `tree-value tree-${kind}`, text: shown })];
}

function text(value: string): Node[] {
  const shown = make('span', { class: 'tree-value tree-string', text: `"${printable(cut(value, longestText))}"` });
  if (value.length <= longestText) return [shown];
  const rest = make('span', { class: 'tree-cut', text: ` the first ${count(longestText)} of ${count(value.length)} characters` });
  return [shown, rest];
}
