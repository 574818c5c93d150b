// URLSearchParams: https://url.spec.whatwg.org/#interface-urlsearchparams. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { defineProperty, keys } = Object;
  const { apply } = Reflect;
  const { iterator } = Symbol;
  const { codePointAt, indexOf, slice, split, toWellFormed, replaceAll } = String.prototype;
  const encode = encodeURIComponent, decode = decodeURIComponent, hexOf = parseInt;
  const Bytes = Uint8Array, Decoder = TextDecoder, TypeErrorType = TypeError;
  const decodeBytes = TextDecoder.prototype.decode;

  // A code point as %XX of its UTF-8.
  const escape = (code, character) => code < 0x80 ? `%${code < 16 ? '0' : ''}${code.toString(16).toUpperCase()}` : encode(character);

  // Percent-encodes the characters for which `must` returns true, given their code, and all characters beyond ASCII.
  function encoded(text, must) {
    const whole = apply(toWellFormed, text, []);
    let out = '';
    for (let i = 0; i < whole.length; i++) {
      const code = apply(codePointAt, whole, [i]);
      if (code > 0xffff) out += escape(code, whole[i] + whole[++i]);
      else out += code > 0x7e || code < 0x20 || must(code) ? escape(code, whole[i]) : whole[i];
    }
    return out;
  }

  const isHex = (code) => (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);

  // Percent-decodes. Invalid UTF-8 becomes U+FFFD.
  function decoded(text) {
    if (apply(indexOf, text, ['%']) < 0) return text;
    try {
      return decode(text);
    } catch {
      const raw = new TextEncoder().encode(text), bytes = new Bytes(raw.length);
      let size = 0;
      for (let i = 0; i < raw.length; i++) {
        const isEscape = raw[i] === 0x25 && i + 2 < raw.length && isHex(raw[i + 1]) && isHex(raw[i + 2]);
        bytes[size++] = isEscape ? hexOf(String.fromCharCode(raw[i + 1], raw[i + 2]), 16) : raw[i];
        if (isEscape) i += 2;
      }
      return apply(decodeBytes, new Decoder('utf-8', { ignoreBOM: true }), [bytes.subarray(0, size)]);
    }
  }

  // https://url.spec.whatwg.org/#application-x-www-form-urlencoded-percent-encode-set
  const isPlain = (c) =>
    (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x2a || c === 0x2d || c === 0x2e || c === 0x5f;
  const written = (text) => apply(replaceAll, encoded(text, (c) => c !== 0x20 && !isPlain(c)), [' ', '+']);
  const readPart = (text) => decoded(apply(replaceAll, text, ['+', ' ']));

  function read(query) {
    const pairs = [], parts = apply(split, query, ['&']);
    for (let i = 0; i < parts.length; i++) {
      if (parts[i] === '') continue;
      const at = apply(indexOf, parts[i], ['=']);
      pairs[pairs.length] = at < 0 ? [readPart(parts[i]), ''] : [readPart(apply(slice, parts[i], [0, at])), readPart(apply(slice, parts[i], [at + 1]))];
    }
    return pairs;
  }

  const text = (value) => apply(toWellFormed, `${value}`, []);

  // Set by URL: the owner of a query is notified of changes.
  let link, refresh;

  class URLSearchParams {
    #pairs = [];
    #changed;

    static {
      link = (params, changed) => { params.#changed = changed; };
      refresh = (params, query) => { params.#pairs = read(query); };
      bridges.brand('URLSearchParams', (value) => #pairs in value, (value) => apply(toText, value, []));
    }

    constructor(init = '') {
      if ((typeof init === 'object' && init !== null) || typeof init === 'function') {
        if (typeof init[iterator] === 'function') {
          for (const pair of init) {
            const [name, value, ...more] = pair;
            if (more.length > 0 || pair.length === 1) throw new TypeErrorType('URLSearchParams: each pair has a name and a value');
            this.#pairs[this.#pairs.length] = [text(name), text(value)];
          }
        } else {
          // Two names may become one, when they are made well-formed.
          const names = keys(init), places = { __proto__: null };
          for (let i = 0; i < names.length; i++) {
            const name = text(names[i]), at = places[name] ??= this.#pairs.length;
            this.#pairs[at] = [name, text(init[names[i]])];
          }
        }
      } else {
        const query = text(init);
        this.#pairs = read(query[0] === '?' ? apply(slice, query, [1]) : query);
      }
    }

    #update() {
      if (this.#changed !== undefined) this.#changed();
    }

    get size() { return this.#pairs.length; }

    append(name, value) {
      this.#pairs[this.#pairs.length] = [text(name), text(value)];
      this.#update();
    }

    delete(name, value) {
      const wanted = text(name), only = value === undefined ? undefined : text(value);
      this.#pairs = this.#pairs.filter(([own, given]) => own !== wanted || (only !== undefined && given !== only));
      this.#update();
    }

    get(name) {
      const wanted = text(name);
      return this.#pairs.find(([own]) => own === wanted)?.[1] ?? null;
    }

    getAll(name) {
      const wanted = text(name);
      return this.#pairs.filter(([own]) => own === wanted).map(([, value]) => value);
    }

    has(name, value) {
      const wanted = text(name), only = value === undefined ? undefined : text(value);
      return this.#pairs.some(([own, given]) => own === wanted && (only === undefined || given === only));
    }

    set(name, value) {
      const wanted = text(name), given = text(value), at = this.#pairs.findIndex(([own]) => own === wanted);
      if (at < 0) {
        this.#pairs[this.#pairs.length] = [wanted, given];
      } else {
        this.#pairs[at][1] = given;
        this.#pairs = this.#pairs.filter(([own], i) => i <= at || own !== wanted);
      }
      this.#update();
    }

    sort() {
      this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#update();
    }

    forEach(callback, self) {
      for (let i = 0; i < this.#pairs.length; i++) apply(callback, self, [this.#pairs[i][1], this.#pairs[i][0], this]);
    }

    * entries() { for (let i = 0; i < this.#pairs.length; i++) yield [this.#pairs[i][0], this.#pairs[i][1]]; }
    * keys() { for (let i = 0; i < this.#pairs.length; i++) yield this.#pairs[i][0]; }
    * values() { for (let i = 0; i < this.#pairs.length; i++) yield this.#pairs[i][1]; }

    toString() {
      let out = '';
      for (let i = 0; i < this.#pairs.length; i++) out += `${i > 0 ? '&' : ''}${written(this.#pairs[i][0])}=${written(this.#pairs[i][1])}`;
      return out;
    }
  }

  const toText = URLSearchParams.prototype.toString;
  defineProperty(URLSearchParams.prototype, iterator, { value: URLSearchParams.prototype.entries, writable: true, enumerable: false, configurable: true });
  defineProperty(URLSearchParams.prototype, Symbol.toStringTag, { value: 'URLSearchParams', configurable: true });
  defineProperty(globalThis, 'URLSearchParams', { value: URLSearchParams, writable: true, enumerable: false, configurable: true });
  bridges.query = { link, refresh, encoded, decoded };
})
