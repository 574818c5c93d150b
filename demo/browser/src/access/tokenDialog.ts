import { find, write } from '../page/dom.js';
import { Access } from './access.js';

/** Asks for a token if the broker requires one. */
export class TokenDialog {
  readonly #dialog = find('token-dialog', HTMLDialogElement);
  readonly #field = find('token', HTMLInputElement);
  readonly #problem = find('token-problem', HTMLElement);
  readonly #open = find('token-open', HTMLButtonElement);
  #dismissed = false;

  /** @param take Receives the entered token. */
  constructor(take: (token: string) => void) {
    this.#open.addEventListener('click', () => this.#show());
    find('token-later', HTMLButtonElement).addEventListener('click', () => this.#dismiss());
    this.#dialog.addEventListener('close', () => {
      this.#field.value = '';
    });
    // Escape.
    this.#dialog.addEventListener('cancel', () => this.#dismiss());
    find('token-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      const token = this.#field.value.trim();
      if (!Access.isToken(token)) return this.#complain('A token has only ASCII characters and no blanks.');
      this.#complain('');
      this.#open.hidden = true;
      this.#dismissed = false;
      this.#dialog.close();
      take(token);
    });
  }

  /** The broker has answered 401. */
  refused(hadToken: boolean): void {
    this.#open.hidden = false;
    if (hadToken) this.#complain('The broker refused this token.');
    // A user who closed the dialog wants to see the page without a token. The button in the header opens it again.
    if (!this.#dismissed) this.#show();
  }

  /** Opens the dialog for another token, because this one is not allowed to see the page. */
  offer(): void {
    this.#open.hidden = false;
  }

  #show(): void {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#field.focus();
  }

  #dismiss(): void {
    this.#dismissed = true;
    this.#dialog.close();
  }

  #complain(problem: string): void {
    write(this.#problem, problem);
    this.#field.setAttribute('aria-invalid', String(problem !== ''));
  }
}
