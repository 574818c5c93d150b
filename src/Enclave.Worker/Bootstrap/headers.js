// Headers (https://fetch.spec.whatwg.org/#headers-class) and FormData (https://xhr.spec.whatwg.org/#interface-formdata), as lists of names and values. Runs
// once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { defineProperty, hasOwn } = Object;
  const { apply, ownKeys, getOwnPropertyDescriptor } = Reflect;
  const { iterator } = Symbol;
  const { charCodeAt, toLowerCase, slice, toWellFormed } = String.prototype;
  const { test } = RegExp.prototype, { sort } = Array.prototype;
  const { get, set, has, delete: remove, forEach } = Map.prototype;
  const MapType = Map, TypeErrorType = TypeError;
  const isRecord = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

  // Web IDL's ByteString.
  function bytes(given) {
    const text = `${given}`;
    for (let i = 0; i < text.length; i++) {
      if (apply(charCodeAt, text, [i]) > 255) throw new TypeErrorType('Headers: a name or value has characters beyond U+00FF');
    }
    return text;
  }

  function nameOf(given) {
    const name = `${given}`;
    if (!apply(test, /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, [name])) throw new TypeErrorType(`Headers: "${name}" is not the name of a header`);
    return apply(toLowerCase, name, []);
  }

  // The text without blanks and line ends at its ends. A regular expression would search for the end from each of them.
  function trimmed(text) {
    const isBlank = (i) => text[i] === ' ' || text[i] === '\t' || text[i] === '\n' || text[i] === '\r';
    let from = 0, to = text.length;
    while (from < to && isBlank(from)) from++;
    while (to > from && isBlank(to - 1)) to--;
    return apply(slice, text, [from, to]);
  }

  function valueOf(given) {
    const value = trimmed(`${given}`);
    for (let i = 0; i < value.length; i++) {
      const code = apply(charCodeAt, value, [i]);
      if (code === 0 || code === 10 || code === 13 || code > 255) throw new TypeErrorType('Headers: the value has characters that a header cannot have');
    }
    return value;
  }

  const own = (object, key, value) => defineProperty(object, key, { __proto__: null, value, writable: true, enumerable: true, configurable: true });

  class Headers {
    // For each name its values, and all values as one text.
    #names = new MapType();
    #sorted;

    // A name has one text, except set-cookie, whose values cannot be joined.
    static {
      bridges.brand('Headers', (value) => #names in value, (value) => {
        const all = value.#all(), form = {};
        for (let i = 0; i < all.length; i++) {
          const [name, text] = all[i];
          if (name !== 'set-cookie') own(form, name, text);
          else if (!hasOwn(form, name)) own(form, name, [text]);
          else form[name][form[name].length] = text;
        }
        return form;
      });
    }

    constructor(init) {
      if (init === undefined) return;
      if (!isRecord(init)) throw new TypeErrorType('Headers takes an object, or pairs of a name and a value');
      if (typeof init[iterator] === 'function') {
        for (const pair of init) {
          if (!isRecord(pair) || typeof pair[iterator] !== 'function') throw new TypeErrorType('Headers: each pair has a name and a value');
          const [name, value, ...more] = pair;
          if (more.length > 0 || pair.length === 1) throw new TypeErrorType('Headers: each pair has a name and a value');
          this.append(name, value);
        }
        return;
      }
      // Convert all pairs before the first one is added.
      const keys = ownKeys(init), pairs = [];
      for (let i = 0; i < keys.length; i++) {
        if (!getOwnPropertyDescriptor(init, keys[i])?.enumerable) continue;
        const name = bytes(keys[i]);
        pairs[pairs.length] = [name, bytes(init[keys[i]])];
      }
      for (let i = 0; i < pairs.length; i++) this.append(pairs[i][0], pairs[i][1]);
    }

    append(name, value) {
      if (arguments.length < 2) throw new TypeErrorType('append needs a name and a value');
      const wanted = nameOf(name), given = valueOf(value), known = apply(get, this.#names, [wanted]);
      this.#sorted = undefined;
      if (known === undefined) {
        apply(set, this.#names, [wanted, { __proto__: null, values: [given], text: given }]);
      } else {
        known.values[known.values.length] = given;
        known.text += `, ${given}`;
      }
    }

    delete(name) {
      if (apply(remove, this.#names, [nameOf(name)])) this.#sorted = undefined;
    }

    get(name) { return apply(get, this.#names, [nameOf(name)])?.text ?? null; }

    getSetCookie() {
      const all = [], values = apply(get, this.#names, ['set-cookie'])?.values ?? all;
      for (let i = 0; i < values.length; i++) all[i] = values[i];
      return all;
    }

    has(name) { return apply(has, this.#names, [nameOf(name)]); }

    set(name, value) {
      if (arguments.length < 2) throw new TypeErrorType('set needs a name and a value');
      const wanted = nameOf(name), given = valueOf(value);
      apply(set, this.#names, [wanted, { __proto__: null, values: [given], text: given }]);
      this.#sorted = undefined;
    }

    // The pairs in the order of names; values of one name are joined, except for set-cookie. Cached until the next change, because an iteration calls this at
    // each step.
    #all() {
      if (this.#sorted !== undefined) return this.#sorted;
      const names = [], all = [];
      apply(forEach, this.#names, [(_, name) => { names[names.length] = name; }]);
      apply(sort, names, []);
      for (let i = 0; i < names.length; i++) {
        const { values, text } = apply(get, this.#names, [names[i]]);
        if (names[i] !== 'set-cookie') all[all.length] = [names[i], text];
        else for (let k = 0; k < values.length; k++) all[all.length] = [names[i], values[k]];
      }
      return this.#sorted = all;
    }

    forEach(callback, self) {
      if (typeof callback !== 'function') throw new TypeErrorType('forEach takes a function');
      for (let i = 0, all = this.#all(); i < all.length; i++, all = this.#all()) apply(callback, self, [all[i][1], all[i][0], this]);
    }

    * entries() { for (let i = 0, all = this.#all(); i < all.length; i++, all = this.#all()) yield [all[i][0], all[i][1]]; }
    * keys() { for (const [name] of this.entries()) yield name; }
    * values() { for (const [, value] of this.entries()) yield value; }
  }

  const text = (value) => apply(toWellFormed, `${value}`, []);

  function entryOf(value, name) {
    if (bridges.isBlob(value)) return bridges.fileOf(value, name);
    if (name !== undefined) throw new TypeErrorType('FormData: only a Blob has a file name');
    return text(value);
  }

  class FormData {
    #list = [];

    static {
      bridges.brand('FormData', (value) => #list in value, 'Object.fromEntries(form), with the bytes() of its files', (value) => {
        const form = {};
        for (let i = 0; i < value.#list.length; i++) own(form, value.#list[i][0], value.#list[i][1]);
        return form;
      });
    }

    constructor(form) {
      if (form !== undefined) throw new TypeErrorType('FormData takes no argument: there is no page');
    }

    append(name, value, file) {
      if (arguments.length < 2) throw new TypeErrorType('append needs a name and a value');
      this.#list[this.#list.length] = [text(name), entryOf(value, file)];
    }

    delete(name) {
      const wanted = text(name);
      this.#list = this.#list.filter(([own]) => own !== wanted);
    }

    get(name) { return this.getAll(name)[0] ?? null; }

    getAll(name) {
      const wanted = text(name), all = [];
      for (let i = 0; i < this.#list.length; i++) if (this.#list[i][0] === wanted) all[all.length] = this.#list[i][1];
      return all;
    }

    has(name) { return this.getAll(name).length > 0; }

    set(name, value, file) {
      if (arguments.length < 2) throw new TypeErrorType('set needs a name and a value');
      const wanted = text(name), entry = [wanted, entryOf(value, file)], rest = [];
      let isSet = false;
      for (let i = 0; i < this.#list.length; i++) {
        if (this.#list[i][0] !== wanted) rest[rest.length] = this.#list[i];
        else if (!isSet) [rest[rest.length], isSet] = [entry, true];
      }
      if (!isSet) rest[rest.length] = entry;
      this.#list = rest;
    }

    forEach(callback, self) {
      if (typeof callback !== 'function') throw new TypeErrorType('forEach takes a function');
      for (let i = 0; i < this.#list.length; i++) apply(callback, self, [this.#list[i][1], this.#list[i][0], this]);
    }

    * entries() { for (let i = 0; i < this.#list.length; i++) yield [this.#list[i][0], this.#list[i][1]]; }
    * keys() { for (let i = 0; i < this.#list.length; i++) yield this.#list[i][0]; }
    * values() { for (let i = 0; i < this.#list.length; i++) yield this.#list[i][1]; }
  }

  const types = [Headers, FormData];
  for (let i = 0; i < types.length; i++) {
    const { name, prototype } = types[i];
    defineProperty(prototype, iterator, { __proto__: null, value: prototype.entries, writable: true, enumerable: false, configurable: true });
    defineProperty(prototype, Symbol.toStringTag, { __proto__: null, value: name, configurable: true });
    defineProperty(globalThis, name, { __proto__: null, value: types[i], writable: true, enumerable: false, configurable: true });
    defineProperty(types[i], 'length', { value: 0 });
  }
})
