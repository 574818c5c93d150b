// Timers, queueMicrotask and performance: https://html.spec.whatwg.org/#timers, with node's least delay and its setImmediate. The worker waits, and calls
// back when the script stands still. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { arm, clock, live, guard } = bridges;
  const { defineProperty } = Object;
  const { apply } = Reflect;
  const MapType = Map, PromiseType = Promise, TypeErrorType = TypeError, RangeErrorType = RangeError;
  const { get, set, delete: remove } = Map.prototype, { then } = Promise.prototype, toNumber = Number;
  const most = 10000, longest = 0x7fffffff, global = globalThis;

  // A heap, the earliest first: by the time, then by the order in which they were set. Each entry knows its place, so that it can be taken out.
  const heap = { __proto__: null, length: 0 };
  const timers = new MapType();
  let lastId = 0, sequence = 0, armed = Infinity, open = 0;

  const isBefore = (a, b) => a.due < b.due || (a.due === b.due && a.order < b.order);
  const put = (entry, at) => {
    heap[at] = entry;
    entry.at = at;
  };

  function rise(entry, at) {
    while (at > 0 && isBefore(entry, heap[(at - 1) >> 1])) {
      put(heap[(at - 1) >> 1], at);
      at = (at - 1) >> 1;
    }
    put(entry, at);
  }

  function sink(entry, at) {
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], entry)) break;
      put(heap[child], at);
      at = child;
    }
    put(entry, at);
  }

  function add(entry, due) {
    entry.due = due;
    entry.order = ++sequence;
    rise(entry, heap.length++);
  }

  function takeOut(entry) {
    const { at } = entry, last = heap[--heap.length];
    delete heap[heap.length];
    entry.at = -1;
    if (last === entry) return;
    if (at > 0 && isBefore(last, heap[(at - 1) >> 1])) rise(last, at);
    else sink(last, at);
  }

  // Tells the worker when it has to call back, if that has changed.
  function arrange() {
    const due = phase !== undefined ? -Infinity : heap.length > 0 ? heap[0].due : Infinity;
    if (due !== armed) arm(armed = due);
  }

  // The timers that are due at one moment. Timers that they set run later, even if they are due at once.
  let phase;

  function start(name, callback, delay, args, isRepeated) {
    if (typeof callback !== 'function') throw new TypeErrorType(`${name}: the first argument is a function`);
    live(name);
    if (open >= most) throw new RangeErrorType(`${name}: ${most} timers are set already; clear those that are not needed`);
    const entry = { __proto__: null, id: 0, callback, args, delay, isRepeated, due: 0, order: 0, at: -1, isOpen: true };
    add(entry, delay < 0 ? -Infinity : clock() + delay);
    entry.id = ++lastId;
    apply(set, timers, [entry.id, entry]);
    open++;
    arrange();
    return entry.id;
  }

  function stop(id) {
    // node and browsers accept the number as text.
    const entry = apply(get, timers, [typeof id === 'string' ? toNumber(id) : id]);
    if (entry === undefined) return;
    close(entry);
    arrange();
  }

  function close(entry) {
    if (!entry.isOpen) return;
    entry.isOpen = false;
    open--;
    apply(remove, timers, [entry.id]);
    if (entry.at >= 0) takeOut(entry);
  }

  // Calls one timer that is due. True if there are others that were due at the same moment.
  guard[5] = (now) => {
    if (phase === undefined) {
      phase = { __proto__: null, length: 0, next: 0 };
      while (heap.length > 0 && heap[0].due <= now) {
        phase[phase.length++] = heap[0];
        takeOut(heap[0]);
      }
    }
    const entry = phase[phase.next++], hasMore = phase.next < phase.length;
    if (!hasMore) phase = undefined;
    try {
      if (entry !== undefined && entry.isOpen) {
        if (!entry.isRepeated) close(entry);
        apply(entry.callback, undefined, entry.args);
        if (entry.isOpen) add(entry, clock() + entry.delay);
      }
    } finally {
      arrange();
    }
    return hasMore;
  };

  // node's rule for all that is not 1 to 2,147,483,647 ms.
  const delayOf = (given) => {
    const delay = toNumber(given);
    return delay >= 1 && delay <= longest ? delay - delay % 1 : 1;
  };
  bridges.setTimer = (callback, delay) => start('AbortSignal.timeout', callback, delay, [], false);

  const functions = {
    setTimeout(callback, delay, ...args) {
      // The form of node:timers/promises, which models write without its import: await setTimeout(ms).
      if (typeof callback !== 'number') return start('setTimeout', callback, delayOf(delay), args, false);
      global.console.warn('setTimeout takes a function first. Of a number it gives a promise: write await new Promise((done) => setTimeout(done, ms)).');
      return new PromiseType((done) => start('setTimeout', () => done(delay), delayOf(callback), [], false));
    },
    setInterval(callback, delay, ...args) { return start('setInterval', callback, delayOf(delay), args, true); },
    setImmediate(callback, ...args) { return start('setImmediate', callback, -1, args, false); },
    clearTimeout(id) { stop(id); },
    clearInterval(id) { stop(id); },
    clearImmediate(id) { stop(id); },
    queueMicrotask(callback) {
      if (typeof callback !== 'function') throw new TypeErrorType('queueMicrotask: the argument is a function');
      // `then` reads the promise's constructor. Without an own property it would find the inherited one, which a script may have replaced.
      const done = defineProperty(new PromiseType((resolve) => resolve()), 'constructor', { __proto__: null, value: undefined });
      apply(then, done, [() => { callback(); }]);
    },
  };
  const define = (object, name, value) => defineProperty(object, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
  for (const name in functions) define(globalThis, name, functions[name]);

  // The clock of Date, from the begin of the run. The machine's may be set back: this one stands still then.
  let latest = 0;
  const sinceOrigin = () => {
    const now = clock() - clock(true);
    if (now > latest) latest = now;
    return latest;
  };
  bridges.sinceOrigin = sinceOrigin;
  const performance = {
    now() { return sinceOrigin(); },
    get timeOrigin() { return clock(true); },
    toJSON() { return { timeOrigin: clock(true) }; },
  };
  defineProperty(performance, Symbol.toStringTag, { __proto__: null, value: 'Performance', configurable: true });
  define(globalThis, 'performance', performance);
})
