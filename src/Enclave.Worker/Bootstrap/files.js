// Blob and File: https://w3c.github.io/FileAPI, without streams. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { defineProperty, getPrototypeOf, getOwnPropertyDescriptor } = Object;
  const { apply } = Reflect;
  const { isView } = ArrayBuffer;
  const { iterator } = Symbol;
  const { charCodeAt, toLowerCase, replace, toWellFormed } = String.prototype;
  const { now } = Date, { trunc } = Math;
  const Bytes = Uint8Array, TypeErrorType = TypeError;
  const Encoder = TextEncoder, Decoder = TextDecoder, { encode } = TextEncoder.prototype, { decode } = TextDecoder.prototype;
  const typed = getPrototypeOf(Uint8Array.prototype), { set, slice, subarray } = typed;
  const getter = (prototype, name) => getOwnPropertyDescriptor(prototype, name).get;
  const bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
  const lengthOf = { __proto__: null, typed: getter(typed, 'byteLength'), view: getter(DataView.prototype, 'byteLength') };
  const offsetOf = { __proto__: null, typed: getter(typed, 'byteOffset'), view: getter(DataView.prototype, 'byteOffset') };
  const bufferOf = { __proto__: null, typed: getter(typed, 'buffer'), view: getter(DataView.prototype, 'buffer') };
  const kindOf = getter(typed, Symbol.toStringTag);
  let bytesOf, isBlob;

  function partOf(part, native) {
    if (isView(part)) {
      const kind = apply(kindOf, part, []) === undefined ? 'view' : 'typed';
      return new Bytes(apply(bufferOf[kind], part, []), apply(offsetOf[kind], part, []), apply(lengthOf[kind], part, []));
    }
    if (isBlob(part)) return bytesOf(part);
    if (typeof part === 'object' && part !== null) {
      try {
        return new Bytes(part, 0, apply(bufferLength, part, []));
      } catch {
        // Something else, whose text is taken.
      }
    }
    const text = `${part}`;
    return apply(encode, new Encoder(), [native ? apply(replace, text, [/\r\n?/g, '\n']) : text]);
  }

  function typeOf(given) {
    const type = `${given}`;
    for (let i = 0; i < type.length; i++) {
      const code = apply(charCodeAt, type, [i]);
      if (code < 0x20 || code > 0x7e) return '';
    }
    return apply(toLowerCase, type, []);
  }

  const isRecord = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

  class Blob {
    #bytes;
    #type = '';

    static {
      isBlob = (value) => typeof value === 'object' && value !== null && #bytes in value;
      bytesOf = (blob) => blob.#bytes;
    }

    constructor(parts, options) {
      if (parts !== undefined && (!isRecord(parts) || typeof parts[iterator] !== 'function')) throw new TypeErrorType('Blob takes an array of parts');
      if (options !== undefined && options !== null && !isRecord(options)) throw new TypeErrorType('Blob: the options are an object');
      const endings = options?.endings;
      if (endings !== undefined && `${endings}` !== 'transparent' && `${endings}` !== 'native') {
        throw new TypeErrorType('Blob: endings is transparent or native');
      }
      const all = [];
      let size = 0;
      if (parts !== undefined) {
        for (const part of parts) {
          const bytes = partOf(part, `${endings}` === 'native');
          all[all.length] = bytes;
          size += bytes.length;
        }
      }
      this.#bytes = new Bytes(size);
      for (let i = 0, at = 0; i < all.length; at += all[i++].length) apply(set, this.#bytes, [all[i], at]);
      if (options?.type !== undefined) this.#type = typeOf(options.type);
    }

    get size() { return this.#bytes.length; }
    get type() { return this.#type; }

    slice(start = 0, end = this.#bytes.length, type = '') {
      const { length } = this.#bytes, place = (given) => {
        const at = trunc(+given) || 0;
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
    if (value instanceof File && name === undefined) return value;
    const modified = value instanceof File ? value.lastModified : now();
    return new File([value], name === undefined ? 'blob' : name, { type: value.type, lastModified: modified });
  };
  bridges.isBlob = (value) => isBlob(value);
})
