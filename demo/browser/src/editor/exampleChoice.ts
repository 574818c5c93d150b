import { find, make, write } from '../page/dom.js';
import { examples, type Example } from './examples.js';

/** The choice of an example. */
export class ExampleChoice {
  readonly #select = find('example', HTMLSelectElement);
  readonly #note = find('example-note', HTMLElement);

  /** @param take Receives the chosen example, the first one at once. */
  constructor(take: (example: Example) => void) {
    this.#select.replaceChildren(...examples.map((example) => make('option', { text: example.title, attributes: { value: example.id } })));
    const chosen = (): void => {
      const example = examples.find(({ id }) => id === this.#select.value) ?? examples[0];
      write(this.#note, example.note);
      take(example);
    };
    this.#select.addEventListener('change', chosen);
    chosen();
  }
}
