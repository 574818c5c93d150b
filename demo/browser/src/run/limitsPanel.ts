import type { EncryptionMode } from 'enclave-client';
import { find, write } from '../page/dom.js';
import { bytes, count, stopwatch } from '../page/format.js';
import { effective, inWords, limitNames, mostOf, readLimits, type BrokerLimits, type LimitName, type LimitsReading } from './limits.js';

/** The resources that a run has used so far. */
export interface Usage {
  readonly elapsedMs: number;
  readonly toolCalls: number;
  readonly stdoutBytes: number;
}

interface Row {
  readonly field: HTMLInputElement;
  readonly used: HTMLElement;
  readonly most: HTMLElement;
  readonly problem: HTMLElement;
  readonly element: HTMLElement;
}

/** The limits of the next run, and the usage of the present one. The line under each fills up. */
export class LimitsPanel {
  readonly #rows: ReadonlyMap<LimitName, Row>;
  readonly #box = find('limits', HTMLDetailsElement);
  readonly #encryption = find('encryption', HTMLSelectElement);
  readonly #encryptionUsed = find('encryption-used', HTMLElement);
  #broker: BrokerLimits = {};
  // The limits of the run that is shown; the fields may already have the next one's.
  #running: BrokerLimits | undefined;

  constructor() {
    // On a narrow page the result comes first.
    this.#box.open = matchMedia('(min-width: 52rem)').matches;
    this.#rows = new Map(limitNames.map((name) => {
      const field = find(name, HTMLInputElement);
      const part = (suffix: string): HTMLElement => find(`${name}-${suffix}`, HTMLElement);
      field.addEventListener('input', () => this.#accept(name));
      return [name, { field, used: part('used'), most: part('most'), problem: part('problem'), element: part('row') }];
    }));
  }

  get encryption(): EncryptionMode {
    const mode = this.#encryption.value;
    return mode === 'optional' || mode === 'required' ? mode : 'disabled';
  }

  /** Reads the limits in the fields. A wrong one is shown and gets the focus. */
  read(): LimitsReading {
    const texts = Object.fromEntries(limitNames.map((name) => [name, this.#row(name).field.value])) as Record<LimitName, string>;
    const reading = readLimits(texts, this.#broker);
    if (reading.field !== undefined) {
      const { field, problem } = this.#row(reading.field);
      write(problem, reading.problem);
      problem.hidden = false;
      field.setAttribute('aria-invalid', 'true');
      this.#box.open = true;
      field.focus();
    }
    return reading;
  }

  /** Sets the limits of an example. The broker chooses the others. */
  suggest(limits: BrokerLimits): void {
    for (const name of limitNames) {
      const most = mostOf(name, this.#broker);
      const value = limits[name];
      this.#row(name).field.value = value === undefined ? '' : String(most === undefined ? value : Math.min(value, most));
      this.#accept(name);
    }
  }

  /** Shows the broker's own limits. */
  know(broker: BrokerLimits): void {
    this.#broker = broker;
    for (const name of limitNames) {
      const most = mostOf(name, broker);
      const { field, most: words } = this.#row(name);
      field.placeholder = name === 'deadlineMs' ? 'none' : most === undefined ? 'default' : String(most);
      write(words, most === undefined ? '' : `at most ${name === 'maxStdoutBytes' ? bytes(most) : count(most)}`);
    }
  }

  /** Shows the limits of a run that begins. */
  begin(limits: BrokerLimits): void {
    this.#running = Object.fromEntries(limitNames.map((name) => [name, effective(name, limits, this.#broker)]));
    write(this.#encryptionUsed, '–');
  }

  show({ elapsedMs, toolCalls, stdoutBytes }: Usage): void {
    this.#fill('sessionTtlMs', elapsedMs, stopwatch(elapsedMs));
    if (this.#running?.deadlineMs === undefined) this.#fill('deadlineMs', 0, '–');
    else this.#fill('deadlineMs', elapsedMs, stopwatch(elapsedMs));
    this.#fill('maxToolCalls', toolCalls, count(toolCalls));
    this.#fill('maxStdoutBytes', stdoutBytes, bytes(stdoutBytes));
  }

  /** Shows whether the events of the session are encrypted. */
  showEncrypted(encrypted: boolean): void {
    write(this.#encryptionUsed, encrypted ? 'encrypted' : 'in clear');
  }

  #fill(name: LimitName, used: number, words: string): void {
    const { used: text, element } = this.#row(name);
    const limit = this.#running?.[name];
    write(text, limit === undefined || name === 'deadlineMs' ? words : `${words} of ${inWords(name, limit)}`);
    const share = limit === undefined || limit === 0 ? 0 : Math.min(1, used / limit);
    element.style.setProperty('--used', share.toFixed(4));
    element.dataset['level'] = share >= 1 ? 'full' : share >= 0.8 ? 'high' : 'low';
  }

  #accept(name: LimitName): void {
    const { field, problem } = this.#row(name);
    field.removeAttribute('aria-invalid');
    problem.hidden = true;
  }

  #row(name: LimitName): Row {
    return this.#rows.get(name)!;
  }
}
