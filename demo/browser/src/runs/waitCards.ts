import { find, make, write } from '../page/dom.js';
import { duration, moment } from '../page/format.js';
import { printable, printableCut } from '../page/printable.js';
import type { Action, RunActions } from './runActions.js';
import type { Entry, Run, Wait } from './runSnapshots.js';
import { waitWords } from './runWords.js';

interface Card {
  readonly element: HTMLElement;
  update(wait: Wait, call: Entry | undefined, now: number): void;
}

/** The waits of a run, each with the fields that answer it. A field keeps its text while the run is requested again. */
export class WaitCards {
  readonly #list = find('run-waits', HTMLElement);
  readonly #empty = find('run-waits-empty', HTMLElement);
  readonly #more = find('run-waits-more', HTMLElement);
  readonly #actions: RunActions;
  readonly #act: (action: Action) => void;
  #cards = new Map<string, Card>();
  #made = 0;

  /** @param act Called with the action that the user chose. */
  constructor(actions: RunActions, act: (action: Action) => void) {
    this.#actions = actions;
    this.#act = act;
  }

  /**
   * Shows waits.
   * @returns False if the card with the focus is gone.
   */
  show({ waits, waitCount }: Pick<Run, 'waits' | 'waitCount'>, callOf: (id: string | undefined) => Entry | undefined, now: number): boolean {
    const before = this.#cards;
    const focused = document.activeElement;
    const hadFocus = focused !== null && this.#list.contains(focused);
    this.#cards = new Map();
    for (const wait of waits) {
      const key = JSON.stringify([wait.callId ?? '', wait.token ?? '']);
      const card = before.get(key) ?? this.#card(wait);
      card.update(wait, callOf(wait.callId), now);
      this.#cards.set(key, card);
    }
    for (const [key, { element }] of before) if (!this.#cards.has(key)) element.remove();
    for (const { element } of this.#cards.values()) if (!element.isConnected) this.#list.append(element);
    this.#empty.hidden = waitCount > 0;
    this.#more.hidden = waitCount <= waits.length;
    write(this.#more, `${waitCount - waits.length} more are shown when these have their answers.`);
    return !hadFocus || this.#list.contains(focused);
  }

  clear(): void {
    this.#cards.clear();
    this.#list.replaceChildren();
  }

  #card(wait: Wait): Card {
    const id = `wait-${++this.#made}`;
    const title = make('h4', { attributes: { id } });
    const note = make('p', { class: 'note' });
    const args = make('pre', { class: 'wait-args' });
    const element = make('div', { class: 'wait', attributes: { role: 'group', 'aria-labelledby': id } }, title, note, args);
    if (wait.token !== undefined) element.append(...(wait.kind === 'approval' ? this.#approval(id, wait.token) : this.#answer(id, wait.token)));
    return {
      element: make('li', {}, element),
      update: (now_, call, now) => {
        write(title, waitWords(now_));
        const until = now_.until === undefined ? 'without end' : `until ${moment(now_.until)}${
          now_.until > now ? `, in ${duration(Math.ceil((now_.until - now) / 1000) * 1000)}` : ''}`;
        write(note, `${now_.callId === undefined ? '' : `call ${printableCut(now_.callId, 20)}, `}${until}`);
        const isBlind = call === undefined && now_.kind === 'approval';
        args.hidden = call === undefined && !isBlind;
        write(args, isBlind ? 'The call is not among the entries shown below: look at it before you approve it.' : printable(call?.args ?? ''));
      },
    };
  }

  #approval(id: string, token: string): readonly HTMLElement[] {
    const reason = make('input', { attributes: { id: `${id}-reason`, autocomplete: 'off', maxlength: '1000' } });
    return [
      row(button('Approve', 'primary', () => this.#act(this.#actions.approve(token)))),
      make('label', { text: 'Reason to deny, for the script (optional)', attributes: { for: reason.id } }),
      row(reason, button('Deny', '', () => this.#act(this.#actions.deny(token, reason.value.trim())))),
    ];
  }

  #answer(id: string, token: string): readonly HTMLElement[] {
    const value = make('textarea', { attributes: { id: `${id}-value`, rows: '2', spellcheck: 'false', 'aria-describedby': `${id}-problem` } });
    const problem = make('p', { class: 'field-problem', attributes: { id: `${id}-problem`, role: 'alert' } });
    const reason = make('input', { attributes: { id: `${id}-reason`, autocomplete: 'off', maxlength: '1000' } });
    const send = (): void => {
      const isValid = isJson(value.value);
      value.setAttribute('aria-invalid', String(!isValid));
      write(problem, isValid ? '' : 'This is not JSON. Texts stand in quotation marks: "yes".');
      if (isValid) this.#act(this.#actions.answer(token, value.value));
    };
    return [
      make('label', { text: 'Answer, in JSON', attributes: { for: value.id } }),
      row(value, button('Answer', 'primary', send)),
      problem,
      make('label', { text: 'Reason to refuse, for the script', attributes: { for: reason.id } }),
      row(reason, button('Refuse', '', () => this.#act(this.#actions.refuse(token, reason.value.trim() || 'refused by the operator')))),
    ];
  }
}

function row(...children: readonly HTMLElement[]): HTMLElement {
  return make('div', { class: 'wait-row' }, ...children);
}

function button(text: string, look: string, press: () => void): HTMLElement {
  const element = make('button', { class: look, text, attributes: { type: 'button' } });
  element.addEventListener('click', press);
  return element;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
