import { boundedText, parseJson } from '../page/boundedText.js';
import { find, make, write } from '../page/dom.js';
import { many } from '../page/format.js';
import { printable, printableCut } from '../page/printable.js';

/** A tool that scripts may call. */
export interface Tool {
  readonly name: string;
  readonly description: string;
}

const mostTools = 200;
const mostBytes = 1024 * 1024;

/** Reads a broker's list of tools; undefined if it is invalid. */
export function readTools(json: unknown): Tool[] | undefined {
  const actions = (json as { readonly actions?: unknown } | null | undefined)?.actions;
  if (!Array.isArray(actions)) return undefined;
  return actions.slice(0, mostTools).flatMap((action: unknown) => {
    const { name, description } = (action ?? {}) as { readonly name?: unknown; readonly description?: unknown };
    if (typeof name !== 'string' || name === '') return [];
    return [{ name: printableCut(name, 80), description: typeof description === 'string' ? printable(description.slice(0, 400)) : '' }];
  });
}

/** The tools of the broker, as a list. */
export class ToolList {
  readonly #fetch: typeof globalThis.fetch;
  readonly #list = find('tools', HTMLElement);
  readonly #count = find('tools-count', HTMLElement);
  readonly #empty = find('tools-empty', HTMLElement);

  #state: 'unknown' | 'loading' | 'loaded' = 'unknown';

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
  }

  /** True if the tools are loaded or being loaded. */
  get isLoaded(): boolean {
    return this.#state !== 'unknown';
  }

  async load(): Promise<void> {
    this.#state = 'loading';
    const tools = await this.#ask();
    this.#state = tools === undefined ? 'unknown' : 'loaded';
    this.#list.replaceChildren(...(tools ?? [])
      .flatMap(({ name, description }) => [make('dt', { text: name }), make('dd', { text: description === '' ? 'no description' : description })]));
    write(this.#count, tools === undefined ? '' : many(tools.length, 'tool'));
    write(this.#empty, tools === undefined ? 'The list of tools is not available.' : 'The broker has no tools.');
    this.#empty.hidden = tools !== undefined && tools.length > 0;
  }

  async #ask(): Promise<Tool[] | undefined> {
    try {
      const answer = await this.#fetch('code/actions', { signal: AbortSignal.timeout(10_000) });
      const text = answer.ok ? await boundedText(answer, mostBytes) : undefined;
      return text === undefined ? undefined : readTools(parseJson(text));
    } catch {
      // The pool's panel reports that the broker cannot be reached.
      return undefined;
    }
  }
}
