import type { FleetSnapshot, Part } from './fleetSnapshot.js';

/** The sums of a fleet, without silent parts. */
export interface FleetSums {
  readonly running: number;
  readonly waiting: number;
  readonly free: number;
  readonly oldestMs: number | undefined;
  readonly refused: number;
  readonly security: number;
  readonly silent: number;
}

export function sumUp(fleet: FleetSnapshot): FleetSums {
  const brokers = fleet.brokers.filter(speaks);
  const ages = fleet.queues.flatMap((queue) => (queue.waiting ? (queue.ageMs ?? []) : []));
  return {
    running: total(brokers, (broker) => Math.max(0, (broker.running ?? 0) - (broker.waiting ?? 0))),
    waiting: total(brokers, (broker) => broker.waiting),
    free: total(fleet.runtimes.filter((runtime) => speaks(runtime) && runtime.state !== 'unreachable'), (runtime) => Math.max(
      0, (runtime.slots ?? 0) - (runtime.used ?? 0))),
    oldestMs: ages.length === 0 ? undefined : Math.max(...ages),
    refused: total(brokers, (broker) => broker.refused),
    security: total(fleet.security, (kind) => kind.count),
    silent: [...fleet.brokers, ...fleet.runtimes].filter((part) => !speaks(part)).length,
  };
}

/** Changes for screen readers: parts that fell silent, came back or disappeared, and security events. */
export function changes(before: FleetSnapshot, now: FleetSnapshot): readonly string[] {
  const said = [...partChanges('broker', before.brokers, now.brokers), ...partChanges('runtime', before.runtimes, now.runtimes)];
  const more = sumUp(now).security - sumUp(before).security;
  if (more > 0) said.push(`${more} new security ${more === 1 ? 'event' : 'events'}`);
  return said;
}

function partChanges(kind: string, before: readonly Part[], now: readonly Part[]): string[] {
  const known = new Map(before.map((part) => [part.id, part]));
  const said = now.flatMap((part) => {
    const was = known.get(part.id);
    if (!was) return [`${kind} ${part.name} has appeared`];
    if (was.state === part.state) return [];
    return [`${kind} ${part.name} is ${part.state ?? 'in an unknown state'}`];
  });
  const here = new Set(now.map((part) => part.id));
  return [...said, ...before.flatMap((part) => (here.has(part.id) ? [] : [`${kind} ${part.name} is gone`]))];
}

function speaks(part: Part): boolean {
  return part.state !== 'silent';
}

function total<T>(items: readonly T[], figure: (item: T) => number | undefined): number {
  return items.reduce((sum, item) => sum + (figure(item) ?? 0), 0);
}
