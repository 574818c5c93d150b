// Blob and File: https://w3c.github.io/FileAPI, without streams. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { defineProperty, getPrototypeOf, getOwnPropertyDescriptor } = Object;
  const { apply } = Reflect;
  const { isView } = ArrayBuffer;
  const { iterator } = Symbol;
  const { charCodeAt, toLowerCase, replace, toWellFormed } = String.prototype;
  const { now } = Date, { floor, trunc } = Math;
  const Bytes = Uint8Array, TypeErrorType = TypeError;
  const Encoder = TextEncoder, Decoder = TextDecoder, { encode } = TextEncoder.prototype, { decode } = TextDecoder.prototype;
  const typed = getPrototypeOf(Uint8Array.prototype), { set, slice, subarray } = typed;
  const getter = (prototype, name) => getOwnPropertyDescriptor(prototype, name).get;
  const bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
  const lengthOf = { __proto__: null, typed: getter(typed, 'byteLength'), view: getter(DataView.prototype, 'byteLength') };
  const offsetOf = { __proto__: null, typed: getter(typed, 'byteOffset'), view: getter(DataView.prototype, 'byteOffset') };
  const bufferOf = { __proto__: null, typed: getter(typed, 'buffer'), view: getter(DataView.prototype, 'buffer') };
  const kindOf = getter(typed, Symbol.toStringTag);
  let bytesOf, isBlob, isFile, share;

  // The bytes of a part, or its text.
  function partOf(part) {
    if (isView(part)) {
      const kind = apply(kindOf, part, []) === undefined ? 'view' : 'typed';
      return new Bytes(apply(bufferOf[kind], part, []), apply(offsetOf[kind], part, []), apply(lengthOf[kind], part, []));
    }
    if (isBlob(part)) return bytesOf(part);
    if (typeof part === 'object' && part !== null) {
      try {
        return new Bytes(part, 0, apply(bufferLength, part, []));
      } catch {
        // Any other object is converted to text.
      }
    }
    return `${part}`;
  }

  function typeOf(given) {
    const type = `${given}`;
    for (let i = 0; i < type.length; i++) {
      const code = apply(charCodeAt, type, [i]);
      if (code < 0x20 || code > 0x7e) return '';
    }
    return apply(toLowerCase, type, []);
  }

  // Web IDL's [Clamp]: a half goes to the even number.
  function rounded(number) {
    const whole = floor(number), rest = number - whole;
    return rest > 0.5 || (rest === 0.5 && whole % 2 !== 0) ? whole + 1 : whole;
  }

  const isRecord = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

  class Blob {
    #bytes;
    #type = '';

    static {
      const show = (value) => ({ size: value.#bytes.length, type: value.#type });
      bridges.brand('Blob', (value) => #bytes in value && !isFile(value), 'await blob.bytes() or blob.text()', show);
      isBlob = (value) => typeof value === 'object' && value !== null && #bytes in value;
      bytesOf = (blob) => blob.#bytes;
      share = (blob, from) => {
        blob.#bytes = from.#bytes;
        blob.#type = from.#type;
        return blob;
      };
    }

    constructor(parts, options) {
      const method = isRecord(parts) ? parts[iterator] : undefined;
      if (parts !== undefined && typeof method !== 'function') throw new TypeErrorType('Blob takes an array of parts');
      if (options !== undefined && options !== null && !isRecord(options)) throw new TypeErrorType('Blob: the options are an object');
      const all = [];
      if (parts !== undefined) {
        for (const part of { __proto__: null, [iterator]: () => apply(method, parts, []) }) all[all.length] = partOf(part);
      }
      const endings = options?.endings === undefined ? 'transparent' : `${options.endings}`;
      if (endings !== 'transparent' && endings !== 'native') throw new TypeErrorType('Blob: endings is transparent or native');
      let size = 0;
      for (let i = 0; i < all.length; size += all[i++].length) {
        if (typeof all[i] !== 'string') continue;
        all[i] = apply(encode, new Encoder(), [endings === 'native' ? apply(replace, all[i], [/\r\n?/g, '\n']) : all[i]]);
      }
      this.#bytes = new Bytes(size);
      for (let i = 0, at = 0; i < all.length; at += all[i++].length) apply(set, this.#bytes, [all[i], at]);
      if (options?.type !== undefined) this.#type = typeOf(options.type);
    }

    get size() { return this.#bytes.length; }
    get type() { return this.#type; }

    slice(start = 0, end = this.#bytes.length, type = '') {
      const { length } = this.#bytes, place = (given) => {
        const at = rounded(+given) || 0;
        return at < 0 ? (length + at > 0 ? length + at : 0) : at < length ? at : length;
      };
      const from = place(start), to = place(end), part = new Blob();
      // The bytes of a blob never change, so they are shared.
      part.#bytes = apply(subarray, this.#bytes, [from, to > from ? to : from]);
      part.#type = typeOf(type);
      return part;
    }

    async text() { return apply(decode, new Decoder(), [this.#bytes]); }
    async arrayBuffer() { return apply(slice, this.#bytes, []).buffer; }
    async bytes() { return apply(slice, this.#bytes, []); }
  }

  class File extends Blob {
    #name;
    #modified;

    static {
      isFile = (value) => #name in value;
      bridges.brand('File', isFile, 'its name, and await file.bytes() or file.text()', (value) => ({ name: value.#name, size: bytesOf(value).length }));
    }

    constructor(parts, name, options) {
      if (arguments.length < 2) throw new TypeErrorType('File needs parts and a name');
      super(parts, options);
      this.#name = apply(toWellFormed, `${name}`, []);
      this.#modified = options?.lastModified === undefined ? now() : trunc(+options.lastModified) || 0;
    }

    get name() { return this.#name; }
    get lastModified() { return this.#modified; }
  }

  const types = [Blob, File];
  for (let i = 0; i < types.length; i++) {
    defineProperty(types[i].prototype, Symbol.toStringTag, { __proto__: null, value: types[i].name, configurable: true });
    defineProperty(globalThis, types[i].name, { __proto__: null, value: types[i], writable: true, enumerable: false, configurable: true });
  }
  defineProperty(Blob, 'length', { value: 0 });

  // A part of a form: a file keeps its name unless another one is given.
  bridges.fileOf = (value, name) => {
    if (isFile(value) && name === undefined) return value;
    const modified = isFile(value) ? value.lastModified : now();
    return new File([value], name === undefined ? 'blob' : name, { type: value.type, lastModified: modified });
  };
  bridges.isBlob = (value) => isBlob(value);
  // The bytes of a blob never change, so both have the same.
  bridges.copyBlob = (blob) => share(isFile(blob) ? new File([], blob.name, { lastModified: blob.lastModified }) : new Blob(), blob);
})
