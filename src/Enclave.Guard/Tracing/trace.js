// The functions that a traced program calls (TraceTransform.cs). They stand before it, and save the intrinsics that they need before the script can change
// them. Reading a value never runs the script's code: only data properties are read, through their descriptors. For a getter or a proxy the text only says what
// it is.
(({ mark, from, room, extra, whole }, clock) => {
  const { debug } = console, { stringify } = JSON, { isArray } = Array, { isFinite } = Number;
  const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn, keys, defineProperty } = Object;
  const call = (() => {}).call, uncurry = call.bind.bind(call);
  const slice = uncurry(''.slice), symbolText = uncurry(Symbol.prototype.toString), timeText = uncurry(Date.prototype.toISOString);
  const time = uncurry(Date.prototype.getTime), expressionText = uncurry(RegExp.prototype.toString);
  const has = uncurry(WeakSet.prototype.has), add = uncurry(WeakSet.prototype.add);
  const mapSize = uncurry(getOwnPropertyDescriptor(Map.prototype, 'size').get), setSize = uncurry(getOwnPropertyDescriptor(Set.prototype, 'size').get);
  const bytes = uncurry(getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), 'length').get);
  const known = [
    [Map.prototype, (value) => `Map(${mapSize(value)})`], [Set.prototype, (value) => `Set(${setSize(value)})`],
    [Date.prototype, (value) => (isFinite(time(value)) ? timeText(value) : 'Invalid Date')], [RegExp.prototype, (value) => expressionText(value)],
    [Promise.prototype, () => '[Promise]'], [Uint8Array.prototype, (value) => `Uint8Array(${bytes(value)})`],
  ];
  const errors = Error.prototype, objects = Object.prototype, world = globalThis;
  const proxies = new WeakSet(), crowds = new WeakSet(), labels = { __proto__: null };
  let hasProxies = false, hasCrowds = false, labelCount = 0;
  const getter = { __proto__: null }, proxy = { __proto__: null }, unset = { __proto__: null }, absent = { __proto__: null };
  const nothing = { __proto__: null };
  // V8 joins the pieces of a text when its first character is read. A larger one might then take more memory than the run has.
  const maxRead = 1000000;
  const maxText = 80, maxMembers = 6, maxDepth = 2, maxKeys = 300, maxSteps = 40, maxLines = 6000, maxCharacters = 4000000;
  const maxFailures = 16, largest = 10n ** 40n;

  // A proxy's traps are the script's code, and a proxy cannot be distinguished from its target. So new proxies are remembered.
  if (typeof Proxy === 'function') {
    const Original = Proxy, original = Proxy.revocable, { apply, construct, get } = Reflect;
    const kept = (made) => { hasProxies = true; add(proxies, made); return made; };
    const revocable = new Original(original, {
      __proto__: null, apply(target, self, given) { const made = apply(target, Original, given); kept(made.proxy); return made; },
    });
    const counted = new Original(Original, {
      __proto__: null, construct: (target, given, made) => kept(construct(target, given, made === counted ? target : made)),
      get: (target, key, self) => (key === 'revocable' && target.revocable === original ? revocable : get(target, key)),
    });
    const { writable, configurable } = getOwnPropertyDescriptor(world, 'Proxy') ?? {};
    if (writable || configurable) defineProperty(world, 'Proxy', { __proto__: null, value: counted, writable: true, enumerable: false, configurable: true });
  }

  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  // Asking a set takes time for each object, and few programs make a proxy.
  const isProxy = (value) => hasProxies && isObject(value) && has(proxies, value);
  const cut = (text) => (text.length > maxText ? `${slice(text, 0, maxText)}…` : text);
  const own = (object, key) => {
    const found = getOwnPropertyDescriptor(object, key);
    return found === undefined ? absent : hasOwn(found, 'value') ? found.value : getter;
  };

  // The property of a value, from its data: absent if there is none.
  function property(value, key) {
    if (typeof key !== 'string' && typeof key !== 'number') return nothing;
    let at = value;
    for (let i = 0; i < maxSteps && at !== null && at !== undefined; i++) {
      if (isProxy(at)) return proxy;
      const found = own(at, key);
      if (found !== absent) return found;
      at = getPrototypeOf(at);
    }
    return undefined;
  }

  function text(value, depth) {
    switch (typeof value) {
      case 'string': return stringText(value);
      case 'number': return value === 0 && 1 / value < 0 ? '-0' : `${value}`;
      case 'bigint': return value < largest && value > -largest ? `${value}n` : 'a large bigint';
      case 'symbol': return cut(symbolText(value));
      case 'object': return value === null ? 'null' : objectText(value, depth);
      case 'function': return isProxy(value) ? '[Proxy]' : `[function ${nameOf(value)}]`;
      default: return `${value}`;
    }
  }

  function stringText(value) {
    const { length } = value;
    if (length <= maxText) return stringify(value);
    return length > maxRead ? `a text of ${length} characters` : `${stringify(slice(value, 0, maxText))}… (${length} characters)`;
  }

  function nameOf(made) {
    const name = own(made, 'name');
    return typeof name === 'string' && name !== '' ? cut(name) : '(anonymous)';
  }

  function objectText(value, depth) {
    if (value === getter) return '[getter]';
    if (value === proxy || isProxy(value)) return '[Proxy]';
    if (value === unset) return '(not initialised)';
    if (value === absent) return '(not defined)';
    if (isArray(value)) return list(value, depth);
    const prototype = getPrototypeOf(value);
    if (prototype === objects) return depth >= maxDepth ? '{…}' : members(value, depth);
    for (let i = 0; i < known.length; i++) if (known[i][0] === prototype) return branded(known[i][1], value);
    if (isError(prototype)) return cut(errorText(value));
    const kind = prototype === null ? '' : `${classOf(prototype)} `;
    if (depth >= maxDepth) return `${kind}{…}`;
    return kind + members(value, depth);
  }

  // An object may have the prototype of another kind.
  function branded(show, value) {
    try {
      return cut(show(value));
    } catch {
      return '{…}';
    }
  }

  function isError(prototype) {
    for (let at = prototype, i = 0; at !== null && i < maxSteps && !isProxy(at); at = getPrototypeOf(at), i++) if (at === errors) return true;
    return false;
  }

  function errorText(value) {
    const name = property(value, 'name'), message = property(value, 'message');
    return `${typeof name === 'string' ? name : 'Error'}: ${typeof message === 'string' ? message : text(message, maxDepth)}`;
  }

  function classOf(prototype) {
    const made = isProxy(prototype) ? absent : own(prototype, 'constructor');
    return typeof made === 'function' && !isProxy(made) ? nameOf(made) : 'Object';
  }

  function list(value, depth) {
    const { length } = value;
    if (depth >= maxDepth && length > 0) return `[… ${length}]`;
    let shown = '';
    for (let i = 0; i < length && i < maxMembers; i++) {
      const item = own(value, i);
      shown += (i > 0 ? ', ' : '') + (item === absent ? '(empty)' : text(item, depth + 1));
    }
    return `[${shown}${length > maxMembers ? `, … ${length} in all` : ''}]`;
  }

  function members(value, depth) {
    if (hasCrowds && has(crowds, value)) return '{…}';
    const names = keys(value);
    // The keys of such an object are not read again, because reading takes time for each key.
    if (names.length > maxKeys) {
      hasCrowds = true;
      add(crowds, value);
    }
    let shown = '';
    for (let i = 0; i < names.length && i < maxMembers; i++) {
      shown += `${i > 0 ? ', ' : ' '}${labels[names[i]] ?? label(names[i])}: ${text(own(value, names[i]), depth + 1)}`;
    }
    return names.length === 0 ? '{}' : `{${shown}${names.length > maxMembers ? `, … ${names.length} in all` : ''} }`;
  }

  // The text before a member's value. It is kept for the next object, of a bounded number of names.
  function label(name) {
    const quoted = stringify(cut(name)), shown = quoted.length === name.length + 2 ? name : quoted;
    if (name.length <= maxText && labelCount++ < maxKeys) labels[name] = shown;
    return shown;
  }

  let lines = 0, characters = 0, next = from + room, isOver = false;
  const isSeen = (step) => (step >= from && step < from + room) || step === extra;
  const emit = (line) => {
    characters += line.length;
    if (lines++ < maxLines && characters < maxCharacters) debug(`${mark}[${line}]`);
  };
  // Only the statement that failed shows what is in the objects of objects: that takes time for each.
  const shown = (value, isWhole) => stringify(text(value, isWhole ? 0 : 1));

  // Whether a step is reported. After those that are, it reports the count now and then, for a run that something ends from outside.
  function isReported(step) {
    if (isSeen(step)) {
      clock(step === extra && step < from ? from : step);
      return true;
    }
    if (step >= next) {
      emit(`"n",${step}`);
      next = step + 64 + (step >>> 6);
    }
    clock(step < from ? from : next);
    return false;
  }

  function values(roots, parts, isWhole) {
    const found = { __proto__: null }, count = roots.length;
    let line = '';
    for (let i = 0; i < count; i++) {
      found[i] = roots[i];
      line += `,${found[i] === nothing ? 0 : shown(found[i], isWhole)}`;
    }
    for (let i = 0; i < parts.length; i += 3) {
      const base = found[parts[i]], key = typeof parts[i + 1] === 'number' ? found[parts[i + 1]] : parts[i + 1];
      const isEnd = base === null || base === undefined || base === getter || base === proxy || base === unset || base === absent || base === nothing;
      const value = isEnd ? nothing : property(base, key);
      found[count + i / 3] = value;
      line += `,${value === nothing || (parts[i + 2] === 1 && typeof value === 'function') ? 0 : shown(value, isWhole)}`;
    }
    return line;
  }

  const failures = [];
  for (let i = 0; i < maxFailures; i++) failures[i] = { __proto__: null, error: nothing, step: 0, statement: 0, path: '' };
  let failed = 0;

  // An error leaves a function. The first function that it leaves has its place; the others are its path.
  function leave(statement, step, error) {
    for (let i = 0; i < maxFailures; i++) {
      const at = failures[i];
      // A text that is thrown twice is two errors.
      if (at.error !== error || (!isObject(error) && step > at.step)) continue;
      if (at.path.length < 200) at.path += `,${statement}`;
      return;
    }
    const at = failures[failed++ % maxFailures];
    at.error = error;
    at.step = step;
    at.statement = statement;
    at.path = '';
    if (isOver) emit(failure(at));
  }

  function failure({ error, step, statement, path }) {
    const message = isObject(error) && !isProxy(error) ? property(error, 'message') : error, isRead = typeof message === 'string' && message.length <= maxRead;
    return `"f",${step},${statement},${stringify(isRead ? slice(message, 0, 1000) : text(message, 0))}${path}`;
  }

  return {
    unset,
    isReported,
    isSeen,
    step(kind, statement, step, roots, parts) { emit(`"${kind}",${step},${statement}${values(roots, parts, statement === whole)}`); },
    round(statement, step, rounds, roots, parts) { emit(`"r",${step},${statement},${rounds}${values(roots, parts, statement === whole)}`); },
    branch(step, value) {
      if (isSeen(step)) emit(`"b",${step},${value ? 1 : 0}`);
      return value;
    },
    part(step, index, value) {
      if (isSeen(step)) emit(`"v",${step},${index},${shown(value, true)}`);
      return value;
    },
    global(name) {
      const found = getOwnPropertyDescriptor(world, name);
      if (found === undefined) return absent;
      // Built-in globals are not enumerable, and the globals of the run are.
      return found.enumerable ? (hasOwn(found, 'value') ? found.value : getter) : nothing;
    },
    leave,
    end(steps) {
      isOver = true;
      emit(`"e",${steps}`);
      for (let i = 0; i < maxFailures; i++) {
        const at = failures[(failed + i) % maxFailures];
        if (at.error !== nothing) emit(failure(at));
      }
    },
  };
})
