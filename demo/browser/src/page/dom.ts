/** The class, text and attributes of a new element. Text is never read as markup. */
export interface Parts {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A new element. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, parts: Parts = {}, ...children: readonly (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, parts, children);
  return element;
}

/** A new element of a drawing. */
export function draw<K extends keyof SVGElementTagNameMap>(tag: K, parts: Parts = {}, ...children: readonly (Node | string)[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  fill(element, parts, children);
  return element;
}

/** The element of the page with an id. */
export function find<T extends Element>(id: string, kind: abstract new (...args: never[]) => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} with the id ${id}`);
  return element;
}

/** Writes a text if it differs: an unchanged text is neither laid out nor announced again. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function fill(element: Element, { class: name, text, attributes = {} }: Parts, children: readonly (Node | string)[]): void {
  if (name !== undefined) element.setAttribute('class', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  element.append(...children);
}
