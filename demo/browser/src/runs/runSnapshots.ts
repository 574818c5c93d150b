import { exact, list, members, moment, number, oneOf, text } from '../page/jsonMembers.js';

/** A page of durable runs. Missing or invalid members are undefined. */
export interface RunPage {
  /** The broker's time. */
  readonly time: number | undefined;
  readonly runs: readonly Run[];
}

export interface Run {
  readonly name: string;
  /** Undefined for a run without a tenant. */
  readonly tenant: string | undefined;
  readonly state: RunState | undefined;
  readonly outcome: string | undefined;
  readonly created: number | undefined;
  readonly changed: number | undefined;
  readonly due: number | undefined;
  readonly entries: number;
  readonly bytes: number | undefined;
  readonly waits: readonly Wait[];
  /** All waits, also those that are not in the response. */
  readonly waitCount: number;
}

export type RunState = (typeof runStates)[number];

export interface Wait {
  readonly kind: 'time' | 'signal' | 'tool' | 'approval' | undefined;
  readonly name: string | undefined;
  /** Undefined if only time ends the wait. */
  readonly token: string | undefined;
  readonly until: number | undefined;
  readonly callId: string | undefined;
}

/** A run with a part of its journal. */
export interface RunDetail extends Run {
  /** The broker's time. */
  readonly time: number | undefined;
  /** Differs for each journal: a run that starts over has a new one. */
  readonly journal: string;
  readonly runId: string | undefined;
  readonly code: string | undefined;
  readonly timeline: readonly Entry[];
}

/** An entry of a journal. Which members it has depends on its type. */
export interface Entry {
  readonly number: number;
  readonly type: string;
  readonly time: number | undefined;
  readonly callId: string | undefined;
  readonly tool: string | undefined;
  readonly args: string | undefined;
  readonly value: string | undefined;
  readonly error: string | undefined;
  readonly code: string | undefined;
  readonly text: string | undefined;
  readonly kind: Wait['kind'];
  readonly name: string | undefined;
  readonly until: number | undefined;
  readonly leftMs: number | undefined;
  readonly level: string | undefined;
  readonly engine: string | undefined;
  readonly version: string | undefined;
}

const runStates = ['running', 'suspended', 'compensating', 'ended'] as const;
const kinds = ['time', 'signal', 'tool', 'approval'] as const;
const most = { runs: 1_000, waits: 100, entries: 500, key: 4_096, text: 2_001 };

/** Reads a page of runs; undefined if it is not one. Invalid runs are left out. */
export function readRuns(json: unknown): RunPage | undefined {
  const page = members(json);
  // Any server may answer under this address.
  if (!page || !Array.isArray(page['runs'])) return undefined;
  return { time: moment(page['time']), runs: list(page['runs'], most.runs, run, 'first') };
}

/** Reads one run; undefined if it is not one. */
export function readRun(json: unknown): RunDetail | undefined {
  const found = members(json);
  const told = run(json);
  const journal = exact(found?.['journal'], most.key);
  if (!found || !told || journal === undefined || !Array.isArray(found['timeline'])) return undefined;
  return { ...told, time: moment(found['time']), journal, runId: text(found['runId']), code: text(found['code'], most.text),
    timeline: list(found['timeline'], most.entries, entry, 'first') };
}

function run(json: unknown): Run | undefined {
  const found = members(json);
  // A name that is cut would be another run's.
  const name = exact(found?.['name'], most.key);
  const tenant = found?.['tenant'] ?? undefined;
  if (!found || name === undefined || (tenant !== undefined && (typeof tenant !== 'string' || tenant.length > most.key))) return undefined;
  const waits = list(found['waits'], most.waits, wait, 'first');
  return {
    name,
    tenant,
    state: oneOf(found['state'], runStates),
    outcome: text(found['outcome']),
    created: moment(found['created']),
    changed: moment(found['changed']),
    due: moment(found['due']),
    entries: whole(found['entries']) ?? 0,
    bytes: number(found['bytes']),
    waits,
    waitCount: Math.max(waits.length, whole(found['waitCount']) ?? 0),
  };
}

function wait(json: unknown): Wait | undefined {
  const found = members(json);
  if (!found) return undefined;
  return { kind: oneOf(found['kind'], kinds), name: text(found['name']),
    token: exact(found['token'], most.key), until: moment(found['until']), callId: text(found['callId']) };
}

function entry(json: unknown): Entry | undefined {
  const found = members(json);
  const index = whole(found?.['number']);
  const type = text(found?.['type']);
  if (!found || index === undefined || index === 0 || type === undefined) return undefined;
  const long = (name: string): string | undefined => text(found[name], most.text);
  return {
    number: index, type, time: moment(found['time']), callId: text(found['callId']), tool: text(found['tool']),
    args: long('args'), value: long('value'), error: long('error'), code: text(found['code']), text: long('text'),
    kind: oneOf(found['kind'], kinds), name: text(found['name']), until: moment(found['until']),
    leftMs: number(found['leftMs']), level: text(found['level']), engine: text(found['engine']), version: text(found['version']),
  };
}

function whole(json: unknown): number | undefined {
  const value = number(json);
  return value !== undefined && value < 2 ** 31 ? Math.floor(value) : undefined;
}
