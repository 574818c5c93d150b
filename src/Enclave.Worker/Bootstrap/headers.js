// Headers (https://fetch.spec.whatwg.org/#headers-class) and FormData (https://xhr.spec.whatwg.org/#interface-formdata), as lists of names and values. Runs
// once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { defineProperty } = Object;
  const { apply, ownKeys, getOwnPropertyDescriptor } = Reflect;
  const { iterator } = Symbol;
  const { charCodeAt, toLowerCase, replace, toWellFormed } = String.prototype;
  const { test } = RegExp.prototype, { sort } = Array.prototype;
  const TypeErrorType = TypeError;
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

  function valueOf(given) {
    const value = apply(replace, `${given}`, [/^[\t\n\r ]+|[\t\n\r ]+$/g, '']);
    for (let i = 0; i < value.length; i++) {
      const code = apply(charCodeAt, value, [i]);
      if (code === 0 || code === 10 || code === 13 || code > 255) throw new TypeErrorType('Headers: the value has characters that a header cannot have');
    }
    return value;
  }

  class Headers {
    #list = [];

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
      // All of them are converted before the first one is taken.
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
      const own = nameOf(name), given = valueOf(value);
      this.#list[this.#list.length] = [own, given];
    }

    delete(name) {
      const wanted = nameOf(name);
      this.#list = this.#list.filter(([own]) => own !== wanted);
    }

    get(name) {
      const wanted = nameOf(name);
      let all = null;
      for (let i = 0; i < this.#list.length; i++) if (this.#list[i][0] === wanted) all = all === null ? this.#list[i][1] : `${all}, ${this.#list[i][1]}`;
      return all;
    }

    getSetCookie() {
      const all = [];
      for (let i = 0; i < this.#list.length; i++) if (this.#list[i][0] === 'set-cookie') all[all.length] = this.#list[i][1];
      return all;
    }

    has(name) { return this.get(name) !== null; }

    set(name, value) {
      if (arguments.length < 2) throw new TypeErrorType('set needs a name and a value');
      const wanted = nameOf(name), given = valueOf(value), rest = [];
      let isSet = false;
      for (let i = 0; i < this.#list.length; i++) {
        if (this.#list[i][0] !== wanted) rest[rest.length] = this.#list[i];
        else if (!isSet) [rest[rest.length], isSet] = [[wanted, given], true];
      }
      if (!isSet) rest[rest.length] = [wanted, given];
      this.#list = rest;
    }

    // By name; those of one name as one, except set-cookie.
    #sorted() {
      const names = [], values = { __proto__: null }, all = [];
      for (let i = 0; i < this.#list.length; i++) {
        const [name, value] = this.#list[i];
        if (values[name] === undefined) [names[names.length], values[name]] = [name, [value]];
        else if (name === 'set-cookie') values[name][values[name].length] = value;
        else values[name][0] += `, ${value}`;
      }
      apply(sort, names, []);
      for (let i = 0; i < names.length; i++) for (let k = 0; k < values[names[i]].length; k++) all[all.length] = [names[i], values[names[i]][k]];
      return all;
    }

    forEach(callback, self) {
      if (typeof callback !== 'function') throw new TypeErrorType('forEach takes a function');
      for (let i = 0, all = this.#sorted(); i < all.length; all = this.#sorted(), i++) apply(callback, self, [all[i][1], all[i][0], this]);
    }

    * entries() { for (let i = 0, all = this.#sorted(); i < all.length; i++, all = this.#sorted()) yield all[i]; }
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
