/** How long a client waits before it asks again. */
export interface BackoffOptions {
  /** The first wait, in milliseconds. */
  readonly initialDelayMs: number;
  /** The longest wait before chance is applied, in milliseconds. Default: 30000. */
  readonly maxDelayMs?: number;
  /** What each wait is longer by. Default: 2. */
  readonly multiplier?: number;
  /** How far chance moves a wait, as a share of it in both directions. Range: 0 to 1. Default: 0.3. */
  readonly jitter?: number;
}

/**
 * The wait before a try, in whole milliseconds.
 * @param failures Tries that have failed in a row, from 0.
 * @param random Gives a number from 0 to below 1.
 */
export function backoffDelay(failures: number, options: BackoffOptions, random: () => number): number {
  const { initialDelayMs, maxDelayMs = 30_000, multiplier = 2, jitter = 0.3 } = options;
  const delay = Math.min(initialDelayMs * multiplier ** failures, maxDelayMs);
  // Clients that lost the same broker must not all come back at the same moment.
  return Math.round(delay * (1 + jitter * (2 * random() - 1)));
}
