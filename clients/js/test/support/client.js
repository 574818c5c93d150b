import { EnclaveClient } from '../../dist/index.js';
import { ManualClock } from './clock.js';

/** A client with the test's time and random numbers. */
export function connect(url, config = {}) {
  const clock = new ManualClock();
  return { clock, client: new EnclaveClient({ baseUrl: url, clock, random: () => 0.5, ...config }) };
}

/** A result without the members that differ in every run. */
export function outcome(result) {
  const { success, value, error } = result;
  return success ? { success, value } : { success, error };
}

/** The numbers and types of events. */
export const places = (events) => events.map((event) => [event.seq, event.type]);

/** Handlers that record their calls. */
export function recorder() {
  const calls = [];
  const names = ['onSessionInit', 'onStdout', 'onLog', 'onToolCall',
    'onToolResultApplied', 'onToolProgress', 'onPartialResult', 'onHeartbeat', 'onError', 'onDeadlineExceeded', 'onCatalogChanged', 'onInvalidLine'];
  return { calls, handlers: Object.fromEntries(names.map((name) => [name, (...args) => calls.push([name, ...args])])) };
}
