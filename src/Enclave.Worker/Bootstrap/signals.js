// AbortController and AbortSignal: https://dom.spec.whatwg.org/#aborting-ongoing-activities. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { defineProperty } = Object;
  const { apply } = Reflect;
  const { iterator } = Symbol;
  const TypeErrorType = TypeError, SetType = Set, Target = EventTarget;
  const { add, has, forEach, clear } = Set.prototype, { addEventListener, removeEventListener } = EventTarget.prototype;
  const token = {}, longest = Number.MAX_SAFE_INTEGER;
  let abort;

  class AbortSignal extends Target {
    #isAborted = false;
    #reason;
    #algorithms = [];
    #onAbort = null;
    #handler;
    // For a signal that depends on others: its sources, none of which depends on another signal. For a source: its dependents. A signal has only one of the
    // two.
    #sources;
    #dependents;

    static {
      bridges.brand('AbortSignal', (value) => #isAborted in value, 'its aborted and reason', (value) => ({ aborted: value.#isAborted }));
      bridges.isSignal = (value) => typeof value === 'object' && value !== null && #isAborted in value;
      bridges.onAbort = (signal, algorithm) => { signal.#algorithms[signal.#algorithms.length] = algorithm; };
      abort = (signal, reason) => {
        if (signal.#isAborted) return;
        signal.#abort(reason);
        // Abort all dependents before the first listener is called.
        const others = [];
        if (signal.#dependents !== undefined) {
          apply(forEach, signal.#dependents, [(dependent) => {
            if (dependent.#isAborted) return;
            dependent.#abort(signal.#reason);
            others[others.length] = dependent;
          }]);
          apply(clear, signal.#dependents, []);
        }
        signal.#tell();
        for (let i = 0; i < others.length; i++) others[i].#tell();
      };
    }

    constructor(given) {
      if (given !== token) throw new TypeErrorType('Illegal constructor');
      super();
    }

    #abort(reason) {
      this.#isAborted = true;
      this.#reason = reason === undefined ? bridges.exception('This operation was aborted', 'AbortError') : reason;
    }

    #tell() {
      const algorithms = this.#algorithms;
      this.#algorithms = [];
      for (let i = 0; i < algorithms.length; i++) algorithms[i]();
      bridges.dispatch(this, 'abort');
    }

    #follow(source) {
      apply(add, this.#sources, [source]);
      source.#dependents ??= new SetType();
      apply(add, source.#dependents, [this]);
    }

    get aborted() { return this.#isAborted; }
    get reason() { return this.#reason; }
    get onabort() { return this.#onAbort; }

    set onabort(callback) {
      this.#onAbort = typeof callback === 'function' || (typeof callback === 'object' && callback !== null) ? callback : null;
      if (this.#onAbort === null) {
        if (this.#handler !== undefined) apply(removeEventListener, this, ['abort', this.#handler]);
        this.#handler = undefined;
      } else if (this.#handler === undefined) {
        this.#handler = (event) => { if (typeof this.#onAbort === 'function') apply(this.#onAbort, this, [event]); };
        apply(addEventListener, this, ['abort', this.#handler]);
      }
    }

    throwIfAborted() { if (this.#isAborted) throw this.#reason; }

    static abort(reason) {
      const signal = new AbortSignal(token);
      signal.#abort(reason);
      return signal;
    }

    static timeout(milliseconds) {
      const delay = +milliseconds;
      if (!(delay > -1 && delay <= longest)) throw new TypeErrorType('AbortSignal.timeout takes milliseconds, 0 or more');
      const signal = new AbortSignal(token);
      bridges.setTimer(() => abort(signal, bridges.exception('The operation was aborted due to timeout', 'TimeoutError')), delay < 1 ? 0 : delay - delay % 1);
      return signal;
    }

    static any(signals) {
      if (signals === null || signals === undefined || typeof signals[iterator] !== 'function') {
        throw new TypeErrorType('AbortSignal.any takes an iterable of signals');
      }
      const all = [], made = new AbortSignal(token);
      for (const signal of signals) {
        if (!bridges.isSignal(signal)) throw new TypeErrorType('AbortSignal.any takes an iterable of signals');
        all[all.length] = signal;
      }
      for (let i = 0; i < all.length; i++) {
        if (!all[i].#isAborted) continue;
        made.#abort(all[i].#reason);
        return made;
      }
      made.#sources = new SetType();
      for (let i = 0; i < all.length; i++) {
        // A signal that depends on others is replaced by its sources, so that there are no chains and no circles.
        if (all[i].#sources === undefined) made.#follow(all[i]);
        else apply(forEach, all[i].#sources, [(source) => { if (!apply(has, made.#sources, [source])) made.#follow(source); }]);
      }
      return made;
    }
  }

  class AbortController {
    #signal = new AbortSignal(token);

    static { bridges.brand('AbortController', (value) => #signal in value, 'its signal.aborted'); }

    get signal() { return this.#signal; }
    abort(reason) { abort(this.#signal, reason); }
  }

  const types = [AbortSignal, AbortController];
  for (let i = 0; i < types.length; i++) {
    defineProperty(types[i].prototype, Symbol.toStringTag, { __proto__: null, value: types[i].name, configurable: true });
    defineProperty(globalThis, types[i].name, { __proto__: null, value: types[i], writable: true, enumerable: false, configurable: true });
  }
  defineProperty(AbortSignal, 'length', { value: 0 });
})
