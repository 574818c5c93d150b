import { Access } from './access/access.js';
import { TokenDialog } from './access/tokenDialog.js';
import { Announcer } from './page/announcer.js';
import { find } from './page/dom.js';
import { Feed } from './page/feed.js';
import { FeedNotice } from './page/feedNotice.js';
import { thisPage, whileVisible } from './page/surroundings.js';
import { chooseTheme } from './page/theme.js';
import { RunActions } from './runs/runActions.js';
import { readRun, readRuns, type RunDetail, type RunPage } from './runs/runSnapshots.js';
import { RunTable } from './runs/runTable.js';
import { RunView } from './runs/runView.js';
import { change } from './runs/runWords.js';

const mebibyte = 1024 * 1024;

chooseTheme(find('theme', HTMLSelectElement));

const dialog = new TokenDialog((token) => access.use(token));
const access = new Access((hadToken) => dialog.refused(hadToken));
const announcer = new Announcer(find('said', HTMLElement), find('alarmed', HTMLElement));
const notice = new FeedNotice('runs');
const page = thisPage(access.fetch);
let last: RunDetail | undefined;

const table = new RunTable((run) => {
  last = undefined;
  view.open(run);
  table.mark(run);
  details.refresh();
}, () => list.refresh());

const view = new RunView(new RunActions(access.fetch), {
  asked: () => details.refresh(),
  acted: (end) => {
    if (end.kind === 'done') announcer.say(end.said);
    else announcer.alarm(`Not done: ${end.problem}`);
    if (end.kind === 'refused' && end.isForbidden) dialog.offer();
    list.refresh();
  },
  closed: () => {
    details.stop();
    table.mark(undefined);
  },
});

const list = new Feed<RunPage>({
  get path() {
    return table.path;
  },
  read: readRuns,
  subject: 'a list of runs',
  missing: 'this broker keeps no durable runs; it needs workers of its own, and --store FOLDER or --store-file FILE',
  mostBytes: 4 * mebibyte,
}, page, (state) => {
  notice.show(state);
  if (state.kind === 'live') table.show(state.snapshot);
  if (state.kind === 'forbidden') dialog.offer();
});

// The broker reads a run's whole journal for each request, and sends at most 500 entries of it.
const details = new Feed<RunDetail>({
  get path() {
    return view.path ?? '';
  },
  read: readRun,
  subject: 'a run',
  missing: 'there is no such run any more',
  mostBytes: 16 * mebibyte,
  intervalMs: 2_000,
}, { ...page, isVisible: () => page.isVisible() && view.path !== undefined }, (state) => {
  view.show(state);
  if (state.kind !== 'live') return;
  const news = last && change(last, state.snapshot);
  if (news !== undefined) announcer.lines([news]);
  last = state.snapshot;
});

for (const feed of [list, details]) {
  whileVisible(feed);
  access.onToken(() => feed.refresh());
}

notice.show({ kind: 'waiting' });
list.refresh();
