import type { SessionResult } from 'enclave-client';
import { find, make, write } from '../page/dom.js';
import { bytes, duration, many, stopwatch } from '../page/format.js';
import { printable, printableCut } from '../page/printable.js';
import { valueTree } from '../result/valueTree.js';
import type { Usage } from './limitsPanel.js';
import type { Issue, Outcome } from './outcome.js';

/** The resources that a run used, and who counted them. */
export interface FinalUsage extends Usage {
  /** Undefined for a session that never began. */
  readonly encrypted: boolean | undefined;
  readonly countedBy: 'broker' | 'page';
}

const longestMessage = 4_000;
const longestCopy = 16 * 1024 * 1024;

/** The buttons of a run, its state and its result. */
export class RunView {
  readonly #start = find('run', HTMLButtonElement);
  readonly #cancel = find('cancel', HTMLButtonElement);
  readonly #state = find('run-state', HTMLElement);
  readonly #outcome = find('outcome', HTMLElement);
  readonly #body = find('outcome-body', HTMLElement);
  readonly #goToLine: (line: number) => void;

  /** @param goToLine Shows a line of the script. */
  constructor(goToLine: (line: number) => void) {
    this.#goToLine = goToLine;
  }

  running(): void {
    this.#enable(true);
    this.#show('running');
    write(this.#state, 'running');
    this.#body.replaceChildren(make('p', { class: 'empty', text: 'The script is running. Its value will appear here.' }));
  }

  elapsed(ms: number): void {
    write(this.#state, `running for ${stopwatch(ms)}`);
  }

  ended(outcome: Outcome, result: SessionResult, usage: FinalUsage): void {
    this.#enable(false);
    this.#show(outcome.kind);
    write(this.#state, outcome.kind);
    this.#body.replaceChildren(
      ...headline(outcome),
      ...(result.success ? [this.#value(result.value)] : this.#failure(outcome)),
      usageList(result.sessionId, usage),
    );
  }

  /** Shows that the page itself failed. */
  broken(): void {
    this.#enable(false);
    this.#show('failed');
    write(this.#state, 'failed');
    const text = 'The page failed; the console of the browser shows why. The script can be run again.';
    this.#body.replaceChildren(make('p', { class: 'outcome-message', text }));
  }

  #value(value: unknown): HTMLElement {
    if (value === undefined) return make('p', { class: 'empty', text: 'It returned nothing.' });
    const copy = make('button', { class: 'quiet', text: 'Copy as JSON', attributes: { type: 'button' } });
    copy.addEventListener('click', () => void this.#copy(copy, value));
    return make('div', { class: 'value' }, valueTree(value), ...(navigator.clipboard ? [copy] : []));
  }

  #failure(outcome: Outcome): Node[] {
    const parts: Node[] = [];
    const { issues, line } = outcome;
    if (issues) parts.push(make('ol', { class: 'issues' }, ...issues.map((issue) => this.#issue(issue))));
    else if (outcome.message) parts.push(make('p', { class: 'outcome-message', text: printable(outcome.message.slice(0, longestMessage)) }));
    if (outcome.stack) parts.push(make('pre', { class: 'outcome-stack',
      text: printable(outcome.stack.slice(0, longestMessage).trim()), attributes: { tabindex: '0', role: 'region', 'aria-label': 'Where in the script' } }));
    if (outcome.advice) parts.push(make('p', { class: 'outcome-advice', text: outcome.advice }));
    if (line !== undefined && !issues) parts.push(this.#lineButton(line, `Go to line ${line}`));
    return parts;
  }

  #issue({ code, line, text }: Issue): HTMLElement {
    return make(
      'li',
      {},
      make('span', { class: 'issue-head' }, this.#lineButton(line, `Line ${line}`), make('span', { class: 'issue-code', text: printableCut(code, 80) })),
      make('span', { class: 'issue-text', text: printable(text.slice(0, longestMessage)) }),
    );
  }

  #lineButton(line: number, text: string): HTMLElement {
    const go = make('button', { class: 'quiet', text, attributes: { type: 'button' } });
    go.addEventListener('click', () => this.#goToLine(line));
    return go;
  }

  async #copy(button: HTMLButtonElement, value: unknown): Promise<void> {
    try {
      const text = JSON.stringify(value, null, 2);
      if (text.length > longestCopy) throw new RangeError('too long');
      await navigator.clipboard.writeText(text);
      write(button, 'Copied');
    } catch {
      write(button, 'Copying failed');
    }
  }

  #enable(running: boolean): void {
    // Not disabled: a focused button would lose the focus, and keyboard users their place.
    this.#start.setAttribute('aria-disabled', String(running));
    this.#cancel.setAttribute('aria-disabled', String(!running));
  }

  #show(state: string): void {
    this.#state.dataset['state'] = state;
    this.#outcome.dataset['state'] = state;
    this.#outcome.setAttribute('aria-busy', String(state === 'running'));
  }
}

function headline({ title, code }: Outcome): Node[] {
  return [make('p', { class: 'outcome-title', text: title }), ...(
    code === undefined ? [] : [make('p', { class: 'outcome-code', text: printableCut(code, 120) })])];
}

function usageList(sessionId: string, usage: FinalUsage): HTMLElement {
  const items = [
    duration(usage.elapsedMs),
    many(usage.toolCalls, 'tool call'),
    `${bytes(usage.stdoutBytes)} of console`,
    ...(usage.encrypted === undefined ? [] : [usage.encrypted ? 'events encrypted' : 'events not encrypted']),
    usage.countedBy === 'broker' ? 'counted by the broker' : 'counted by this page',
    printableCut(sessionId, 60),
  ];
  return make('ul', { class: 'facts', attributes: { 'aria-label': 'What it used' } }, ...items.map((text) => make('li', { text })));
}
