import { EnclaveClient } from '../../dist/index.js';
import { ManualClock } from './clock.js';

/** A client whose time and chance are a test's. */
export function connect(url, config = {}) {
  const clock = new ManualClock();
  return { clock, client: new EnclaveClient({ baseUrl: url, clock, random: () => 0.5, ...config }) };
}

/** What a result says, without what every run has. */
export function outcome(result) {
  const { success, value, error } = result;
  return success ? { success, value } : { success, error };
}

/** The places and kinds of events. */
export const places = (events) => events.map((event) => [event.seq, event.type]);

/** Handlers that write down what they are told. */
export function recorder() {
  const calls = [];
  const names = ['onSessionInit', 'onStdout', 'onLog', 'onToolCall', 'onToolResultApplied', 'onToolProgress', 'onPartialResult', 'onHeartbeat', 'onError', 'onDeadlineExceeded', 'onCatalogChanged', 'onInvalidLine'];
  return { calls, handlers: Object.fromEntries(names.map((name) => [name, (...args) => calls.push([name, ...args])])) };
}
