// Writes values as text for the worker (ValueText.cs), and builds values that it sends (ValueJson.cs). The rules are those of docs/values.md.
(function (bridges) {
  'use strict';
  const { isProxy } = bridges;
  const { apply } = Reflect;
  const { getPrototypeOf, hasOwn, keys, getOwnPropertyDescriptor, freeze, is } = Object;
  const { isArray } = Array;
  const { isView } = ArrayBuffer;
  const getter = (type, name) => getOwnPropertyDescriptor(type.prototype, name).get;
  const { OriginalError } = bridges;
  const { isError } = OriginalError;
  const { toStringTag } = Symbol;
  const objectPrototype = Object.prototype, objectText = objectPrototype.toString;
  const slots = [[Date, 'getTime'], [Number, 'valueOf'], [String, 'valueOf'], [Boolean, 'valueOf'], [BigInt, 'valueOf'], [Symbol, 'valueOf']];
  const valueOf = { __proto__: null };
  for (let i = 0; i < slots.length; i++) valueOf[slots[i][0].name] = slots[i][0].prototype[slots[i][1]];
  const mapSize = getter(Map, 'size'), setSize = getter(Set, 'size'), bufferLength = getter(ArrayBuffer, 'byteLength'), source = getter(RegExp, 'source');
  const weakMapHas = WeakMap.prototype.has, weakSetHas = WeakSet.prototype.has, { deref } = WeakRef.prototype;
  const { get: weakGet, set: weakSet } = WeakMap.prototype;
  const forEachEntry = Map.prototype.forEach, forEachItem = Set.prototype.forEach;
  const TypedArray = getPrototypeOf(Uint8Array);
  const arrayKind = getter(TypedArray, toStringTag), arrayLength = getter(TypedArray, 'length'), arrayOffset = getter(TypedArray, 'byteOffset'),
    arrayBuffer = getter(TypedArray, 'buffer');
  const viewLength = getter(DataView, 'byteLength'), viewOffset = getter(DataView, 'byteOffset'), viewBuffer = getter(DataView, 'buffer');
  const Bytes = Uint8Array, { toBase64 } = Uint8Array.prototype, { fromBase64 } = Uint8Array, { parse } = JSON;
  const bigText = BigInt.prototype.toString, BigIntType = BigInt, DateType = Date, NumberType = Number, RegExpPrototype = RegExp.prototype;
  const { slice, endsWith } = String.prototype;
  const { getPromiseState } = bridges.host;
  const generators = [getPrototypeOf(function* () {}).prototype, getPrototypeOf(async function* () {}).prototype];
  const flagNames = ['hasIndices', 'global', 'ignoreCase', 'multiline', 'dotAll', 'unicode', 'unicodeSets', 'sticky'], letters = 'dgimsuvy';
  const flags = { __proto__: null };
  for (let i = 0; i < flagNames.length; i++) flags[i] = getter(RegExp, flagNames[i]);
  const maxBigInt = 8192, maxPath = 200, maxStep = 60, { floor } = Math;
  const limits = { __proto__: null, depth: 0, members: 0, bytes: 0 };
  const references = new WeakMap();
  let hasReferences = false;
  bridges.setLimits = (depth, members, bytes) => {
    limits.depth = depth;
    limits.members = members;
    limits.bytes = bytes;
  };

  // Thrown through the walk, and caught at its end. No script sees one.
  const refused = { __proto__: null };

  // An object's own slots tell its kind: the methods of the language throw for objects without the slot, and run no code of the script.
  const none = [], someKey = [none];
  const test = (method, value, args = none) => {
    try {
      apply(method, value, args);
      return true;
    } catch {
      return false;
    }
  };

  const plain = { __proto__: null, Date: 'Date', RegExp: 'RegExp', Number: 'Number', String: 'String', Boolean: 'Boolean' };

  // Whether a property of this object or of its prototypes may hide its kind.
  function isTagged(object) {
    for (let at = object; at !== null; at = getPrototypeOf(at)) if (isProxy(at) || hasOwn(at, toStringTag)) return true;
    return false;
  }

  function inherits(object) {
    for (let at = getPrototypeOf(object); at !== null && !isProxy(at); at = getPrototypeOf(at)) if (at === generators[0] || at === generators[1]) return true;
    return false;
  }

  function kindBySlots(object) {
    const limit = OriginalError.stackTraceLimit;
    OriginalError.stackTraceLimit = 0;
    try {
      if (test(mapSize, object)) return 'Map';
      if (test(setSize, object)) return 'Set';
      if (getPromiseState(object) !== undefined) return 'Promise';
      if (test(bufferLength, object)) return 'ArrayBuffer';
      for (let i = 0; i < slots.length; i++) if (test(valueOf[slots[i][0].name], object)) return slots[i][0].name;
      if (object !== RegExpPrototype && test(source, object)) return 'RegExp';
      if (test(weakMapHas, object, someKey) || test(weakSetHas, object, someKey) || test(deref, object)) return 'Weak';
      return inherits(object) ? 'Generator' : 'Object';
    } finally {
      OriginalError.stackTraceLimit = limit;
    }
  }

  // The kinds of objects whose prototype was exchanged.
  const noted = new WeakMap();
  bridges.noteKind = (object) => {
    const kind = isProxy(object) || isArray(object) || isView(object) || isError(object) ? 'Object' : kindBySlots(object);
    if (kind !== 'Object') apply(weakSet, noted, [object, kind]);
  };

  function kindOf(object) {
    if (isProxy(object)) return isArray(object) ? 'ArrayLike' : 'Object';
    if (isArray(object)) return 'Array';
    if (isView(object)) return apply(arrayKind, object, []) ?? 'DataView';
    if (isError(object)) return 'Error';
    if (isTagged(object)) return kindBySlots(object);
    const text = apply(objectText, object, []), known = plain[apply(slice, text, [8, -1])];
    if (known !== undefined) return known;
    // An object without a tag may be a Map or a promise under another prototype. Testing all slots takes as long as writing a hundred members.
    const prototype = getPrototypeOf(object);
    if (prototype === null || prototype === objectPrototype) return apply(weakGet, noted, [object]) ?? 'Object';
    return keys(object).length === 0 ? kindBySlots(object) : 'Object';
  }

  // Objects of the platform without members (Bootstrap/brands.js).
  function formOf(given) {
    const isOrdinary = !isTagged(given), prototype = getPrototypeOf(given);
    return isOrdinary && (prototype === null || prototype === objectPrototype) ? undefined : bridges.formOf(given, isOrdinary);
  }

  const noData = { __proto__: null, Promise: 'a promise that was not awaited', Symbol: 'a symbol', Generator: 'a generator', Weak: 'a weak collection' };
  const asBytes = { __proto__: null, Uint8Array: true, Uint8ClampedArray: true, Int8Array: true, DataView: true };

  bridges.encode = (whole) => {
    const path = { __proto__: null, length: 0 }, ancestors = { __proto__: null, length: 0 };
    let out = '', used = 0, left = limits.members, refusal, isTooLarge = false;

    function pathText() {
      let text = '$';
      for (let i = 0; i < path.length; i++) {
        if (text.length > maxPath) return `${text}…`;
        text += typeof path[i] === 'number' ? `[${path[i]}]` : `.${apply(slice, path[i], [0, maxStep])}`;
      }
      return text;
    }
    function refuse(what, instead = '') {
      refusal = `${what} at ${pathText()} cannot cross: values are data only${instead === '' ? '' : `; send ${instead}`}`;
      throw refused;
    }
    function tooLarge(what) {
      refusal = `${what} at ${pathText()}`;
      isTooLarge = true;
      throw refused;
    }

    // Lengths on the wire. Text counts as if it were ASCII: the worker counts again.
    const put = (text, bytes) => {
      out += text;
      used += bytes;
    };
    const headed = (length) => (length < 256 ? 2 : length < 65536 ? 3 : 5) + length;
    const container = (mark, count) => put(`${mark}${count};`, count < 16 ? 1 : count < 65536 ? 3 : 5);

    function text(value) {
      if (value.length > limits.bytes) tooLarge(`a string of ${value.length} characters`);
      put(`s${value.length};${value}`, value.length < 32 ? 1 + value.length : headed(value.length));
    }
    function number(value) {
      if (floor(value) !== value || value > 9007199254740991 || value < -9007199254740991 || is(value, -0)) put(`d${is(value, -0) ? '-0' : value};`, 9);
      else put(`i${value};`, value >= -32 && value < 128 ? 1 : value >= -128 && value < 256 ? 2 : value >= -32768 && value < 65536 ? 3 : 5);
    }
    function bigint(value) {
      const digits = apply(bigText, value, [16]), length = digits.length - (value < 0n ? 1 : 0);
      const bytes = floor((length + 15) / 16) * 8;
      if (bytes > maxBigInt) tooLarge(`a BigInt of ${bytes} bytes`);
      put(`b${digits};`, 3 + bytes);
    }
    function bytes(buffer, offset, length) {
      if (length > limits.bytes) return put('', length);
      put(`x${length};`, headed(length));
      out += `${length === 0 ? '' : apply(toBase64, new Bytes(buffer, offset, length), [])};`;
    }
    function regExp(value) {
      let shown = apply(source, value, []);
      if (shown.length > limits.bytes) tooLarge(`a regular expression of ${shown.length} characters`);
      shown = `/${shown}/`;
      for (let i = 0; i < flagNames.length; i++) if (apply(flags[i], value, [])) shown += letters[i];
      text(shown);
    }
    function date(value) {
      if (value !== value) put('n', 1);
      else put(`D${value};`, value % 1000 === 0 && value >= 0 && value < 4294967296000 ? 6 : value >= 0 && value < 17179869184000 ? 10 : 15);
    }
    function take(count) {
      if (count > left) tooLarge(`more than ${limits.members} members`);
      left -= count;
    }
    function step(at, member) {
      path[path.length++] = at;
      value(member);
      path.length--;
    }
    function elements(list, length) {
      take(length);
      container('a', length);
      for (let i = 0; i < length; i++) step(i, list[i]);
    }
    function members(object) {
      const names = keys(object);
      take(names.length);
      container('m', names.length);
      for (let i = 0; i < names.length; i++) {
        const member = object[names[i]];
        path[path.length++] = names[i];
        text(names[i]);
        value(member);
        path.length--;
      }
    }
    function entries(map) {
      const names = { __proto__: null, length: 0 }, values = { __proto__: null };
      apply(forEachEntry, map, [(value, key) => {
        values[names.length] = value;
        names[names.length++] = key;
      }]);
      take(names.length);
      for (let i = 0; i < names.length; i++) {
        if (typeof names[i] === 'symbol') refuse('a Map with a symbol as key');
        names[i] = `${names[i]}`;
      }
      container('m', names.length);
      for (let i = 0; i < names.length; i++) {
        path[path.length++] = names[i];
        text(names[i]);
        value(values[i]);
        path.length--;
      }
    }
    function error(object) {
      const { name, message } = object, code = hasOwn(object, 'code') ? object.code : undefined;
      const hasCode = typeof code === 'string' || typeof code === 'number', hasCause = hasOwn(object, 'cause'), hasErrors = hasOwn(object, 'errors');
      const count = 2 + hasCode + hasCause + hasErrors;
      take(count);
      container('m', count);
      text('name');
      typeof name === 'string' ? text(name) : put('n', 1);
      text('message');
      typeof message === 'string' ? text(message) : put('n', 1);
      const write = (key, member) => {
        path[path.length++] = key;
        text(key);
        value(member);
        path.length--;
      };
      if (hasCode) write('code', code);
      if (hasCause) write('cause', object.cause);
      if (hasErrors) write('errors', object.errors);
    }

    function asContainer(object, kind) {
      if (kind === 'Array') return elements(object, object.length);
      if (kind === 'Map') return entries(object);
      if (kind === 'Set') {
        const items = { __proto__: null, length: 0 };
        apply(forEachItem, object, [(item) => { items[items.length++] = item; }]);
        return elements(items, items.length);
      }
      if (kind === 'Error') return error(object);
      if (kind === 'ArrayLike') {
        const length = +object.length;
        return elements(object, length >= 0 ? floor(length > left ? left + 1 : length) : 0);
      }
      return isView(object) ? elements(object, apply(arrayLength, object, [])) : members(object);
    }

    function object(given) {
      if (typeof given === 'function') refuse('a function');
      const id = hasReferences && !isProxy(given) ? apply(weakGet, references, [given]) : undefined;
      if (id !== undefined) return put(`r${id}`, 18);
      const kind = kindOf(given);
      if (noData[kind] !== undefined) refuse(noData[kind]);
      if (kind === 'Date') return date(apply(valueOf.Date, given, []));
      if (kind === 'Number') return number(apply(valueOf.Number, given, []));
      if (kind === 'String') return text(apply(valueOf.String, given, []));
      if (kind === 'Boolean') return put(apply(valueOf.Boolean, given, []) ? 't' : 'f', 1);
      if (kind === 'BigInt') return bigint(apply(valueOf.BigInt, given, []));
      if (kind === 'RegExp') return regExp(given);
      if (kind === 'ArrayBuffer') return bytes(given, 0, apply(bufferLength, given, []));
      if (asBytes[kind]) {
        if (kind !== 'DataView') return bytes(apply(arrayBuffer, given, []), apply(arrayOffset, given, []), apply(arrayLength, given, []));
        // The methods of a view throw when its buffer is detached.
        const length = test(viewLength, given) ? apply(viewLength, given, []) : 0;
        return bytes(apply(viewBuffer, given, []), length === 0 ? 0 : apply(viewOffset, given, []), length);
      }
      const form = kind === 'Object' && !isProxy(given) ? formOf(given) : undefined;
      if (form !== undefined) return form.length === 1 ? value(form[0]) : refuse(`an object of the type ${form[0]}`, form[1]);
      for (let i = 0; i < ancestors.length; i++) if (ancestors[i] === given) return text('[Circular]');
      if (ancestors.length >= limits.depth) tooLarge(`nesting above ${limits.depth} levels`);
      ancestors[ancestors.length++] = given;
      asContainer(given, kind);
      ancestors[--ancestors.length] = undefined;
    }

    function value(given) {
      if (used > limits.bytes) tooLarge(`more than ${limits.bytes} bytes`);
      switch (typeof given) {
        case 'string': return text(given);
        case 'number': return number(given);
        case 'boolean': return put(given ? 't' : 'f', 1);
        case 'undefined': return put('u', 3);
        case 'bigint': return bigint(given);
        case 'symbol': return refuse('a symbol');
        default: return given === null ? put('n', 1) : object(given);
      }
    }

    try {
      value(whole);
      if (used > limits.bytes) tooLarge(`more than ${limits.bytes} bytes`);
    } catch (thrown) {
      if (thrown !== refused) throw thrown;
    }
    return { __proto__: null, text: out, refusal, isTooLarge };
  };

  function special(kind, data) {
    switch (kind) {
      case 'u': return undefined;
      case 'd': return NumberType(data);
      case 'b': return apply(endsWith, data, ['-']) ? -BigIntType(apply(slice, data, [0, -1])) : BigIntType(data);
      case 'D': return new DateType(data);
      case 'x': return apply(fromBase64, Bytes, [data]);
      default: {
        const reference = bridges.guard[2](data[0], data[1], data[2], data[3]);
        hasReferences = true;
        apply(weakSet, references, [reference, data[0]]);
        return freeze(reference);
      }
    }
  }

  // The value of a JSON text. The second text lists the places whose values JSON has no form for: [[path, kind, data], ...].
  bridges.decode = (json, others) => {
    const root = { __proto__: null, value: parse(json) };
    if (others === '') return root.value;
    const list = parse(others);
    for (let i = 0; i < list.length; i++) {
      const path = list[i][0];
      let at = root, key = 'value';
      for (let k = 0; k < path.length; k++) {
        at = at[key];
        key = path[k];
      }
      at[key] = special(list[i][1], list[i][2]);
    }
    return root.value;
  };
})
