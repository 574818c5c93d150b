import { find, write } from '../page/dom.js';
import type { FeedState } from '../page/feed.js';
import { count, duration } from '../page/format.js';
import { printableCut } from '../page/printable.js';
import { tallyInto } from '../page/tally.js';
import { LatencyChart } from './latencyChart.js';
import { PlaceCard } from './placeCard.js';
import type { PoolSnapshot } from './poolSnapshot.js';

/** The panel that shows where sessions run. */
export class PoolPanel {
  readonly #panel = find('pool', HTMLElement);
  readonly #link = find('link', HTMLElement);
  readonly #level = find('level', HTMLElement);
  readonly #uptime = find('uptime', HTMLElement);
  readonly #notice = find('pool-notice', HTMLElement);
  readonly #body = find('pool-body', HTMLElement);
  readonly #active = find('sessions-active', HTMLElement);
  readonly #max = find('sessions-max', HTMLElement);
  readonly #total = find('sessions-total', HTMLElement);
  readonly #gauge = find('sessions-gauge', HTMLElement);
  readonly #codes = find('codes', HTMLElement);
  readonly #codesEmpty = find('codes-empty', HTMLElement);
  readonly #places = find('places', HTMLElement);
  readonly #chart = new LatencyChart();
  readonly #cards: PlaceCard[] = [];

  show(state: FeedState<PoolSnapshot>): void {
    this.#panel.dataset['state'] = state.kind;
    this.#showLink(state);
    this.#showNotice(state);
    if (state.kind === 'live') this.#showSnapshot(state.snapshot);
  }

  #showLink(state: FeedState<PoolSnapshot>): void {
    const reached = state.kind === 'live' || (state.kind === 'failing' && state.reached);
    this.#link.dataset['state'] = reached ? 'up' : state.kind === 'failing' || state.kind === 'forbidden' ? 'down' : 'unknown';
    const words = { waiting: 'connecting',
      live: 'live', locked: 'a token is needed', forbidden: 'not for this token', failing: reached ? 'no pool data' : 'broker not reachable' };
    write(this.#link, words[state.kind]);
  }

  #showNotice(state: FeedState<PoolSnapshot>): void {
    const retry = state.kind === 'failing' ? `; next try in ${duration(state.retryMs)}` : '';
    const stale = this.#body.hidden ? '' : ' The data below is the last that was received.';
    const words = {
      waiting: 'No data yet.',
      live: '',
      locked: 'No data: the broker requires a token.',
      forbidden: 'No data: this token may not see the pool.',
      failing: state.kind === 'failing' ? `No data: ${state.problem}${retry}.${stale}` : '',
    };
    write(this.#notice, words[state.kind]);
    this.#notice.hidden = state.kind === 'live';
  }

  #showSnapshot(snapshot: PoolSnapshot): void {
    this.#body.hidden = false;
    const { active, max, total } = snapshot.sessions;
    write(this.#active, known(active));
    write(this.#max, known(max));
    write(this.#total, known(total));
    this.#gauge.style.setProperty('--used', active !== undefined && max ? Math.min(1, active / max).toFixed(4) : '0');
    write(this.#level, [snapshot.level && printableCut(snapshot.level, 20).toUpperCase(), modeInWords(snapshot)].filter(Boolean).join(', '));
    write(this.#uptime, snapshot.uptime === undefined ? '' : `up ${duration(Math.floor(snapshot.uptime / 1000) * 1000)}`);
    this.#chart.show(snapshot.seconds);
    this.#codesEmpty.hidden = snapshot.codes.length > 0;
    tallyInto(this.#codes, snapshot.codes);
    this.#showPlaces(snapshot);
  }

  #showPlaces({ places }: PoolSnapshot): void {
    while (this.#cards.length > places.length) this.#cards.pop()!.element.remove();
    while (this.#cards.length < places.length) {
      const card = new PlaceCard();
      this.#cards.push(card);
      this.#places.append(card.element);
    }
    places.forEach((place, index) => this.#cards[index]!.show(place));
  }
}

function modeInWords({ mode, places }: PoolSnapshot): string {
  if (mode === 'embedded') return 'embedded';
  return mode !== undefined ? `${count(places.length)} ${places.length === 1 ? 'runtime' : 'runtimes'}` : '';
}

function known(value: number | undefined): string {
  return value === undefined ? '–' : count(value);
}
