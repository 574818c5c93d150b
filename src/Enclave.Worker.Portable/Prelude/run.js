// Runs one program, and the libraries before it. Runs last: afterwards nothing of the prelude is reachable but its functions for scripts.
(function (bridges) {
  'use strict';
  const { host, state, guard } = bridges;
  const { apply, defineProperty: define, deleteProperty } = Reflect;
  const { defineProperty, keys } = Object;
  const then = Promise.prototype.then;
  const all = globalThis;
  const maxRejections = 1024;
  const rejected = { __proto__: null, length: 0 };
  let main, counter, library;
  guard[7]();

  // The worker's functions see the script's objects only as arguments, and scripts see neither them nor the worker's objects.
  const enter = {
    __proto__: null,

    setClock: bridges.setClock,
    setTime: bridges.setTime,
    setSource: bridges.setSource,
    settle: bridges.settle,

    limits(depth, members, bytes, consoleBytes) {
      bridges.setLimits(depth, members, bytes);
      state.consoleBytes = consoleBytes;
    },

    remove(...names) { for (let i = 0; i < names.length; i++) deleteProperty(all, names[i]); },

    globals(json, others) {
      const values = bridges.decode(json, others), names = keys(values);
      for (let i = 0; i < names.length; i++) {
        defineProperty(all, names[i], { __proto__: null, value: values[names[i]], writable: false, enumerable: true, configurable: false });
      }
    },

    // The wrapper of the program: it gets the guard's functions and numbers, and returns the count of iterations and the program.
    start(wrapper, each, total) {
      try {
        if (typeof wrapper !== 'function') return take(wrapper);
        const pair = wrapper(guard[0], guard[1], each, total);
        counter = pair[0];
        take(apply(pair[1], undefined, []));
      } catch (error) {
        main = { __proto__: null, isRejected: true, value: error };
      }
    },

    rejected(promise, reason) { if (rejected.length < maxRejections) rejected[rejected.length++] = { __proto__: null, promise, reason, isOpen: true }; },

    handled(promise) { for (let i = 0; i < rejected.length; i++) if (rejected[i].promise === promise) rejected[i].isOpen = false; },

    begin: bridges.begin,

    // The time at which the first timer is due.
    wake() { return state.wake; },

    // A call of the worker's own takes the next number.
    takeId() { return ++state.calls; },

    // Calls a timer. True if there are others that are due.
    fire() {
      try {
        const now = bridges.clock();
        return guard[5](now > state.wake ? now : state.wake);
      } catch (error) {
        main = { __proto__: null, isRejected: true, value: error };
        return false;
      }
    },

    // Called when no microtask is left. True if the run waits for tools or timers.
    conclude() {
      if (main === undefined) {
        if (state.open > 0 || state.wake < Infinity) return true;
        bridges.report(5, 'Error', 'the script waits for a promise that nothing can settle: no tool call is under way, and no timer is set');
      } else {
        let first = main;
        for (let i = 0; !first.isRejected && i < rejected.length; i++) if (rejected[i].isOpen) first = { isRejected: true, value: rejected[i].reason };
        try {
          if (first.isRejected) bridges.reportThrown(first.value);
          else report(first.value);
        } catch (error) {
          bridges.reportThrown(error);
        }
      }
      return false;
    },

    // Evaluates a library: the first function runs before its microtasks, the second after them. Its numbers and its time are the same in every worker.
    beginLibrary(name, program) {
      library = { __proto__: null, name, given: undefined, declared: undefined, error: undefined, hasFailed: false };
      rejected.length = 0;
      state.loading = true;
      try {
        library.given = guard[4][0](name);
        const { given } = library;
        library.declared = apply(program, given[1], [given[0], given[1], given[2], given[3], given[4], given[5]]);
      } catch (error) {
        library.error = error;
        library.hasFailed = true;
      }
    },

    endLibrary() {
      for (let i = 0; !library.hasFailed && i < rejected.length; i++) {
        if (!rejected[i].isOpen) continue;
        library.error = rejected[i].reason;
        library.hasFailed = true;
      }
      try {
        if (!library.hasFailed) {
          guard[4][1](library.name, library.given, library.declared);
          return true;
        }
      } catch (error) {
        library.error = error;
      }
      bridges.reportThrown(library.error);
      return false;
    },

    // Drops what only libraries need: the records of all objects, and the numbers that are left of their seed.
    endLibraries() {
      guard[3]();
      guard[4][2]();
      guard[4] = library = undefined;
      rejected.length = 0;
      state.loading = false;
    },

    iterations() {
      try {
        const count = counter?.();
        return typeof count === 'number' ? count : 0;
      } catch {
        return 0;
      }
    },
  };

  function report(value) {
    const { text, refusal, isTooLarge } = bridges.encode(value);
    if (refusal === undefined) host.finish(text);
    else bridges.report(isTooLarge ? 4 : 3, isTooLarge ? 'RangeError' : 'TypeError', refusal);
  }

  function take(result) {
    if (host.getPromiseState(result) === undefined) {
      main = { __proto__: null, isRejected: false, value: result };
      return;
    }
    // Without its own constructor property V8 would read the inherited one, which a script may have replaced.
    defineProperty(result, 'constructor', { __proto__: null, value: undefined });
    apply(then, result, [
      (value) => { main = { __proto__: null, isRejected: false, value }; },
      (value) => { main = { __proto__: null, isRejected: true, value }; },
    ]);
  }

  bridges.enter = enter;
  return enter;
})
