import { find, write } from './dom.js';
import type { FeedState } from './feed.js';
import { duration } from './format.js';

/** Shows the state of an operators' page: in its header, and above its data. */
export class FeedNotice {
  readonly #page: HTMLElement;
  readonly #link = find('link', HTMLElement);
  readonly #notice: HTMLElement;
  readonly #body: HTMLElement;

  /** @param id The id of the page. `ID-notice` gets the words, `ID-body` has the data. */
  constructor(id: string) {
    this.#page = find(id, HTMLElement);
    this.#notice = find(`${id}-notice`, HTMLElement);
    this.#body = find(`${id}-body`, HTMLElement);
  }

  show(state: FeedState<unknown>): void {
    this.#page.dataset['state'] = state.kind;
    const reached = state.kind === 'live' || (state.kind === 'failing' && state.reached);
    this.#link.dataset['state'] = reached ? 'up' : state.kind === 'failing' || state.kind === 'forbidden' ? 'down' : 'unknown';
    const words = { waiting: 'connecting',
      live: 'live', locked: 'a token is needed', forbidden: 'not for this token', failing: reached ? 'no data' : 'broker not reachable' };
    write(this.#link, words[state.kind]);
    write(this.#notice, `${problemIn(state)}${state.kind === 'waiting' || this.#body.hidden ? '' : ' The data below is the last that was received.'}`);
    this.#notice.hidden = state.kind === 'live';
    if (state.kind === 'live') this.#body.hidden = false;
  }
}

/** Why a feed has no data; empty if it has. */
export function problemIn(state: FeedState<unknown>): string {
  switch (state.kind) {
    case 'waiting': return 'No data yet.';
    case 'live': return '';
    case 'locked': return "No data: the broker requires an operator's token.";
    case 'forbidden': return "No data: this token is not an operator's. Operators' tokens are set with --operator-token-file.";
    case 'failing': return `No data: ${state.problem}; next try in ${duration(state.retryMs)}.`;
  }
}
