import { DataTable } from '../page/dataTable.js';
import { find, write } from '../page/dom.js';
import type { FeedState } from '../page/feed.js';
import { FeedNotice } from '../page/feedNotice.js';
import { count, duration, many } from '../page/format.js';
import { printableCut } from '../page/printable.js';
import { tallyInto } from '../page/tally.js';
import type { Broker, FleetSnapshot, Part, Queue, Runtime, Tenant } from './fleetSnapshot.js';
import { sumUp } from './fleetSums.js';

const nothing = '–';

/** The page of the fleet. */
export class FleetPanel {
  readonly #notice = new FeedNotice('fleet');
  readonly #parts = find('parts', HTMLElement);
  readonly #silence = find('silence', HTMLElement);
  readonly #sums = ['running', 'waiting', 'free', 'oldest', 'refused', 'events'].map((id) => find(`sum-${id}`, HTMLElement));
  readonly #recycled = find('recycled', HTMLElement);
  readonly #recycledEmpty = find('recycled-empty', HTMLElement);
  readonly #security = find('security', HTMLElement);
  readonly #securityCard = find('security-card', HTMLElement);
  readonly #securityEmpty = find('security-empty', HTMLElement);
  readonly #others = find('tenants-others', HTMLElement);
  #self: string | undefined;

  readonly #brokers = new DataTable<Broker>('brokers', [
    { title: 'broker', kind: 'words', value: (broker) => `${printableCut(broker.name, 40)}${broker.id === this.#self ? ' (this one)' : ''}` },
    { title: 'state', kind: 'words', value: stateOf, marks: true },
    { title: 'sessions', kind: 'number', value: (broker) => `${known(broker.running)} of ${known(broker.max)}` },
    { title: 'waiting', kind: 'number', value: (broker) => known(broker.waiting) },
    { title: 'p50', kind: 'number', value: (broker) => time(broker.p50) },
    { title: 'p99', kind: 'number', value: (broker) => time(broker.p99) },
    { title: 'refused', kind: 'number', value: (broker) => known(broker.refused) },
    { title: 'runs in', kind: 'words', value: (broker) =>
    ({ embedded: 'itself', runtimes: 'runtimes', queues: 'queues' })[broker.mode ?? 'embedded'] ?? nothing },
    { title: 'up', kind: 'number', value: (broker) => (broker.uptimeMs === undefined ? nothing : duration(Math.floor(broker.uptimeMs / 1000) * 1000)) },
    { title: 'version', kind: 'words', value: version },
    { title: 'address', kind: 'words', value: (broker) => (broker.address === undefined ? nothing : printableCut(broker.address, 60)) },
  ]);

  readonly #runtimes = new DataTable<Runtime>('runtimes', [
    { title: 'runtime', kind: 'words', value: (runtime) => printableCut(runtime.name, 40) },
    { title: 'state', kind: 'words', value: stateOf, marks: true },
    { title: 'slots in use', kind: 'number', value: (runtime) => `${known(runtime.used)} of ${known(runtime.slots)}` },
    { title: 'level', kind: 'words', value: (runtime) => (runtime.level === undefined ? nothing : printableCut(runtime.level, 20).toUpperCase()) },
    { title: 'queues', kind: 'words', value: (runtime) => (runtime.queues.length === 0 ? nothing : printableCut(runtime.queues.join(', '), 80)) },
    { title: 'workers', kind: 'number', value: (runtime) => known(runtime.workers) },
    { title: 'recycled', kind: 'number', value: (runtime) => count(runtime.recycled.reduce((sum, reason) => sum + reason.count, 0)) },
    { title: 'security events', kind: 'number', value: (runtime) => count(runtime.security.reduce((sum, kind) => sum + kind.count, 0)) },
    { title: 'version', kind: 'words', value: version },
    { title: 'says', kind: 'words', value: (runtime) => (runtime.message === undefined ? nothing : printableCut(runtime.message, 120)) },
  ]);

  readonly #queues = new DataTable<Queue>('queues', [
    { title: 'queue', kind: 'words', value: (queue) => printableCut(queue.name, 80) },
    { title: 'waiting', kind: 'number', value: (queue) => known(queue.waiting) },
    { title: 'oldest', kind: 'number', value: (queue) => (queue.waiting ? time(queue.ageMs) : nothing) },
    { title: 'at the server', kind: 'number', value: (queue) => known(queue.published) },
    { title: 'free slots', kind: 'number', value: (queue) => known(queue.free) },
  ]);

  readonly #tenants = new DataTable<Tenant>('tenants', [
    { title: 'tenant', kind: 'words', value: (tenant) => (tenant.name === '' ? 'without a name' : printableCut(tenant.name, 64)) },
    { title: 'running', kind: 'number', value: (tenant) => known(tenant.running) },
    { title: 'waiting', kind: 'number', value: (tenant) => known(tenant.waiting) },
    { title: 'refused', kind: 'number', value: (tenant) => known(tenant.refused) },
  ]);

  show(state: FeedState<FleetSnapshot>): void {
    this.#notice.show(state);
    if (state.kind === 'live') this.#showFleet(state.snapshot);
  }

  #showFleet(fleet: FleetSnapshot): void {
    this.#self = fleet.self;
    const sums = sumUp(fleet);
    const silent = sums.silent === 0 ? '' : `, ${count(sums.silent)} silent`;
    write(this.#parts, `${many(fleet.brokers.length, 'broker')}, ${many(fleet.runtimes.length, 'runtime')}${silent}`);
    const shown = [count(sums.running), count(sums.waiting), count(sums.free), time(sums.oldestMs), count(sums.refused), count(sums.security)];
    this.#sums.forEach((element, index) => write(element, shown[index]!));
    this.#brokers.show(fleet.brokers);
    this.#runtimes.show(fleet.runtimes);
    this.#queues.show(fleet.queues);
    this.#tenants.show(fleet.tenants);
    this.#others.hidden = fleet.otherTenants === 0;
    write(this.#others, `${many(fleet.otherTenants, 'other tenant')} not shown.`);
    this.#recycledEmpty.hidden = fleet.recycled.length > 0;
    tallyInto(this.#recycled, fleet.recycled);
    this.#securityEmpty.hidden = fleet.security.length > 0;
    this.#securityCard.dataset['state'] = fleet.security.length > 0 ? 'events' : 'quiet';
    tallyInto(this.#security, fleet.security);
    const { silenceMs, forgetMs } = fleet;
    write(this.#silence, silenceMs === undefined || forgetMs === undefined
      ? ''
      : ` A part without a report for ${duration(silenceMs)} is shown as silent, and is removed after ${duration(forgetMs)}.`);
  }
}

function stateOf({ state, seenMs }: Part): string {
  if (state !== 'silent') return state ?? 'unknown';
  return seenMs === undefined ? 'silent' : `silent for ${duration(Math.floor(seenMs / 1000) * 1000)}`;
}

function version(part: Part): string {
  return part.version === undefined ? nothing : printableCut(part.version, 20);
}

function known(value: number | undefined): string {
  return value === undefined ? nothing : count(value);
}

function time(ms: number | undefined): string {
  return ms === undefined ? nothing : duration(ms);
}
