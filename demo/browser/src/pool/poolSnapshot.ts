import { oneName } from '../page/codeName.js';
import { list, members, number, oneOf, positive, tally, text, type Count } from '../page/jsonMembers.js';

/** A broker's report about itself. Missing or invalid members are undefined. */
export interface PoolSnapshot {
  /** Milliseconds since 1970. */
  readonly time: number | undefined;
  readonly mode: 'embedded' | 'runtimes' | 'queues' | undefined;
  readonly level: string | undefined;
  /** Milliseconds. */
  readonly uptime: number | undefined;
  readonly sessions: SessionCounts;
  readonly limits: Limits;
  /** Whole seconds, the oldest first. */
  readonly seconds: readonly Second[];
  /** How sessions ended, the most frequent first. */
  readonly codes: readonly Count[];
  readonly places: readonly Place[];
}

export interface SessionCounts {
  readonly active: number | undefined;
  readonly total: number | undefined;
  readonly max: number | undefined;
}

export interface Limits {
  readonly sessionTtlMs: number | undefined;
  readonly maxToolCalls: number | undefined;
  readonly maxStdoutBytes: number | undefined;
}

/** The sessions that ended in one second, and their durations in milliseconds. */
export interface Second {
  /** Seconds since 1970. */
  readonly at: number;
  readonly sessions: number;
  readonly failed: number;
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

/** A place where sessions run. */
export interface Place {
  readonly name: string;
  readonly status: 'ok' | 'stopping' | 'unreachable' | undefined;
  readonly message: string | undefined;
  readonly level: string | undefined;
  readonly sessions: Pick<SessionCounts, 'active' | 'max'>;
  readonly pool: Pool | undefined;
  readonly isolation: Isolation | undefined;
}

export interface Pool {
  readonly workers: number | undefined;
  readonly active: number | undefined;
  readonly idle: number | undefined;
  readonly starting: number | undefined;
  readonly queue: number | undefined;
  readonly submitted: number | undefined;
  readonly settled: number | undefined;
  /** The reasons for replaced workers, the most frequent first. */
  readonly recycled: readonly Count[];
}

export interface Isolation {
  readonly available: boolean | undefined;
  readonly workers: number | undefined;
  readonly layers: readonly Layer[];
}

export interface Layer {
  readonly layer: string;
  readonly requirement: 'mandatory' | 'best-effort' | 'off' | undefined;
  readonly status: LayerStatus | undefined;
  /** Number of workers that have the layer. */
  readonly active: number | undefined;
  readonly method: string | undefined;
  readonly detail: string | undefined;
}

export type LayerStatus = 'active' | 'unverified' | 'unavailable' | 'failed' | 'off';

// Limits of a feed, which normally has a few kilobytes.
const most = { seconds: 60, codes: 65, places: 32, layers: 32, reasons: 20 };

/** Reads a feed; undefined if it is not one. Invalid members are left out. */
export function readPool(json: unknown): PoolSnapshot | undefined {
  const feed = members(json);
  // Any server may answer under this address. A feed has at least one of these members.
  if (!feed || !(members(feed['sessions']) || Array.isArray(feed['places']) || Array.isArray(feed['seconds']))) return undefined;
  const limits = members(feed['limits']);
  return {
    time: number(feed['time']),
    mode: oneOf(feed['mode'], ['embedded', 'runtimes', 'queues']),
    level: text(feed['level']),
    uptime: number(feed['uptime']),
    sessions: counts(feed['sessions']),
    limits: {
      sessionTtlMs: positive(limits?.['sessionTtlMs']),
      maxToolCalls: positive(limits?.['maxToolCalls']),
      maxStdoutBytes: positive(limits?.['maxStdoutBytes']),
    },
    seconds: list(feed['seconds'], most.seconds, second, 'last'),
    codes: underOneName(tally(feed['codes'], most.codes)),
    places: list(feed['places'], most.places, place, 'first'),
  };
}

function counts(json: unknown): SessionCounts {
  const sessions = members(json);
  return { active: number(sessions?.['active']), total: number(sessions?.['total']), max: number(sessions?.['max']) };
}

function second(json: unknown): Second | undefined {
  const found = members(json);
  const at = number(found?.['at']);
  const sessions = number(found?.['sessions']);
  if (!found || at === undefined || sessions === undefined) return undefined;
  // There cannot be more failed sessions than sessions.
  return { at, sessions, failed: Math.min(sessions, number(found['failed']) ?? 0), p50: number(found['p50']), p99: number(found['p99']) };
}

function place(json: unknown): Place | undefined {
  const found = members(json);
  if (!found) return undefined;
  return {
    name: text(found['name']) ?? 'without a name',
    status: oneOf(found['status'], ['ok', 'stopping', 'unreachable']),
    message: text(found['message']),
    level: text(found['level']),
    sessions: counts(found['sessions']),
    pool: pool(found['pool']),
    isolation: isolation(found['isolation']),
  };
}

function pool(json: unknown): Pool | undefined {
  const found = members(json);
  if (!found) return undefined;
  return {
    workers: number(found['workers']),
    active: number(found['active']),
    idle: number(found['idle']),
    starting: number(found['starting']),
    queue: number(found['queue']),
    submitted: number(found['submitted']),
    settled: number(found['settled']),
    recycled: tally(found['recycled'], most.reasons),
  };
}

function isolation(json: unknown): Isolation | undefined {
  const found = members(json);
  if (!found) return undefined;
  return {
    available: typeof found['available'] === 'boolean' ? found['available'] : undefined,
    workers: number(found['workers']),
    layers: list(found['layers'], most.layers, layer, 'first'),
  };
}

function layer(json: unknown): Layer | undefined {
  const found = members(json);
  const name = text(found?.['layer']);
  if (!found || name === undefined) return undefined;
  return {
    layer: name,
    requirement: oneOf(found['requirement'], ['mandatory', 'best-effort', 'off']),
    status: oneOf(found['status'], ['active', 'unverified', 'unavailable', 'failed', 'off']),
    active: number(found['active']),
    method: text(found['method']),
    detail: text(found['detail']),
  };
}

// The broker counts sessions by the codes of its clients and by those of its own host.
function underOneName(codes: readonly Count[]): readonly Count[] {
  const sums = new Map<string, number>();
  for (const { name, count } of codes) sums.set(oneName(name), (sums.get(oneName(name)) ?? 0) + count);
  return [...sums].map(([name, count]) => ({ name, count })).sort((one, other) => other.count - one.count || one.name.localeCompare(other.name));
}
