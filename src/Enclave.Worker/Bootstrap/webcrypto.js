// crypto: random values, and of crypto.subtle the hashes and HMAC (https://w3c.github.io/webcrypto). Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { entropy, live } = bridges;
  const { kinds, hash, hmac } = bridges.hashes;
  const { defineProperty, getPrototypeOf, getOwnPropertyDescriptor, freeze } = Object;
  const { apply } = Reflect;
  const { isView } = ArrayBuffer;
  const { toUpperCase } = String.prototype;
  const Bytes = Uint8Array, TypeErrorType = TypeError, PromiseType = Promise;
  const getter = (prototype, name) => getOwnPropertyDescriptor(prototype, name).get;
  const typed = getPrototypeOf(Uint8Array.prototype);
  const kindOf = getter(typed, Symbol.toStringTag), byteLength = getter(typed, 'byteLength'), byteOffset = getter(typed, 'byteOffset'),
    bufferOf = getter(typed, 'buffer'), { slice } = typed;
  const viewLength = getter(DataView.prototype, 'byteLength'), viewOffset = getter(DataView.prototype, 'byteOffset'),
    viewBuffer = getter(DataView.prototype, 'buffer'), bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
  const most = 65536;
  const integers = {
    __proto__: null, Int8Array: true, Uint8Array: true, Uint8ClampedArray: true, Int16Array: true, Uint16Array: true, Int32Array: true, Uint32Array: true,
    BigInt64Array: true, BigUint64Array: true,
  };

  // A view of the memory behind a buffer or another view. It reads internal slots, because properties may lie.
  function memoryOf(value, what) {
    if (!isView(value)) {
      try {
        return new Bytes(value, 0, apply(bufferLength, value, []));
      } catch {
        throw new TypeErrorType(`${what} takes an ArrayBuffer or a view of one`);
      }
    }
    const isTyped = apply(kindOf, value, []) !== undefined;
    // The memory of an array that was transferred is gone.
    if (isTyped && apply(byteLength, value, []) === 0) return new Bytes(0);
    return !isTyped
      ? new Bytes(apply(viewBuffer, value, []), apply(viewOffset, value, []), apply(viewLength, value, []))
      : new Bytes(apply(bufferOf, value, []), apply(byteOffset, value, []), apply(byteLength, value, []));
  }
  const copyOf = (value, what) => apply(slice, memoryOf(value, what), []);

  const hex = [];
  for (let i = 0; i < 256; i++) hex[i] = (i < 16 ? '0' : '') + i.toString(16);

  const token = {};
  const refuse = (message, name) => { throw bridges.exception(message, name); };
  const nameOf = (algorithm) => {
    const given = typeof algorithm === 'object' && algorithm !== null ? algorithm.name : algorithm;
    if (given === undefined) throw new TypeErrorType('the algorithm needs a name');
    return apply(toUpperCase, `${given}`, []);
  };
  function hashOf(algorithm) {
    const name = nameOf(algorithm);
    return kinds[name] !== undefined ? name : refuse(`${name} is not available: SHA-1, SHA-256, SHA-384 or SHA-512`, 'NotSupportedError');
  }
  function needHmac(algorithm) {
    if (nameOf(algorithm) !== 'HMAC') refuse('only HMAC keys are available', 'NotSupportedError');
  }

  let secretOf;

  class CryptoKey {
    #secret;
    #algorithm;
    #extractable;
    #usages;

    static {
      bridges.brand('CryptoKey', (value) => #secret in value, 'await crypto.subtle.exportKey(...)', (value) => ({ algorithm: value.#algorithm.name }));
      // The key, if it may be used so.
      secretOf = (key, usage) => {
        if (typeof key !== 'object' || key === null || !(#secret in key)) throw new TypeErrorType('the key is a CryptoKey');
        let may = usage === undefined ? key.#extractable : false;
        for (let i = 0; i < key.#usages.length; i++) may ||= key.#usages[i] === usage;
        return may ? key.#secret : refuse(usage === undefined ? 'the key is not extractable' : `the key's usages do not have ${usage}`, 'InvalidAccessError');
      };
    }

    constructor(given, secret, algorithm, extractable, usages) {
      if (given !== token) throw new TypeErrorType('Illegal constructor');
      this.#secret = secret;
      this.#algorithm = algorithm;
      this.#extractable = extractable;
      this.#usages = usages;
    }

    get type() { return 'secret'; }
    get extractable() { return this.#extractable; }
    get algorithm() { return this.#algorithm; }
    get usages() { return this.#usages; }
  }

  function makeKey(secret, hashName, extractable, given) {
    const usages = [];
    for (const usage of given) {
      if (usage !== 'sign' && usage !== 'verify') refuse(`a key for HMAC is used to sign and verify, not to ${usage}`, 'SyntaxError');
      usages[usages.length] = usage;
    }
    if (usages.length === 0) refuse('a key needs usages: sign, verify', 'SyntaxError');
    if (secret.length === 0) refuse('the key is empty', 'DataError');
    const algorithm = freeze({ name: 'HMAC', hash: freeze({ name: hashName }), length: secret.length * 8 });
    return new CryptoKey(token, secret, algorithm, Boolean(extractable), freeze(usages));
  }

  function lengthOf(algorithm, least, whole) {
    if (algorithm.length === undefined) return whole;
    const bits = +algorithm.length;
    return bits % 8 === 0 && bits >= least && bits <= 8 * most ? bits / 8 : refuse('a key for HMAC has a number of whole bytes', 'NotSupportedError');
  }

  // As the standard has it, each method answers with a promise, also if its arguments are wrong.
  const subtle = {
    async digest(algorithm, data) {
      return hash(hashOf(algorithm), memoryOf(data, 'digest')).buffer;
    },
    async importKey(format, data, algorithm, extractable, usages) {
      needHmac(algorithm);
      if (format !== 'raw') refuse(`keys are imported as raw bytes, not as ${format}`, 'NotSupportedError');
      const secret = copyOf(data, 'importKey'), name = hashOf(algorithm.hash);
      if (lengthOf(algorithm, 8, secret.length) !== secret.length) refuse('the length is another one than the data has', 'DataError');
      return makeKey(secret, name, extractable, usages);
    },
    async generateKey(algorithm, extractable, usages) {
      live('crypto.subtle.generateKey');
      needHmac(algorithm);
      const name = hashOf(algorithm.hash), secret = new Bytes(lengthOf(algorithm, 8, kinds[name].block));
      entropy(secret);
      return makeKey(secret, name, extractable, usages);
    },
    async exportKey(format, key) {
      if (format !== 'raw') refuse(`keys are exported as raw bytes, not as ${format}`, 'NotSupportedError');
      return apply(slice, secretOf(key), []).buffer;
    },
    async sign(algorithm, key, data) {
      needHmac(algorithm);
      return hmac(key.algorithm.hash.name, secretOf(key, 'sign'), memoryOf(data, 'sign')).buffer;
    },
    async verify(algorithm, key, signature, data) {
      needHmac(algorithm);
      const given = memoryOf(signature, 'verify'), right = hmac(key.algorithm.hash.name, secretOf(key, 'verify'), memoryOf(data, 'verify'));
      // In constant time: it takes as long for a wrong first byte as for a wrong last one.
      let difference = given.length ^ right.length;
      for (let i = 0; i < right.length; i++) difference |= right[i] ^ given[i];
      return difference === 0;
    },
  };

  const crypto = {
    subtle,
    getRandomValues(array) {
      if (!isView(array) || integers[apply(kindOf, array, [])] !== true) {
        refuse('getRandomValues takes a typed array of integers', 'TypeMismatchError');
      }
      live('crypto.getRandomValues');
      const bytes = memoryOf(array, 'getRandomValues');
      if (bytes.length > most) refuse(`getRandomValues gives at most ${most} bytes at once; ${bytes.length} are asked for`, 'QuotaExceededError');
      entropy(bytes);
      return array;
    },
    randomUUID() {
      live('crypto.randomUUID');
      const bytes = new Bytes(16);
      entropy(bytes);
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      let text = '';
      for (let i = 0; i < 16; i++) text += (i === 4 || i === 6 || i === 8 || i === 10 ? '-' : '') + hex[bytes[i]];
      return text;
    },
  };
  const define = (object, key, value) => defineProperty(object, key, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
  const tag = (object, name) => defineProperty(object, Symbol.toStringTag, { __proto__: null, value: name, configurable: true });
  tag(CryptoKey.prototype, 'CryptoKey');
  tag(crypto, 'Crypto');
  tag(subtle, 'SubtleCrypto');
  define(globalThis, 'CryptoKey', CryptoKey);
  define(globalThis, 'crypto', crypto);
})
