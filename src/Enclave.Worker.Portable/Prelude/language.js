// Replaces the parts of the language that ClearScript cannot switch off or set: code from strings, the clock, V8's hook for stacks, and what tells a
// proxy from its target. Runs before the files of Bootstrap, so that they save the replacements.
(function (bridges) {
  'use strict';
  const { host } = bridges;
  const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf } = Object;
  const { apply, construct, deleteProperty } = Reflect;
  const { bind } = Function.prototype;
  const all = globalThis;
  const { get: weakGet, set: weakSet, has: weakHas } = WeakMap.prototype;

  // The text of a bound function is that of a native one.
  function install(original, name, inner, length, names, target = all) {
    const replacement = apply(bind, inner, [undefined]);
    const define = (key, value, writable, enumerable = false) => defineProperty(replacement, key, {
      __proto__: null, value, writable, enumerable, configurable: key === 'name' || key === 'length' || writable });
    define('name', name, false);
    define('length', length, false);
    const { prototype } = original;
    if (prototype !== undefined) {
      define('prototype', prototype, false);
      inner.prototype = prototype;
      const own = getOwnPropertyDescriptor(prototype, 'constructor');
      defineProperty(prototype, 'constructor', { __proto__: null, ...own, value: replacement });
    }
    for (let i = 0; i < names.length; i++) defineProperty(replacement, names[i], getOwnPropertyDescriptor(original, names[i]));
    if (target !== null) defineProperty(target, name, { __proto__: null, value: replacement, writable: true, enumerable: false, configurable: true });
    return replacement;
  }

  // Errors: V8 asks the function that is a property of its own Error how a stack looks. Scripts get another Error, which has no such property.
  const OriginalError = Error;
  const ErrorType = install(OriginalError, 'Error', function (...args) {
    return construct(OriginalError, args, new.target === undefined ? ErrorType : new.target);
  }, 1, ['captureStackTrace', 'isError', 'stackTraceLimit']);
  const errors = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError, SuppressedError];
  for (let i = 0; i < errors.length; i++) setPrototypeOf(errors[i], ErrorType);
  bridges.OriginalError = OriginalError;

  // Proxies: a value is written by its traps, and the language cannot show whether an object has traps.
  const OriginalProxy = Proxy, { revocable } = Proxy;
  const proxies = new WeakMap();
  let hasProxies = false;
  const note = (proxy) => {
    hasProxies = true;
    apply(weakSet, proxies, [proxy, true]);
    return proxy;
  };
  const TypeErrorType = TypeError;
  const ProxyType = install(OriginalProxy, 'Proxy', function (target, handler) {
    if (new.target === undefined) throw new TypeErrorType("Constructor Proxy requires 'new'");
    return note(new OriginalProxy(target, handler));
  }, 2, []);
  const own = {
    revocable(target, handler) {
      const made = apply(revocable, OriginalProxy, [target, handler]);
      note(made.proxy);
      return made;
    },
  };
  defineProperty(ProxyType, 'revocable', { __proto__: null, value: own.revocable, writable: true, enumerable: false, configurable: true });
  bridges.isProxy = (value) => hasProxies && apply(weakHas, proxies, [value]);

  // Prototypes: an object that loses its own may look like a plain one. Its kind is noted before (values.js).
  const noteKind = (object) => { if (typeof object === 'object' && object !== null) bridges.noteKind(object); };
  const { setPrototypeOf: tryPrototype } = Reflect;
  install(setPrototypeOf, 'setPrototypeOf', (object, prototype) => (noteKind(object), setPrototypeOf(object, prototype)), 2, [], Object);
  install(tryPrototype, 'setPrototypeOf', (object, prototype) => (noteKind(object), tryPrototype(object, prototype)), 2, [], Reflect);
  const objects = Object.prototype, link = getOwnPropertyDescriptor(objects, '__proto__'), { set: setLink } = link;
  const linked = {
    set ['__proto__'](prototype) {
      noteKind(this);
      apply(setLink, this, [prototype]);
    },
  };
  defineProperty(objects, '__proto__', { ...link, set: getOwnPropertyDescriptor(linked, '__proto__').set });
  install(construct, 'construct', (type, args, ...rest) => {
    const made = construct(type, args, ...rest);
    if (rest.length > 0 && getPrototypeOf(made) === objects) noteKind(made);
    return made;
  }, 2, [], Reflect);

  // Code from strings.
  const EvalErrorType = EvalError;
  const refuse = () => { throw new EvalErrorType('Code generation from strings disallowed for this context'); };
  const functions = [
    [Function, 'Function', all], [getPrototypeOf(function* () {}).constructor, 'GeneratorFunction', null],
    [getPrototypeOf(async function () {}).constructor, 'AsyncFunction', null],
    [getPrototypeOf(async function* () {}).constructor, 'AsyncGeneratorFunction', null],
  ];
  let FunctionType;
  for (let i = 0; i < functions.length; i++) {
    const type = install(functions[i][0], functions[i][1], function () { refuse(); }, 1, [], functions[i][2]);
    if (i === 0) FunctionType = type;
    else setPrototypeOf(type, FunctionType);
  }
  const { eval: evaluate } = { eval(text) { return typeof text === 'string' ? refuse() : text; } };
  defineProperty(all, 'eval', { __proto__: null, value: evaluate, writable: true, enumerable: false, configurable: true });
  deleteProperty(all, 'WebAssembly');
  const { wait } = { wait(array, index, value, timeout) { throw new TypeErrorType('Atomics.wait cannot be called in this context'); } };
  defineProperty(Atomics, 'wait', { __proto__: null, value: wait, writable: true, enumerable: false, configurable: true });

  // The clock: in steps, and for a repeatable run as the host says.
  const DateType = Date, machine = Date.now, dateText = Date.prototype.toString, { floor } = Math;
  let step = 1, fixed;
  const { now } = {
    now() {
      if (fixed !== undefined) return floor(fixed / step) * step;
      return step === 1 ? machine() : host.now();
    },
  };
  bridges.setClock = (milliseconds) => { step = milliseconds; };
  bridges.setTime = (milliseconds) => { fixed = milliseconds; };
  let origin = 0;
  bridges.begin = () => { origin = now(); };
  bridges.clock = (begin) => (begin === true ? origin : now());
  const SteppedDate = install(DateType, 'Date', function (...args) {
    if (new.target === undefined) return apply(dateText, new DateType(now()), []);
    return construct(DateType, args.length === 0 ? [now()] : args, new.target);
  }, 7, ['parse', 'UTC']);
  defineProperty(SteppedDate, 'now', { __proto__: null, value: now, writable: true, enumerable: false, configurable: true });

  const formats = Intl.DateTimeFormat.prototype, format = getOwnPropertyDescriptor(formats, 'format'), { formatToParts } = formats;
  const stepped = new WeakMap();
  const methods = {
    get format() {
      const original = apply(format.get, this, []);
      let made = apply(weakGet, stepped, [original]);
      if (made === undefined) {
        made = apply(bind, (date) => original(date === undefined ? now() : date), [undefined]);
        defineProperty(made, 'name', { __proto__: null, value: '' });
        apply(weakSet, stepped, [original, made]);
      }
      return made;
    },
    formatToParts(date) { return apply(formatToParts, this, [date === undefined ? now() : date]); },
  };
  defineProperty(formats, 'format', { __proto__: null, ...format, get: getOwnPropertyDescriptor(methods, 'format').get });
  defineProperty(formats, 'formatToParts', { __proto__: null, value: methods.formatToParts, writable: true, enumerable: false, configurable: true });
})
