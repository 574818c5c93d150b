/** The known names of each kind of options. */
export const knownNames = {
  config: ['baseUrl', 'headers', 'timeout', 'autoReconnect',
    'maxReconnectAttempts', 'reconnectDelay', 'heartbeatTimeout', 'encryption', 'maxLineBytes', 'maxEvents', 'maxEventBytes', 'fetch', 'clock', 'random'],
  follow: [
    'signal', 'timeout', 'filter', 'tools',
    'onEvent', 'onSessionInit', 'onStdout', 'onLog', 'onToolCall',
    'onToolResultApplied', 'onToolProgress', 'onPartialResult', 'onHeartbeat', 'onError', 'onDeadlineExceeded', 'onCatalogChanged', 'onInvalidLine',
  ],
  execute: ['sessionId', 'limits', 'language', 'durable', 'encryption', 'request'],
  limits: ['sessionTtlMs', 'maxToolCalls',
    'maxStdoutBytes', 'maxToolResultBytes', 'toolTimeoutMs', 'heartbeatIntervalMs', 'deadlineMs', 'perToolDeadlineMs', 'cancelOnFirstError', 'memoryLimit'],
  request: ['signal'],
  answer: ['callId', 'result', 'error'],
} as const;

/**
 * Refuses an unknown name, which is a typing error or meant for another version, and would otherwise be ignored.
 * @throws TypeError that names it, and the name that was probably meant.
 */
export function requireKnown(what: string, options: object | undefined, ...kinds: readonly (keyof typeof knownNames)[]): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null) throw new TypeError(`${what} must be an object, not ${String(options)}`);
  const names: readonly string[] = kinds.flatMap((kind) => knownNames[kind] as readonly string[]);
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const meant = nearest(name, names);
    throw new TypeError(`${what} has no option "${name.slice(0, 100)}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`);
  }
}

function nearest(name: string, names: readonly string[]): string | undefined {
  if (name.length > 40) return undefined;
  const ranked = names.map((known) => ({ known, distance: distanceOf(name.toLowerCase(), known.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(name.length / 3)) ? best.known : undefined;
}

// The number of letters to insert, delete or change.
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[other.length]!;
}
