import { SpokenLines } from './spokenLines.js';

// The pause between messages: a screen reader needs a few seconds for a sentence.
const quietMs = 2_000;

/** Messages for screen readers. */
export class Announcer {
  readonly #polite: HTMLElement;
  readonly #assertive: HTMLElement;
  readonly #lines = new SpokenLines();
  #timer: number | undefined;

  constructor(polite: HTMLElement, assertive: HTMLElement) {
    this.#polite = polite;
    this.#assertive = assertive;
  }

  /** Announces a text at the next pause. */
  say(text: string): void {
    this.#tell(this.#polite, text);
  }

  /** Announces a failure at once. */
  alarm(text: string): void {
    this.#tell(this.#assertive, text);
  }

  /** Announces console lines: from time to time, the newest ones. */
  lines(lines: readonly string[]): void {
    this.#lines.add(lines);
    this.#timer ??= window.setTimeout(() => {
      this.#timer = undefined;
      this.say(this.#lines.take());
    }, quietMs);
  }

  /** Drops lines that were not announced yet. */
  hush(): void {
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lines.take();
  }

  #tell(region: HTMLElement, text: string): void {
    // A new element each time, so that the same words twice are two messages.
    const line = document.createElement('p');
    line.textContent = text;
    region.replaceChildren(line);
  }
}
