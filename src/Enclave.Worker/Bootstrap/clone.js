// structuredClone: https://html.spec.whatwg.org/#structuredserializeinternal. Only buffers are transferred. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, keys, prototype: objectPrototype } = Object;
  const { apply, construct } = Reflect;
  const { isArray } = Array;
  const { isView } = ArrayBuffer;
  const getter = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).get;
  const MapType = Map, SetType = Set, DateType = Date, RegExpType = RegExp, ErrorType = Error, ArrayType = Array, DataViewType = DataView, ObjectType = Object,
    TypeErrorType = TypeError;
  const mapSize = getter(Map, 'size'), setSize = getter(Set, 'size'), source = getter(RegExp, 'source'), flags = getter(RegExp, 'flags'),
    bufferLength = getter(ArrayBuffer, 'byteLength');
  const kind = getter(getPrototypeOf(Uint8Array), Symbol.toStringTag), { toStringTag } = Symbol;
  const { get, set, forEach } = Map.prototype, { add, has, forEach: each } = Set.prototype;
  const { transfer } = ArrayBuffer.prototype, isDetached = getter(ArrayBuffer, 'detached');
  const getTime = Date.prototype.getTime, slice = ArrayBuffer.prototype.slice, toText = Object.prototype.toString;
  const values = [Number, String, Boolean, BigInt].map((type) => type.prototype.valueOf);
  const views = {
    __proto__: null, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array, Float32Array, Float64Array,
    BigInt64Array, BigUint64Array,
  };
  const errors = { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

  // An object's own slots tell its kind; its properties may lie.
  const is = (method, value) => {
    try {
      apply(method, value, []);
      return true;
    } catch {
      return false;
    }
  };

  function refuse(value) {
    throw bridges.exception(`${typeof value === 'object' ? apply(toText, value, []) : typeof value} could not be cloned`, 'DataCloneError');
  }

  function clone(value, seen) {
    if (typeof value === 'symbol' || typeof value === 'function') refuse(value);
    if (typeof value !== 'object' || value === null) return value;
    const known = apply(get, seen, [value]);
    if (known !== undefined) return known;
    const keep = (copy) => {
      apply(set, seen, [value, copy]);
      return copy;
    };
    if (isArray(value)) return members(value, keep(new ArrayType(value.length)), seen);
    if (isView(value)) return keep(view(value, seen));
    if (bridges.isBlob(value)) return keep(bridges.copyBlob(value));
    if (bridges.isException(value)) return keep(bridges.exception(value.message, value.name));
    if (ErrorType.isError(value)) return error(value, keep, seen);
    // Most objects have no internal data, and each test of an object without it costs an exception.
    if (bridges.hasData(value)) {
      const copy = copyOfData(value, keep, seen);
      if (copy !== undefined) return copy;
    }
    const tag = apply(toText, value, []);
    if (tag !== '[object Object]' && !(toStringTag in value && getPrototypeOf(value) === objectPrototype)) refuse(value);
    return members(value, keep({}), seen);
  }

  // Undefined for an object without data.
  function copyOfData(value, keep, seen) {
    if (is(getTime, value)) return keep(new DateType(apply(getTime, value, [])));
    if (is(mapSize, value)) {
      const copy = keep(new MapType()), entries = [];
      apply(forEach, value, [(item, key) => { entries[entries.length] = [key, item]; }]);
      for (let i = 0; i < entries.length; i++) apply(set, copy, [clone(entries[i][0], seen), clone(entries[i][1], seen)]);
      return copy;
    }
    if (is(setSize, value)) {
      const copy = keep(new SetType()), items = [];
      apply(each, value, [(item) => { items[items.length] = item; }]);
      for (let i = 0; i < items.length; i++) apply(add, copy, [clone(items[i], seen)]);
      return copy;
    }
    if (is(bufferLength, value)) return keep(apply(slice, value, [0]));
    for (let i = 0; i < values.length; i++) if (is(values[i], value)) return keep(ObjectType(apply(values[i], value, [])));
    // RegExp.prototype also answers to its accessor source, and is not a pattern.
    if (getPrototypeOf(value) !== objectPrototype && value !== RegExpType.prototype && is(source, value))
      return keep(new RegExpType(apply(source, value, []), apply(flags, value, [])));
    return undefined;
  }

  function members(value, copy, seen) {
    const names = keys(value);
    for (let i = 0; i < names.length; i++) {
      defineProperty(copy, names[i], { __proto__: null, value: clone(value[names[i]], seen), writable: true, enumerable: true, configurable: true });
    }
    return copy;
  }

  function view(value, seen) {
    const name = apply(kind, value, []);
    const buffer = clone(value.buffer, seen);
    return name === undefined ? new DataViewType(buffer, value.byteOffset, value.byteLength) : construct(views[name], [buffer, value.byteOffset, value.length]);
  }

  function error(value, keep, seen) {
    const copy = keep(new (errors[`${value.name}`] ?? ErrorType)());
    const own = (key, given) => defineProperty(copy, key, { __proto__: null, value: given, writable: true, enumerable: false, configurable: true });
    const message = getOwnPropertyDescriptor(value, 'message');
    if (message !== undefined && 'value' in message) own('message', `${message.value}`);
    own('stack', typeof value.stack === 'string' ? value.stack : '');
    if ('cause' in value) own('cause', clone(value.cause, seen));
    return copy;
  }

  // The buffers that are given away with the copy.
  function transferred(options) {
    const all = [], seen = new SetType();
    if (options?.transfer === undefined) return all;
    for (const item of options.transfer) {
      if (!is(bufferLength, item) || apply(isDetached, item, []) || apply(has, seen, [item])) {
        throw bridges.exception('Only an ArrayBuffer can be transferred, once', 'DataCloneError');
      }
      apply(add, seen, [item]);
      all[all.length] = item;
    }
    return all;
  }

  const { structuredClone } = {
    structuredClone(value, options) {
      if (arguments.length === 0) throw new TypeErrorType('structuredClone needs a value');
      const given = transferred(options), copy = clone(value, new MapType());
      // The copy has memory of its own. The transferred buffers have none afterwards.
      for (let i = 0; i < given.length; i++) apply(transfer, given[i], [0]);
      return copy;
    },
  };
  defineProperty(structuredClone, 'length', { value: 1 });
  defineProperty(globalThis, 'structuredClone', { value: structuredClone, writable: true, enumerable: false, configurable: true });
})
