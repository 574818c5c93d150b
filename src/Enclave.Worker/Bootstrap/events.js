// Event, CustomEvent and EventTarget: https://dom.spec.whatwg.org/#events, without a tree of targets. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { defineProperty } = Object;
  const { apply } = Reflect;
  const MapType = Map, SetType = Set, TypeErrorType = TypeError;
  const { get: mapGet, set: mapSet, delete: mapDelete } = Map.prototype, { add: setAdd, delete: setDelete, forEach: setForEach } = Set.prototype;
  const atTarget = 2;
  let begin, enter, end, isDispatched, isTrusted, mayGoOn, setPassive, trust;
  // Each event has this property itself, so that a class of the script cannot override it.
  const trusted = { __proto__: null, get: { get isTrusted() { return isTrusted(this); } }, enumerable: true, configurable: false };
  trusted.get = Object.getOwnPropertyDescriptor(trusted.get, 'isTrusted').get;

  class Event {
    #type;
    #bubbles;
    #cancelable;
    #composed;
    #target = null;
    #current = null;
    #phase = 0;
    #isStopped = false;
    #isEnded = false;
    #isPrevented = false;
    #isDispatched = false;
    #isPassive = false;
    #isTrusted = false;
    #time;

    static {
      isTrusted = (event) => event.#isTrusted;
      isDispatched = (event) => event.#isDispatched;
      begin = (event, target) => {
        event.#isDispatched = true;
        event.#target = target;
      };
      enter = (event, target) => {
        event.#current = target;
        event.#phase = atTarget;
      };
      mayGoOn = (event) => !event.#isEnded;
      setPassive = (event, isPassive) => { event.#isPassive = isPassive; };
      end = (event) => {
        event.#isDispatched = event.#isStopped = event.#isEnded = false;
        event.#current = null;
        event.#phase = 0;
        return !event.#isPrevented;
      };
      trust = (event) => {
        event.#isTrusted = true;
        return event;
      };
    }

    constructor(type, init) {
      if (arguments.length === 0) throw new TypeErrorType('Event needs a type');
      if (init !== undefined && init !== null && typeof init !== 'object' && typeof init !== 'function') {
        throw new TypeErrorType('Event: the second argument is an object');
      }
      this.#type = `${type}`;
      this.#bubbles = Boolean(init?.bubbles);
      this.#cancelable = Boolean(init?.cancelable);
      this.#composed = Boolean(init?.composed);
      this.#time = bridges.sinceOrigin();
      defineProperty(this, 'isTrusted', trusted);
    }

    get type() { return this.#type; }
    get target() { return this.#target; }
    get srcElement() { return this.#target; }
    get currentTarget() { return this.#current; }
    get eventPhase() { return this.#phase; }
    get bubbles() { return this.#bubbles; }
    get cancelable() { return this.#cancelable; }
    get composed() { return this.#composed; }
    get defaultPrevented() { return this.#isPrevented; }
    get timeStamp() { return this.#time; }
    get returnValue() { return !this.#isPrevented; }
    set returnValue(value) { if (!value) this.preventDefault(); }
    get cancelBubble() { return this.#isStopped; }
    set cancelBubble(value) { if (value) this.#isStopped = true; }

    composedPath() { return this.#current === null ? [] : [this.#current]; }
    stopPropagation() { this.#isStopped = true; }
    stopImmediatePropagation() { this.#isStopped = this.#isEnded = true; }
    initEvent(type, bubbles, cancelable) {
      if (this.#isDispatched) return;
      this.#type = `${type}`;
      this.#bubbles = Boolean(bubbles);
      this.#cancelable = Boolean(cancelable);
      this.#isStopped = this.#isEnded = this.#isPrevented = this.#isTrusted = false;
      this.#target = null;
    }
    preventDefault() { if (this.#cancelable && !this.#isPassive) this.#isPrevented = true; }
  }

  class CustomEvent extends Event {
    #detail;

    constructor(type, init) {
      super(...arguments);
      this.#detail = init?.detail ?? null;
    }

    get detail() { return this.#detail; }
  }

  const optionsOf = (given) => (typeof given === 'object' && given !== null) || typeof given === 'function'
    ? { __proto__: null, capture: Boolean(given.capture), once: Boolean(given.once), passive: Boolean(given.passive), signal: given.signal }
    : { __proto__: null, capture: Boolean(given), once: false, passive: false, signal: undefined };

  const captureOf = (given) => Boolean((typeof given === 'object' && given !== null) || typeof given === 'function' ? given.capture : given);

  function listen(callback, listener, target, event) {
    if (typeof callback === 'function') return void apply(callback, target, [event]);
    const { handleEvent } = callback;
    if (typeof handleEvent !== 'function') throw new TypeErrorType('the listener has no function handleEvent');
    apply(handleEvent, callback, [event]);
  }

  let dispatch;

  class EventTarget {
    // The listeners of each type in their order; for each callback those with capture and those without.
    #listeners = new MapType();

    static {
      // Calls the listeners, one after the other. If one throws, the others are still called, and the error ends the run afterwards.
      dispatch = (target, event) => {
        begin(event, target);
        const own = apply(mapGet, target.#listeners, [event.type]), now = [];
        if (own !== undefined) apply(setForEach, own.all, [(listener) => { now[now.length] = listener; }]);
        for (let i = 0; i < now.length && mayGoOn(event); i++) {
          const listener = now[i];
          if (listener.isRemoved) continue;
          if (listener.once) target.#remove(event.type, listener);
          enter(event, target);
          setPassive(event, listener.passive);
          try {
            listen(listener.callback, listener, target, event);
          } catch (error) {
            bridges.fail(error);
          }
          setPassive(event, false);
        }
        return end(event);
      };
    }

    #remove(type, listener) {
      const own = apply(mapGet, this.#listeners, [type]), both = apply(mapGet, own.byCallback, [listener.callback]);
      listener.isRemoved = true;
      apply(setDelete, own.all, [listener]);
      both[listener.capture ? 1 : 0] = undefined;
      if (both[0] === undefined && both[1] === undefined) apply(mapDelete, own.byCallback, [listener.callback]);
    }

    #find(type, callback, capture) {
      const own = apply(mapGet, this.#listeners, [type]);
      return own === undefined ? undefined : apply(mapGet, own.byCallback, [callback])?.[capture ? 1 : 0];
    }

    addEventListener(type, callback, given) {
      if (arguments.length < 2) throw new TypeErrorType('addEventListener needs a type and a listener');
      const { capture, once, passive, signal } = optionsOf(given), name = `${type}`;
      if (signal !== undefined && !bridges.isSignal(signal)) throw new TypeErrorType('addEventListener: signal is an AbortSignal');
      if (callback === null || callback === undefined) return;
      if (typeof callback !== 'function' && typeof callback !== 'object') throw new TypeErrorType('addEventListener: the listener is a function or an object');
      if ((signal !== undefined && signal.aborted) || this.#find(name, callback, capture) !== undefined) return;
      const listener = { __proto__: null, callback, capture, once, passive, isRemoved: false };
      let own = apply(mapGet, this.#listeners, [name]);
      if (own === undefined) {
        own = { __proto__: null, all: new SetType(), byCallback: new MapType() };
        apply(mapSet, this.#listeners, [name, own]);
      }
      apply(setAdd, own.all, [listener]);
      const both = apply(mapGet, own.byCallback, [callback]) ?? [undefined, undefined];
      both[capture ? 1 : 0] = listener;
      apply(mapSet, own.byCallback, [callback, both]);
      if (signal !== undefined) bridges.onAbort(signal, () => { if (!listener.isRemoved) this.#remove(name, listener); });
    }

    removeEventListener(type, callback, given) {
      if (arguments.length < 2) throw new TypeErrorType('removeEventListener needs a type and a listener');
      const listener = this.#find(`${type}`, callback, captureOf(given));
      if (listener !== undefined) this.#remove(`${type}`, listener);
    }

    dispatchEvent(event) {
      // Asks for private members: a TypeError for all that is not an event.
      if (isDispatched(event)) throw bridges.exception('The event is already being dispatched', 'InvalidStateError');
      return dispatch(this, event);
    }
  }

  // The worker's own events.
  bridges.dispatch = (target, type) => { dispatch(target, trust(new Event(type))); };

  const types = [Event, CustomEvent, EventTarget];
  for (let i = 0; i < types.length; i++) {
    defineProperty(types[i].prototype, Symbol.toStringTag, { __proto__: null, value: types[i].name, configurable: true });
    defineProperty(globalThis, types[i].name, { __proto__: null, value: types[i], writable: true, enumerable: false, configurable: true });
  }
  const phases = ['NONE', 'CAPTURING_PHASE', 'AT_TARGET', 'BUBBLING_PHASE'];
  for (let i = 0; i < phases.length; i++) {
    const constant = { __proto__: null, value: i, writable: false, enumerable: true, configurable: false };
    defineProperty(Event, phases[i], constant);
    defineProperty(Event.prototype, phases[i], constant);
  }
})
