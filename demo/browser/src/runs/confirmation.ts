import { find, write } from '../page/dom.js';

/** Asks before something that cannot be undone. Escape and the button that has the focus first say no. */
export class Confirmation {
  readonly #dialog = find('confirm-dialog', HTMLDialogElement);
  readonly #title = find('confirm-title', HTMLElement);
  readonly #note = find('confirm-note', HTMLElement);
  readonly #yes = find('confirm-yes', HTMLButtonElement);
  #confirmed: (() => void) | undefined;

  constructor() {
    this.#yes.addEventListener('click', () => {
      const confirmed = this.#confirmed;
      this.#dialog.close();
      confirmed?.();
    });
    find('confirm-no', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('close', () => {
      this.#confirmed = undefined;
    });
  }

  ask(question: { readonly title: string; readonly note: string; readonly yes: string }, confirmed: () => void): void {
    write(this.#title, question.title);
    write(this.#note, question.note);
    write(this.#yes, question.yes);
    this.#confirmed = confirmed;
    this.#dialog.showModal();
  }
}
