import { Access } from './access/access.js';
import { TokenDialog } from './access/tokenDialog.js';
import { ConsoleView } from './console/consoleView.js';
import { ScriptEditor } from './editor/editor.js';
import { ExampleChoice } from './editor/exampleChoice.js';
import { Announcer } from './page/announcer.js';
import { find } from './page/dom.js';
import { thisPage, whileVisible } from './page/surroundings.js';
import { chooseTheme } from './page/theme.js';
import { PoolFeed } from './pool/poolFeed.js';
import { PoolPanel } from './pool/poolPanel.js';
import { LimitsPanel } from './run/limitsPanel.js';
import { linesOf } from './run/outcome.js';
import { RunDesk } from './run/runDesk.js';
import { RunView } from './run/runView.js';
import { TimelineView } from './timeline/timelineView.js';
import { ToolList } from './tools/toolList.js';

chooseTheme(find('theme', HTMLSelectElement));

const dialog = new TokenDialog((token) => access.use(token));
const access = new Access((hadToken) => dialog.refused(hadToken));
const announcer = new Announcer(find('said', HTMLElement), find('alarmed', HTMLElement));

const editor = new ScriptEditor(find('editor', HTMLElement));
const limits = new LimitsPanel();
const views = {
  run: new RunView((line) => editor.goTo(line)),
  limits,
  console: new ConsoleView(announcer),
  timeline: new TimelineView(),
};
const desk = new RunDesk(access.fetch, views, announcer, (outcome) => editor.markFailures(linesOf(outcome)));
new ExampleChoice((example) => {
  editor.load(example.code);
  limits.suggest(example.limits ?? {});
});

function run(): void {
  if (desk.isRunning) return;
  editor.markFailures([]);
  desk.start(editor.text);
}

find('run', HTMLButtonElement).addEventListener('click', run);
find('cancel', HTMLButtonElement).addEventListener('click', () => desk.cancel('cancelled on the demo page'));
// Wherever the focus is, and before the editor handles these keys. A dialog handles its own.
document.addEventListener('keydown', (event) => {
  const stops = event.key === 'Escape' && desk.isRunning;
  const starts = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
  if (event.isComposing || !(stops || starts) || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  event.stopPropagation();
  if (stops) desk.cancel('Escape was pressed on the demo page');
  else run();
}, { capture: true });

const panel = new PoolPanel();
const tools = new ToolList(access.fetch);
const feed = new PoolFeed(
  thisPage(access.fetch),
  (state) => {
    panel.show(state);
    if (state.kind !== 'live') return;
    limits.know(state.snapshot.limits);
    // The broker was not running when the page was opened.
    if (!tools.isLoaded) void tools.load();
  },
);
whileVisible(feed);
access.onToken(() => {
  feed.refresh();
  void tools.load();
});
panel.show({ kind: 'waiting' });
feed.refresh();
void tools.load();
