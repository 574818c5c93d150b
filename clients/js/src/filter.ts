import type { EventType } from './events.js';

/** How a pattern is compared. `glob` is a path glob: `*` stops at `/`, `**` does not. */
export type PatternType = 'exact' | 'prefix' | 'regex' | 'glob';

/** What a text of an event is compared with. */
export interface FilterPattern {
  readonly type: PatternType;
  readonly pattern: string;
  /** A dotted path from the event, for example `payload.message`. Default: the payload as JSON. */
  readonly field?: string;
  /** Default: false. */
  readonly caseInsensitive?: boolean;
}

/** Matches events of these types whose content matches; without either, that part matches everything. */
export interface FilterRule {
  readonly types?: { readonly types: readonly EventType[] };
  readonly content?: {
    readonly patterns: readonly FilterPattern[];
    /** Default: `any`. */
    readonly match?: 'any' | 'all';
  };
}

/** Which events a broker sends. What it leaves out keeps its number, so that `seq` has holes. */
export interface EventFilter {
  readonly mode: 'include' | 'exclude';
  /** An event that one of them matches is included, or excluded. */
  readonly rules: readonly FilterRule[];
  /** Types that always come. Default: `session_init` and `final`. Without `final`, no run has a result. */
  readonly alwaysAllow?: readonly EventType[];
  /** Milliseconds for the regular expressions of one event. Default: the broker's. */
  readonly regexTimeoutMs?: number;
}
