import { DataTable } from '../page/dataTable.js';
import { find, make, write } from '../page/dom.js';
import type { FeedState } from '../page/feed.js';
import { problemIn } from '../page/feedNotice.js';
import { bytes, count, preciseMoment } from '../page/format.js';
import { printable, printableCut } from '../page/printable.js';
import { Confirmation } from './confirmation.js';
import type { Action, ActionEnd, RunActions } from './runActions.js';
import type { Entry, Run, RunDetail } from './runSnapshots.js';
import { RunTimeline } from './runTimeline.js';
import { callWords, dueWords, entryDetails, entryWord, nothing, runWords, timeWords } from './runWords.js';
import { WaitCards } from './waitCards.js';

const facts = ['tenant', 'state', 'outcome', 'created', 'changed', 'due', 'entries', 'size', 'run id'] as const;
const moves = ['earlier', 'later', 'last'] as const;
type Move = (typeof moves)[number];

/** What the view tells the page. */
export interface RunViewEvents {
  /** The window over the journal was moved, or the run was changed: it is to be requested now. */
  readonly asked: () => void;
  readonly acted: (end: ActionEnd) => void;
  readonly closed: () => void;
}

/** One run: its state, what it waits for, its timeline, and the operator's actions. */
export class RunView {
  readonly #card = find('run', HTMLElement);
  readonly #title = find('run-title', HTMLElement);
  readonly #empty = find('run-empty', HTMLElement);
  readonly #notice = find('run-notice', HTMLElement);
  readonly #body = find('run-body', HTMLElement);
  readonly #done = find('run-done', HTMLElement);
  readonly #code = find('run-code', HTMLElement);
  readonly #span = find('run-span', HTMLElement);
  readonly #cancel = find('run-cancel', HTMLButtonElement);
  readonly #delete = find('run-delete', HTMLButtonElement);
  readonly #moves: Readonly<Record<Move, HTMLButtonElement>> = {
    earlier: find('run-earlier', HTMLButtonElement), later: find('run-later', HTMLButtonElement), last: find('run-last', HTMLButtonElement) };
  readonly #facts = facts.map((name) => {
    const value = make('dd', { text: nothing });
    find('run-facts', HTMLElement).append(make('div', {}, make('dt', { text: name }), value));
    return value;
  });
  readonly #table: DataTable<Entry>;
  readonly #waits: WaitCards;
  readonly #confirmation = new Confirmation();
  readonly #events: RunViewEvents;
  #timeline: RunTimeline | undefined;
  #shown: RunDetail | undefined;
  #isActing = false;

  constructor(actions: RunActions, events: RunViewEvents) {
    this.#events = events;
    this.#waits = new WaitCards(actions, (action) => void this.#act(action));
    this.#table = new DataTable<Entry>('timeline', [
      { title: 'no.', kind: 'number', value: (entry) => count(entry.number) },
      { title: 'time', kind: 'words', value: (entry) => this.#timeOf(entry) },
      { title: 'entry', kind: 'words', value: entryWord, marks: true },
      { title: 'call', kind: 'words', value: (entry) => callWords(entry, this.#timeline?.callOf(entry.callId)) },
      { title: 'arguments, answer, text', kind: 'text', value: entryDetails },
    ]);
    for (const name of moves) this.#moves[name].addEventListener('click', () => this.#move(name));
    this.#cancel.addEventListener('click', () => this.#confirm(this.#cancel, {
      title: 'Cancel', note: 'The script ends with CANCELLED. What its tools did stays done.', yes: 'Cancel the run' }, (run) => actions.cancel(run)));
    this.#delete.addEventListener('click', () => this.#confirm(this.#delete, {
      title: 'Delete', note: 'Its journal and its result are gone for good.', yes: 'Delete the run' }, (run) => actions.remove(run)));
  }

  /** The path of the next request; undefined while no run is chosen. */
  get path(): string | undefined {
    return this.#timeline?.path;
  }

  open(run: Run): void {
    this.#timeline = new RunTimeline(run);
    this.#shown = undefined;
    this.#waits.clear();
    this.#empty.hidden = true;
    this.#body.hidden = true;
    write(this.#done, '');
    write(this.#title, `Run ${runWords(run)}`);
    this.show({ kind: 'waiting' });
    // The user goes on here, also without a pointer.
    this.#title.focus();
    this.#card.scrollIntoView({ block: 'nearest' });
  }

  show(state: FeedState<RunDetail>): void {
    this.#card.dataset['state'] = state.kind;
    write(this.#notice, problemIn(state));
    this.#notice.hidden = state.kind === 'live';
    if (state.kind === 'live') this.#showRun(state.snapshot);
  }

  #showRun(detail: RunDetail): void {
    const timeline = this.#timeline;
    if (!timeline) return;
    timeline.take(detail);
    this.#shown = detail;
    this.#body.hidden = false;
    const now = detail.time ?? Date.now();
    const told = [
      detail.tenant === undefined ? nothing : printableCut(detail.tenant, 64), detail.state ?? 'unknown',
      detail.outcome === undefined ? nothing : printableCut(detail.outcome, 40), timeWords(detail.created), timeWords(detail.changed),
      detail.due === undefined ? nothing : `${timeWords(detail.due)}, ${dueWords(detail, now)}`, count(detail.entries),
      detail.bytes === undefined ? nothing : bytes(detail.bytes), detail.runId === undefined ? nothing : printableCut(detail.runId, 80),
    ];
    this.#facts.forEach((element, index) => write(element, told[index]!));
    write(this.#code, printable(detail.code ?? ''));
    this.#cancel.hidden = detail.state === 'ended';
    this.#delete.hidden = detail.state !== 'ended';
    this.#drawTimeline(timeline);
    if (!this.#waits.show(detail, (id) => timeline.callOf(id), now)) this.#title.focus();
  }

  #drawTimeline(timeline: RunTimeline): void {
    const { entries, total } = timeline;
    this.#table.show(entries);
    write(this.#span, entries.length === 0 ? '' : `${count(entries[0]!.number)} to ${count(entries.at(-1)!.number)} of ${count(total)}`);
    this.#moves.earlier.setAttribute('aria-disabled', String(!timeline.hasEarlier));
    this.#moves.later.setAttribute('aria-disabled', String(!timeline.hasLater));
    this.#moves.last.setAttribute('aria-disabled', String(!timeline.hasLater));
  }

  #timeOf({ time, type }: Entry): string {
    // The last entry has no time of its own: the run changed with it.
    const known = time ?? (type === 'ended' ? this.#shown?.changed : undefined);
    return known === undefined ? nothing : preciseMoment(known);
  }

  #move(name: Move): void {
    if (this.#moves[name].getAttribute('aria-disabled') === 'true') return;
    this.#timeline?.[name]();
    this.#events.asked();
  }

  #confirm(button: HTMLButtonElement, words: { title: string; note: string; yes: string }, action: (run: Run) => Action): void {
    const run = this.#shown;
    if (!run || this.#isActing) return;
    this.#confirmation.ask({ ...words, title: `${words.title} the run ${runWords(run)}?` }, () => {
      void this.#act(action(run), button === this.#delete ? () => this.#close() : this.#events.asked);
    });
  }

  /** One action at a time, so that a second press does not send it again. */
  async #act(action: Action, done = this.#events.asked): Promise<void> {
    if (this.#isActing) return;
    this.#isActing = true;
    this.#body.setAttribute('aria-busy', 'true');
    const timeline = this.#timeline;
    write(this.#done, 'Sending…');
    const end = await action();
    this.#isActing = false;
    this.#body.removeAttribute('aria-busy');
    this.#events.acted(end);
    if (timeline !== this.#timeline) return;
    this.#done.dataset['state'] = end.kind;
    write(this.#done, end.kind === 'done' ? end.said : `Not done: ${end.problem}.`);
    if (end.kind === 'done') done();
    else this.#events.asked();
  }

  #close(): void {
    this.#timeline = undefined;
    this.#shown = undefined;
    this.#body.hidden = true;
    this.#notice.hidden = true;
    this.#empty.hidden = false;
    write(this.#title, 'Timeline');
    this.#title.focus();
    this.#events.closed();
  }
}
