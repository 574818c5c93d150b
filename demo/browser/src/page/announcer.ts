import { SpokenLines } from './spokenLines.js';

// A screen reader takes a few seconds for a sentence; more often than this nobody could follow.
const quietMs = 2_000;

/** What those hear who do not see the page. */
export class Announcer {
  readonly #polite: HTMLElement;
  readonly #assertive: HTMLElement;
  readonly #lines = new SpokenLines();
  #timer: number | undefined;

  constructor(polite: HTMLElement, assertive: HTMLElement) {
    this.#polite = polite;
    this.#assertive = assertive;
  }

  /** Says something when there is a pause. */
  say(text: string): void {
    this.#tell(this.#polite, text);
  }

  /** Says a failure at once. */
  alarm(text: string): void {
    this.#tell(this.#assertive, text);
  }

  /** Lines of the console: the newest ones, now and then. */
  lines(lines: readonly string[]): void {
    this.#lines.add(lines);
    this.#timer ??= window.setTimeout(() => {
      this.#timer = undefined;
      this.say(this.#lines.take());
    }, quietMs);
  }

  /** Forgets lines that were not said yet. */
  hush(): void {
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lines.take();
  }

  #tell(region: HTMLElement, text: string): void {
    // A new element each time: the same words twice are two messages.
    const line = document.createElement('p');
    line.textContent = text;
    region.replaceChildren(line);
  }
}
