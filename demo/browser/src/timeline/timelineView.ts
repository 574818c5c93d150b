import { find, make, write } from '../page/dom.js';
import { count, duration, many } from '../page/format.js';
import { timeAxis } from './axis.js';
import { TimelineState, type CallState, type SessionEnd, type TimelineCall } from './timelineState.js';

const mostRows = 200;
const words: Readonly<Record<CallState, string>> = { running: 'running', answered: 'answered', failed: 'failed', ended: 'cut off' };

/** The tool calls of a run, each as a row with a bar. */
export class TimelineView {
  readonly #list = find('calls', HTMLElement);
  readonly #axis = find('calls-axis', HTMLElement);
  readonly #empty = find('calls-empty', HTMLElement);
  readonly #dropped = find('calls-dropped', HTMLElement);
  readonly #count = find('calls-count', HTMLElement);
  readonly #rows = new Map<number, CallRow>();
  #state = new TimelineState(mostRows);

  clear(): void {
    this.#state = new TimelineState(mostRows);
    this.#rows.clear();
    this.#list.replaceChildren();
    this.draw(0);
  }

  begin(id: string, tool: string, args: unknown, at: number): void {
    this.#state.begin(id, tool, args, at);
  }

  applied(id: string, at: number): void {
    this.#state.applied(id, at);
  }

  somethingElse(): void {
    this.#state.somethingElse();
  }

  end(end: SessionEnd, at: number): void {
    this.#state.end(end, at);
    this.draw(at);
  }

  /** @param now Milliseconds since the session began. */
  draw(now: number): void {
    const { calls, total, dropped, running } = this.#state;
    this.#empty.hidden = total > 0;
    this.#axis.hidden = total === 0;
    this.#dropped.hidden = dropped === 0;
    if (dropped > 0) write(this.#dropped, `${many(dropped, 'older call')} dropped: the newest ${count(mostRows)} are kept`);
    write(this.#count, total > 0 ? `${many(total, 'call')}${running > 0 ? `, ${count(running)} running` : ''}` : '');
    const axis = timeAxis(calls.length > 0 ? Math.max(...calls.map((call) => call.ended ?? now), 1) : 1);
    this.#drawAxis(axis.ticks);
    for (const [number, row] of this.#rows) {
      if (number >= (calls[0]?.number ?? 0)) break;
      row.element.remove();
      this.#rows.delete(number);
    }
    for (const call of calls) this.#row(call).draw(call, now, axis.end);
  }

  #row(call: TimelineCall): CallRow {
    const known = this.#rows.get(call.number);
    if (known) return known;
    const row = new CallRow(call);
    this.#rows.set(call.number, row);
    this.#list.append(row.element);
    return row;
  }

  #drawAxis(ticks: readonly { at: number; share: number }[]): void {
    const key = ticks.map((tick) => tick.at).join();
    if (this.#axis.dataset['key'] === key) return;
    this.#axis.dataset['key'] = key;
    this.#axis.replaceChildren(...ticks.map(({ at, share }) => {
      const mark = make('span', { class: 'axis-mark', text: at === 0 ? '0' : duration(at) });
      mark.style.setProperty('--at', String(share));
      return mark;
    }));
  }
}

/** One call. Its text is complete; the bar repeats it graphically. */
class CallRow {
  readonly element: HTMLElement;
  readonly #state = make('span', { class: 'call-state' });
  readonly #time = make('span', { class: 'call-time' });
  readonly #bar = make('span', { class: 'call-bar' });

  constructor(call: TimelineCall) {
    const name = make('span', { class: 'call-name', text: call.tool });
    const args = make('span', { class: 'call-args', text: call.args, attributes: { title: call.args } });
    const begun = make('span', { class: 'unseen', text: `, called at ${duration(call.begun)}, ` });
    this.element = make(
      'li',
      { class: 'call' },
      make('span', { class: 'call-head' }, name, begun, make('span', { class: 'call-outcome' }, this.#state, ' ', this.#time)),
      args,
      make('span', { class: 'call-track', attributes: { 'aria-hidden': 'true' } }, this.#bar),
    );
  }

  draw(call: TimelineCall, now: number, axisEnd: number): void {
    const end = Math.max(call.ended ?? now, call.begun);
    if (this.element.dataset['state'] !== call.state) this.element.dataset['state'] = call.state;
    write(this.#state, words[call.state]);
    write(this.#time, `${call.state === 'running' ? '' : 'after '}${duration(end - call.begun)}`);
    this.#bar.style.setProperty('--from', String(call.begun / axisEnd));
    this.#bar.style.setProperty('--to', String(end / axisEnd));
  }
}
