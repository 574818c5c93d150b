import { list, members, number, oneOf, tally, text, type Count } from '../page/jsonMembers.js';

/** A broker's report about all brokers and runtimes. Missing or invalid members are undefined. */
export interface FleetSnapshot {
  /** The broker that sent the report. */
  readonly self: string | undefined;
  readonly silenceMs: number | undefined;
  readonly forgetMs: number | undefined;
  readonly brokers: readonly Broker[];
  readonly runtimes: readonly Runtime[];
  readonly queues: readonly Queue[];
  readonly tenants: readonly Tenant[];
  readonly otherTenants: number;
  /** The reasons for replaced workers, the most frequent first. */
  readonly recycled: readonly Count[];
  readonly security: readonly Count[];
}

/** The common part of reports of brokers and runtimes. */
export interface Part {
  readonly id: string;
  readonly name: string;
  readonly state: PartState | undefined;
  readonly version: string | undefined;
  /** The age of its report. */
  readonly seenMs: number | undefined;
}

export type PartState = (typeof states)[number];

export interface Broker extends Part {
  readonly address: string | undefined;
  readonly mode: 'embedded' | 'runtimes' | 'queues' | undefined;
  readonly uptimeMs: number | undefined;
  readonly running: number | undefined;
  readonly waiting: number | undefined;
  readonly max: number | undefined;
  readonly refused: number | undefined;
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

export interface Runtime extends Part {
  readonly message: string | undefined;
  readonly level: string | undefined;
  readonly queues: readonly string[];
  readonly slots: number | undefined;
  readonly used: number | undefined;
  readonly workers: number | undefined;
  readonly recycled: readonly Count[];
  readonly security: readonly Count[];
}

export interface Queue {
  readonly name: string;
  readonly waiting: number | undefined;
  readonly published: number | undefined;
  readonly free: number | undefined;
  readonly ageMs: number | undefined;
}

export interface Tenant {
  /** Empty for clients without a tenant. */
  readonly name: string;
  readonly running: number | undefined;
  readonly waiting: number | undefined;
  readonly refused: number | undefined;
}

const states = ['ok', 'stopping', 'unavailable', 'unreachable', 'silent'] as const;
const most = { parts: 200, rows: 200, queues: 16, reasons: 20 };

/** Reads a fleet; undefined if it is not one. Invalid members are left out. */
export function readFleet(json: unknown): FleetSnapshot | undefined {
  const fleet = members(json);
  // Any server may answer under this address.
  if (!fleet || !Array.isArray(fleet['brokers']) || !Array.isArray(fleet['runtimes'])) return undefined;
  return {
    self: text(fleet['self']),
    silenceMs: number(fleet['silenceMs']),
    forgetMs: number(fleet['forgetMs']),
    brokers: list(fleet['brokers'], most.parts, broker, 'first'),
    runtimes: list(fleet['runtimes'], most.parts, runtime, 'first'),
    queues: list(fleet['queues'], most.rows, queue, 'first'),
    tenants: list(fleet['tenants'], most.rows, tenant, 'first'),
    otherTenants: number(fleet['otherTenants']) ?? 0,
    recycled: tally(fleet['recycled'], most.reasons),
    security: tally(fleet['security'], most.reasons),
  };
}

function broker(json: unknown): Broker | undefined {
  const found = members(json);
  const told = part(found);
  if (!found || !told) return undefined;
  return {
    ...told,
    address: text(found['address']),
    mode: oneOf(found['mode'], ['embedded', 'runtimes', 'queues']),
    uptimeMs: number(found['uptimeMs']),
    running: number(found['running']),
    waiting: number(found['waiting']),
    max: number(found['max']),
    refused: number(found['refused']),
    p50: number(found['p50']),
    p99: number(found['p99']),
  };
}

function runtime(json: unknown): Runtime | undefined {
  const found = members(json);
  const told = part(found);
  if (!found || !told) return undefined;
  const pool = members(found['pool']);
  return {
    ...told,
    message: text(found['message']),
    level: text(found['level']),
    queues: list(found['queues'], most.queues, text, 'first'),
    slots: number(found['slots']),
    used: number(found['used']),
    workers: number(pool?.['workers']),
    recycled: tally(pool?.['recycled'], most.reasons),
    security: tally(pool?.['security'], most.reasons),
  };
}

function part(found: Readonly<Record<string, unknown>> | undefined): Part | undefined {
  const id = text(found?.['id']);
  if (!found || id === undefined) return undefined;
  return { id, name: text(found['name']) ?? 'without a name',
    state: oneOf(found['state'], states), version: text(found['version']), seenMs: number(found['seenMs']) };
}

function queue(json: unknown): Queue | undefined {
  const found = members(json);
  const name = text(found?.['name']);
  return found && name !== undefined
    ? { name, waiting: number(found['waiting']), published: number(found['published']), free: number(found['free']), ageMs: number(found['ageMs']) }
    : undefined;
}

function tenant(json: unknown): Tenant | undefined {
  const found = members(json);
  if (!found || typeof found['name'] !== 'string') return undefined;
  return { name: text(found['name']) ?? '', running: number(found['running']), waiting: number(found['waiting']), refused: number(found['refused']) };
}
