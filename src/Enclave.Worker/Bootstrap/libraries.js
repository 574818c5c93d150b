// Makes the operator's libraries globals (native/libraries.cc). Runs once, when the start-up snapshot is made, so no library has changed what it saves here.
(function (bridges) {
  'use strict';
  const { guard } = bridges;
  const { defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf, is, isExtensible, preventExtensions } = Object;
  const { apply, deleteProperty, ownKeys } = Reflect;
  const { isView } = ArrayBuffer;
  const SetType = Set, ErrorType = Error, TypeErrorType = TypeError, toText = String;
  const has = Set.prototype.has, add = Set.prototype.add, exec = RegExp.prototype.exec;
  const maxObjects = 100000, maxProperties = 1000000;
  const all = globalThis;

  // Lists without a prototype: growing them never calls a setter of a library.
  const list = () => ({ __proto__: null, length: 0 });
  const append = (to, value) => { to[to.length++] = value; };
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

  // Objects of the language that are not reachable from its globals.
  const hidden = () => [
    [][Symbol.iterator](), ''[Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](), /a/[Symbol.matchAll](''),
    [].values().map(isObject), Iterator.from({ __proto__: null, next() {} }), function* () {}, async function () {}, async function* () {},
  ];

  // Calls visit once for each object that is reachable from the roots without calling anything: by properties, accessors and prototypes.
  function walk(roots, seen, visit) {
    const waiting = list(), prototypes = list();
    let properties = 0, next = 0;
    const meet = (value, path) => {
      if (!isObject(value) || apply(has, seen, [value])) return;
      apply(add, seen, [value]);
      append(waiting, { __proto__: null, value, path });
    };
    for (let i = 0; i < roots.length; i++) meet(roots[i].value, roots[i].path);
    for (let i = 0; ; i++) {
      // Prototypes come last, so that an object with a name is reported by its name.
      while (i === waiting.length && next < prototypes.length) meet(prototypes[next].prototype, `the prototype of ${prototypes[next++].path || 'globalThis'}`);
      if (i === waiting.length) return;
      const { value: object, path } = waiting[i];
      waiting[i] = undefined;
      const prototype = getPrototypeOf(object), keys = ownKeys(object), descriptors = list();
      if (waiting.length > maxObjects || (properties += keys.length) > maxProperties) {
        throw new ErrorType(`it exports more than ${maxObjects} objects or ${maxProperties} properties`);
      }
      append(prototypes, { __proto__: null, prototype, path });
      for (let k = 0; k < keys.length; k++) {
        const descriptor = getOwnPropertyDescriptor(object, keys[k]);
        append(descriptors, descriptor);
        if (descriptor === undefined) continue;
        const at = path === '' ? toText(keys[k]) : `${path}.${toText(keys[k])}`;
        meet(descriptor.value, at);
        meet(descriptor.get, at);
        meet(descriptor.set, at);
      }
      visit({ __proto__: null, object, path, prototype, keys, descriptors, isExtensible: isExtensible(object) });
    }
  }

  const root = (value, path) => {
    const roots = list();
    append(roots, { __proto__: null, value, path });
    return roots;
  };

  // Everything of the language that scripts can see, as it was before the first library.
  let language, notes;

  function remember() {
    language = new SetType();
    notes = list();
    const roots = root(all, ''), others = hidden();
    for (let i = 0; i < others.length; i++) append(roots, { __proto__: null, value: getPrototypeOf(others[i]), path: 'an iterator or function' });
    walk(roots, language, (note) => { append(notes, note); });
  }

  const isSame = (a, b) => a !== undefined && b !== undefined && is(a.value, b.value) && a.get === b.get && a.set === b.set && a.writable === b.writable &&
    a.enumerable === b.enumerable && a.configurable === b.configurable;

  // Describes the first change in words; undefined if there is none.
  function difference() {
    for (let i = 0; i < notes.length; i++) {
      const { object, path, prototype, keys, descriptors, isExtensible: wasExtensible } = notes[i];
      const now = ownKeys(object);
      if (getPrototypeOf(object) !== prototype || isExtensible(object) !== wasExtensible) return path || 'globalThis';
      for (let k = 0; k < now.length; k++) {
        const at = path === '' ? toText(now[k]) : `${path}.${toText(now[k])}`;
        if (k >= keys.length || now[k] !== keys[k] || !isSame(getOwnPropertyDescriptor(object, now[k]), descriptors[k])) return at;
      }
      if (now.length < keys.length) return path === '' ? toText(keys[now.length]) : `${path}.${toText(keys[now.length])}`;
    }
    return undefined;
  }

  // Constructors often shadow a prototype's property by assignment. A frozen data property would prevent that; an accessor allows it.
  function shadowable(prototype, key, { value, enumerable }) {
    const set = function (own) {
      if (this === prototype) throw new TypeErrorType(`Cannot assign to read only property '${toText(key)}' of a library`);
      defineProperty(this, key, { __proto__: null, value: own, writable: true, enumerable: true, configurable: true });
    };
    defineProperty(prototype, key, { __proto__: null, get: freeze(() => value), set: freeze(set), enumerable, configurable: false });
  }

  // Freezes all objects that an export leads to, except those of the language. Objects behind a getter or in a closure stay as they are.
  function freezeAll(value, name) {
    const found = list(), prototypes = new SetType(), seen = new SetType();
    apply(add, seen, [all]);
    for (let i = 0; i < notes.length; i++) apply(add, seen, [notes[i].object]);
    for (let i = 0; i < frozen.length; i++) apply(add, seen, [frozen[i]]);
    walk(root(value, name), seen, (note) => {
      append(found, note);
      if (note.prototype !== null) apply(add, prototypes, [note.prototype]);
      if (typeof note.object === 'function') {
        for (let k = 0; k < note.keys.length; k++) {
          if (note.keys[k] === 'prototype' && isObject(note.descriptors[k].value)) apply(add, prototypes, [note.descriptors[k].value]);
        }
      }
    });
    for (let i = 0; i < found.length; i++) {
      const { object, keys, descriptors } = found[i];
      // Most functions are not constructors: their prototype has only its constructor property.
      const shadows = keys.length > 1 && apply(has, prototypes, [object]);
      for (let k = 0; shadows && k < keys.length; k++) {
        const { writable, configurable } = descriptors[k];
        if (writable && configurable) shadowable(object, keys[k], descriptors[k]);
      }
      // Elements of views cannot be frozen.
      if (isView(object)) preventExtensions(object);
      else freeze(object);
      append(frozen, object);
    }
  }

  let values = { __proto__: null }, frozen = list();

  // Returns [module, exports, require, global, self, window] for the library of this name.
  function begin(name) {
    if (name in all) throw new ErrorType(`there is a global '${name}' already`);
    if (notes === undefined) remember();
    const exports = {};
    const require = (wanted) => {
      if (typeof wanted === 'string' && values !== undefined && wanted in values) return values[wanted];
      throw new ErrorType(`it asks for the module '${toText(wanted)}': bundle what it needs into it, or name it as a library before this one`);
    };
    return [{ exports }, exports, require, all, all, all];
  }

  function end(name, given, declared) {
    let value = given[0].exports;
    const own = getOwnPropertyDescriptor(all, name);
    if (own !== undefined && !deleteProperty(all, name)) throw new ErrorType(`it makes a global '${name}' that cannot be replaced`);
    if (value === given[1] && ownKeys(value).length === 0) value = declared !== undefined ? declared : own?.value;
    // RegExp keeps its last match, but not in a property.
    apply(exec, /(?:)/, ['']);
    const changed = difference();
    if (value === undefined) {
      const made = changed === undefined ? '' : `; it makes or changes ${changed}`;
      throw new ErrorType(`it exports nothing: it sets neither module.exports nor exports, and declares no '${name}'${made}`);
    }
    if (changed !== undefined) throw new ErrorType(`it changes what all scripts see, ${changed}: a library may make its own global and nothing else`);
    freezeAll(value, name);
    defineProperty(all, name, { __proto__: null, value, writable: false, enumerable: false, configurable: false });
    values[name] = value;
    for (let i = 0; i < notes.length; i++) {
      if (notes[i].object !== all) continue;
      notes[i].keys = ownKeys(all);
      notes[i].descriptors = list();
      for (let k = 0; k < notes[i].keys.length; k++) append(notes[i].descriptors, getOwnPropertyDescriptor(all, notes[i].keys[k]));
    }
  }

  // The accessors of frozen prototypes hold on to this scope: keep only the variables that they need.
  function forget() {
    language = notes = frozen = values = undefined;
  }

  guard[4] = [begin, end, forget];
})
