// callTool(name, args), parallel(...) in both documented shapes, and the waits of durable runs. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { callTool } = bridges;
  const { defineProperty, freeze } = Object;
  const { isArray } = Array;
  const { apply } = Reflect;
  const PromiseType = Promise, ErrorType = Error, TypeErrorType = TypeError, RangeErrorType = RangeError;
  const then = Promise.prototype.then;
  const maxItems = 100, defaultConcurrency = 10, maxConcurrency = 20;

  // Runs start(i) for every index, at most `width` at a time, and settles when all have settled.
  function all(count, width, start) {
    return new PromiseType((resolve) => {
      const outcomes = [];
      let next = 0, settled = 0;
      const launch = () => {
        if (next >= count) return;
        const index = next++;
        const done = (ok) => (value) => {
          outcomes[index] = { ok, value };
          if (++settled === count) resolve(outcomes);
          else launch();
        };
        let result;
        try {
          result = start(index);
        } catch (error) {
          done(false)(error);
          return;
        }
        // A separate promise, so that a thenable cannot call both callbacks.
        apply(then, new PromiseType((take) => take(result)), [done(true), done(false)]);
      };
      for (let i = 0; i < width; i++) launch();
    });
  }

  function limit(options, fallback) {
    const wanted = options?.maxConcurrency;
    if (wanted === undefined) return fallback;
    if (typeof wanted !== 'number' || !(wanted >= 1)) throw new TypeErrorType('parallel: maxConcurrency is a number of at least 1');
    return wanted > maxConcurrency ? maxConcurrency : wanted | 0;
  }

  // parallel(items, callback, options?): returns the results in order. Throws the first failure when all have settled.
  // parallel([function, ...], options?): the same, but with all failures in one message.
  async function parallel(items, second, third) {
    if (!isArray(items)) throw new TypeErrorType('parallel: the first argument is an array of items or of functions');
    if (items.length > maxItems) throw new RangeErrorType(`parallel: ${items.length} items, at most ${maxItems} at once`);
    if (items.length === 0) return [];
    const mapping = typeof second === 'function';
    if (!mapping) {
      for (let i = 0; i < items.length; i++) {
        if (typeof items[i] !== 'function') throw new TypeErrorType(`parallel: item ${i} is not a function, and there is no callback`);
      }
    }
    const width = mapping ? limit(third, maxItems) : limit(second, defaultConcurrency);
    const outcomes = await all(items.length, width, mapping ? (i) => second(items[i], i) : (i) => items[i]());
    const values = [];
    let failed = 0, text = '', first;
    for (let i = 0; i < outcomes.length; i++) {
      const { ok, value } = outcomes[i];
      if (ok) {
        values[i] = value;
        continue;
      }
      if (failed++ === 0) first = value;
      text += `${failed > 1 ? '; ' : ''}[${i}] ${value?.message ?? value}`;
    }
    if (failed === 0) return values;
    if (mapping) throw first;
    throw new ErrorType(`${failed} of ${items.length} parallel operations failed: ${text}`);
  }

  // The host answers these calls itself: it suspends the run, or keeps values for its conversation. In other runs they fail with the reason.
  const answered = {
    __proto__: null,
    sleep(duration) { return callTool('enclave:sleep', { __proto__: null, duration }); },
    waitUntil(date) { return callTool('enclave:waitUntil', { __proto__: null, date }); },
    waitFor(name, options) { return callTool('enclave:waitFor', { __proto__: null, name, timeout: options?.timeout }); },
    continueWith(state) { return callTool('enclave:continueWith', { __proto__: null, state }); },
    store(key, value) { return callTool('enclave:store', { __proto__: null, key, value }); },
    load(key) { return callTool('enclave:load', { __proto__: null, key }); },
    limits: { remaining: freeze(() => callTool('enclave:remaining', { __proto__: null })) },
  };

  const define = (name, value) => defineProperty(globalThis, name, { value: freeze(value), writable: false, enumerable: false, configurable: false });
  define('callTool', callTool);
  define('parallel', parallel);
  // A global of the application may have the same name, so it can be replaced.
  for (const name in answered) {
    defineProperty(globalThis, name, { __proto__: null, value: freeze(answered[name]), writable: false, enumerable: false, configurable: true });
  }
})
