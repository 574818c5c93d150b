import type { EventType } from './events.js';

/** How a pattern is compared. `glob` is a path glob: `*` stops at `/`, `**` does not. */
export type PatternType = 'exact' | 'prefix' | 'regex' | 'glob';

/** A pattern for a text of an event. */
export interface FilterPattern {
  readonly type: PatternType;
  readonly pattern: string;
  /** A dotted path from the event, for example `payload.message`. Default: the payload as JSON. */
  readonly field?: string;
  /** Default: false. */
  readonly caseInsensitive?: boolean;
}

/** Matches events of these types whose content matches. An omitted part matches everything. */
export interface FilterRule {
  readonly types?: { readonly types: readonly EventType[] };
  readonly content?: {
    readonly patterns: readonly FilterPattern[];
    /** Default: `any`. */
    readonly match?: 'any' | 'all';
  };
}

/** Selects the events that a broker sends. Omitted events keep their numbers, so `seq` has gaps. */
export interface EventFilter {
  readonly mode: 'include' | 'exclude';
  /** An event that matches one of these rules is included or excluded. */
  readonly rules: readonly FilterRule[];
  /** Types that are always sent. Default: `session_init` and `final`. Without `final`, no run has a result. */
  readonly alwaysAllow?: readonly EventType[];
  /** Time limit in milliseconds for the regular expressions of one event. Default: the broker's. */
  readonly regexTimeoutMs?: number;
}
