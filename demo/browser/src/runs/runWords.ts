import { count, duration, moment } from '../page/format.js';
import { printable, printableCut } from '../page/printable.js';
import type { Entry, Run, RunDetail, Wait } from './runSnapshots.js';

export const nothing = '–';
const mostWaits = 3;
/** Types of entries that have other words than their names. */
const entryWords: ReadonlyMap<string, string> = new Map([
  // The call may have reached its tool from here on.
  ['decided', 'approved'],
  ['toolChanged', 'tool changed'], ['compensating', 'undoing'], ['compensated', 'undone'], ['compensationFailed', 'not undone'],
  ['compensationUnknown', 'perhaps undone'],
]);

/** A run's name, with its tenant if it has one. */
export function runWords({ name, tenant }: Pick<Run, 'name' | 'tenant'>): string {
  return `${printableCut(name, 80)}${tenant === undefined ? '' : ` of ${printableCut(tenant, 64)}`}`;
}

export function waitWords({ kind, name }: Pick<Wait, 'kind' | 'name'>): string {
  const shown = name === undefined ? '' : ` ${printableCut(name, 80)}`;
  switch (kind) {
    case 'time': return 'time';
    case 'signal': return `signal${shown}`;
    case 'tool': return `tool${shown}`;
    case 'approval': return `approval of${shown}`;
    case undefined: return `something unknown${shown}`;
  }
}

/** What a run waits for, in one line. */
export function waitsWords({ waits, waitCount }: Run): string {
  if (waitCount === 0) return nothing;
  const shown = waits.slice(0, mostWaits).map(waitWords);
  const more = waitCount - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`;
}

/** When a run goes on by itself, or is removed. */
export function dueWords({ due, state }: Run, now: number): string {
  if (due === undefined) return nothing;
  const in_ = due <= now ? 'now' : `in ${duration(Math.ceil((due - now) / 1000) * 1000)}`;
  return state === 'ended' ? `removed ${in_}` : in_;
}

export function timeWords(time: number | undefined): string {
  return time === undefined ? nothing : moment(time);
}

/** An entry's kind, in a word or two. */
export function entryWord(entry: Entry): string {
  if (entry.type === 'answered' && entry.error !== undefined) return 'failed';
  return entryWords.get(entry.type) ?? printableCut(entry.type, 20);
}

/** The call of an entry: its id, and its tool where it is known. */
export function callWords(entry: Entry, call: Entry | undefined): string {
  if (entry.callId === undefined) return '';
  const tool = entry.tool ?? call?.tool;
  return `${printableCut(entry.callId, 20)}${tool === undefined ? '' : ` ${printableCut(tool, 80)}`}`;
}

/** All else of an entry. It may have several lines. */
export function entryDetails(entry: Entry): string {
  switch (entry.type) {
    case 'opened': return together(entry.level?.toUpperCase(), versions(entry));
    case 'called': return printable(entry.args ?? '');
    case 'answered':
    case 'ended': return entry.error === undefined ? printable(entry.value ?? 'undefined') : together(entry.code, entry.error);
    case 'failing': return printable(entry.error ?? '');
    case 'forked': return together(entry.name === undefined ? undefined : `from ${entry.name}`);
    case 'printed': return printable(entry.text ?? '');
    case 'waiting': return `for ${waitWords(entry)}${entry.until === undefined ? '' : ` until ${moment(entry.until)}`}`;
    case 'suspended': return entry.leftMs === undefined ? '' : `${duration(entry.leftMs)} of its time are left`;
    case 'resumed': return versions(entry);
    default: return together(entry.name, entry.text);
  }
}

/** What a screen reader announces about the shown run; undefined for nothing. */
export function change(before: RunDetail, now: RunDetail): string | undefined {
  if (before.state === now.state && before.journal === now.journal && waitsWords(before) === waitsWords(now)) return undefined;
  if (now.state === 'ended') return `The run has ended: ${printableCut(now.outcome ?? 'unknown', 40)}`;
  if (now.waitCount > 0) return `The run waits for ${waitsWords(now)}`;
  return `The run is ${now.state ?? 'in an unknown state'}`;
}

function versions({ engine, version }: Entry): string {
  return together(engine === undefined ? undefined : `engine ${engine}`, version === undefined ? undefined : `version ${version}`);
}

function together(...parts: readonly (string | undefined)[]): string {
  return printable(parts.filter((part) => part !== undefined).join(', '));
}
