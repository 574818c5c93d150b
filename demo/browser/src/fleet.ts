import { Access } from './access/access.js';
import { TokenDialog } from './access/tokenDialog.js';
import { FleetPanel } from './fleet/fleetPanel.js';
import { readFleet, type FleetSnapshot } from './fleet/fleetSnapshot.js';
import { changes } from './fleet/fleetSums.js';
import { Announcer } from './page/announcer.js';
import { find } from './page/dom.js';
import { Feed } from './page/feed.js';
import { printableCut } from './page/printable.js';
import { thisPage, whileVisible } from './page/surroundings.js';
import { chooseTheme } from './page/theme.js';

chooseTheme(find('theme', HTMLSelectElement));

const dialog = new TokenDialog((token) => access.use(token));
const access = new Access((hadToken) => dialog.refused(hadToken));
const announcer = new Announcer(find('said', HTMLElement), find('alarmed', HTMLElement));
const panel = new FleetPanel();
let last: FleetSnapshot | undefined;

const feed = new Feed<FleetSnapshot>({ path: 'fleet', read: readFleet, subject: 'the state of a fleet' }, thisPage(access.fetch), (state) => {
  panel.show(state);
  if (state.kind === 'forbidden') dialog.offer();
  if (state.kind !== 'live') return;
  if (last) announcer.lines(changes(last, state.snapshot).map((line) => printableCut(line, 120)));
  last = state.snapshot;
});

whileVisible(feed);
access.onToken(() => feed.refresh());
panel.show({ kind: 'waiting' });
feed.refresh();
