import type { SessionLimits } from 'enclave-client';
import { bytes, count } from '../page/format.js';

/** The limits that the user can choose. */
export const limitNames = ['sessionTtlMs', 'deadlineMs', 'maxToolCalls', 'maxStdoutBytes'] as const;
export type LimitName = (typeof limitNames)[number];

/** The broker's own limits; undefined if it does not report one. */
export type BrokerLimits = Readonly<Partial<Record<LimitName, number | undefined>>>;

/** The limits in the fields, or the field that is wrong and why. */
export type LimitsReading =
  | { readonly limits: Readonly<Partial<Record<LimitName, number>>>; readonly field?: undefined }
  | { readonly field: LimitName; readonly problem: string };

/** Reads the fields. An empty one leaves the choice to the broker. */
export function readLimits(fields: Readonly<Record<LimitName, string>>, most: BrokerLimits): LimitsReading {
  const limits: Partial<Record<LimitName, number>> = {};
  for (const name of limitNames) {
    const text = fields[name].trim().replace(/[\s,_']/g, '');
    if (text === '') continue;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    const least = name === 'deadlineMs' ? 0 : 1;
    if (!(value >= least)) return { field: name, problem: `A whole number from ${least} up` };
    const limit = mostOf(name, most);
    if (limit !== undefined && value > limit) return { field: name, problem: `The broker allows at most ${count(limit)}` };
    limits[name] = value;
  }
  return { limits };
}

/** The maximum of a field. A deadline after the end of the session would never pass. */
export function mostOf(name: LimitName, most: BrokerLimits): number | undefined {
  return name === 'deadlineMs' ? most.sessionTtlMs : most[name];
}

/** The limit that applies: the chosen one, or the broker's. */
export function effective(name: LimitName, chosen: SessionLimits, most: BrokerLimits): number | undefined {
  const value = chosen[name];
  // Zero means no deadline.
  if (name === 'deadlineMs') return value === 0 ? undefined : value;
  return value ?? most[name];
}

/** A limit, or what was used of it, in words. */
export function inWords(name: LimitName, value: number): string {
  if (name === 'maxToolCalls') return count(value);
  return name === 'maxStdoutBytes' ? bytes(value) : `${Number((value / 1000).toFixed(3))} s`;
}
