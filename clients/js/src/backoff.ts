/** The waits between attempts. */
export interface BackoffOptions {
  /** The first wait, in milliseconds. */
  readonly initialDelayMs: number;
  /** The longest wait before jitter is applied, in milliseconds. Default: 30000. */
  readonly maxDelayMs?: number;
  /** The factor from one wait to the next. Default: 2. */
  readonly multiplier?: number;
  /** Random variation of a wait, as a fraction of it in both directions. Range: 0 to 1. Default: 0.3. */
  readonly jitter?: number;
}

/**
 * The wait before an attempt, in whole milliseconds.
 * @param failures Number of failed attempts in a row, from 0.
 * @param random Returns a number from 0 to below 1.
 */
export function backoffDelay(failures: number, options: BackoffOptions, random: () => number): number {
  const { initialDelayMs, maxDelayMs = 30_000, multiplier = 2, jitter = 0.3 } = options;
  const delay = Math.min(initialDelayMs * multiplier ** failures, maxDelayMs);
  // So that the clients of a failed broker do not all reconnect at the same moment.
  return Math.round(delay * (1 + jitter * (2 * random() - 1)));
}
