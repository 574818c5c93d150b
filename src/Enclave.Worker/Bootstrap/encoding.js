// TextEncoder, TextDecoder (UTF-8, UTF-16 and windows-1252), atob and btoa: https://encoding.spec.whatwg.org, https://infra.spec.whatwg.org/#forgiving-base64.
// Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { defineProperty } = Object;
  const { apply } = Reflect;
  const { isView } = ArrayBuffer;
  const { fromCharCode } = String;
  const { charCodeAt, indexOf, toLowerCase, replace, slice, split } = String.prototype;
  const { subarray, set } = Object.getPrototypeOf(Uint8Array.prototype);
  const Bytes = Uint8Array, TypeErrorType = TypeError, RangeErrorType = RangeError;
  const chunk = 4096;
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

  const define = (name, value) => defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });

  // Writes the code point at an index as UTF-8. Returns the number of units that it consists of, or 0 if there is no space.
  function put(text, at, bytes, to) {
    let code = apply(charCodeAt, text, [at]), units = 1;
    if (code >= 0xd800 && code < 0xe000) {
      const low = code < 0xdc00 && at + 1 < text.length ? apply(charCodeAt, text, [at + 1]) : 0;
      if (low >= 0xdc00 && low < 0xe000) {
        code = (code - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
        units = 2;
      } else {
        code = 0xfffd;
      }
    }
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (to + size > bytes.length) return [0, 0];
    if (size === 1) {
      bytes[to] = code;
    } else {
      bytes[to] = (size === 2 ? 0xc0 : size === 3 ? 0xe0 : 0xf0) | (code >> (6 * (size - 1)));
      for (let i = 1; i < size; i++) bytes[to + i] = 0x80 | ((code >> (6 * (size - 1 - i))) & 0x3f);
    }
    return [units, size];
  }

  function sizeOf(text) {
    let size = 0;
    for (let i = 0; i < text.length; i++) {
      const code = apply(charCodeAt, text, [i]);
      if (code < 0x80) size += 1;
      else if (code < 0x800) size += 2;
      else if (code >= 0xd800 && code < 0xdc00 && i + 1 < text.length && (apply(charCodeAt, text, [i + 1]) & 0xfc00) === 0xdc00) [size, i] = [size + 4, i + 1];
      else size += 3;
    }
    return size;
  }

  function encode(text, bytes) {
    let read = 0, written = 0;
    while (read < text.length) {
      const code = apply(charCodeAt, text, [read]);
      if (code < 0x80) {
        if (written === bytes.length) break;
        bytes[written++] = code;
        read++;
        continue;
      }
      const [units, size] = put(text, read, bytes, written);
      if (units === 0) break;
      read += units;
      written += size;
    }
    return { read, written };
  }

  define('TextEncoder', class TextEncoder {
    get encoding() { return 'utf-8'; }

    encode(text = '') {
      const all = `${text}`, bytes = new Bytes(sizeOf(all));
      encode(all, bytes);
      return bytes;
    }

    encodeInto(text, bytes) {
      if (!(bytes instanceof Bytes)) throw new TypeErrorType('encodeInto takes a Uint8Array');
      return encode(`${text}`, bytes);
    }
  });

  // Collects UTF-16 units in pieces: one string of a million parts would be a chain of that length.
  function writer() {
    let units = [], text = '';
    return {
      __proto__: null,
      add(code) {
        if (code >= 0x10000) {
          units[units.length] = 0xd800 + ((code - 0x10000) >> 10);
          code = 0xdc00 + ((code - 0x10000) & 0x3ff);
        }
        units[units.length] = code;
        if (units.length >= chunk) [text, units] = [text + apply(fromCharCode, undefined, units), []];
      },
      end: () => text + apply(fromCharCode, undefined, units),
    };
  }

  // https://encoding.spec.whatwg.org/#utf-8-decoder. Returns the bytes of an incomplete character.
  function decodeUtf8(bytes, out, fault, isLast) {
    let i = 0;
    while (i < bytes.length) {
      const first = bytes[i];
      if (first < 0x80) {
        out(first);
        i++;
        continue;
      }
      const need = first >= 0xc2 && first <= 0xdf ? 1 : first >= 0xe0 && first <= 0xef ? 2 : first >= 0xf0 && first <= 0xf4 ? 3 : 0;
      if (need === 0) {
        fault();
        i++;
        continue;
      }
      let lower = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80, upper = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
      let code = first & (0x3f >> need), seen = 1;
      while (seen <= need && i + seen < bytes.length && bytes[i + seen] >= lower && bytes[i + seen] <= upper) {
        code = (code << 6) | (bytes[i + seen++] & 0x3f);
        [lower, upper] = [0x80, 0xbf];
      }
      if (seen > need) out(code);
      else if (i + seen === bytes.length && !isLast) return apply(subarray, bytes, [i]);
      else fault();
      i += seen;
    }
    return undefined;
  }

  // The offset of the low byte in a pair: 0 in little-endian, 1 in big-endian.
  const decodeUtf16 = (low) => (bytes, out, fault, isLast) => {
    const unitAt = (i) => bytes[i + low] | (bytes[i + 1 - low] << 8);
    let i = 0;
    for (; i + 1 < bytes.length; i += 2) {
      const unit = unitAt(i);
      if (unit < 0xd800 || unit >= 0xe000) {
        out(unit);
      } else if (unit < 0xdc00) {
        if (i + 3 >= bytes.length) {
          if (!isLast) return apply(subarray, bytes, [i]);
          fault();
          return undefined;
        }
        const second = unitAt(i + 2);
        if ((second & 0xfc00) === 0xdc00) {
          out((unit - 0xd800) * 0x400 + (second - 0xdc00) + 0x10000);
          i += 2;
        } else {
          fault();
        }
      } else {
        fault();
      }
    }
    if (i < bytes.length && !isLast) return apply(subarray, bytes, [i]);
    if (i < bytes.length) fault();
    return undefined;
  };

  // Of windows-1252, the characters from 0x80 to 0x9f.
  const western = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
    '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

  function decodeWestern(bytes, out) {
    for (let i = 0; i < bytes.length; i++) out(bytes[i] >= 0x80 && bytes[i] < 0xa0 ? apply(charCodeAt, western, [bytes[i] - 0x80]) : bytes[i]);
    return undefined;
  }

  const decoders = {
    __proto__: null, 'utf-8': decodeUtf8, 'utf-16le': decodeUtf16(0), 'utf-16be': decodeUtf16(1), 'windows-1252': decodeWestern,
  };
  const labels = { __proto__: null };
  const name = (encoding, all) => {
    const list = apply(split, all, [' ']);
    for (let i = 0; i < list.length; i++) labels[list[i]] = encoding;
  };
  name('utf-8', 'utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8');
  name('utf-16le', 'utf-16le utf-16 unicode ucs-2 csunicode iso-10646-ucs-2 unicodefeff');
  name('utf-16be', 'utf-16be unicodefffe');
  name('windows-1252', 'ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 ' +
    'us-ascii windows-1252 x-cp1252');

  // The text without white space at its ends. A regular expression would search for the end from each blank.
  function trimmed(text) {
    const isBlank = (i) => text[i] === ' ' || (text[i] >= '\t' && text[i] <= '\r' && text[i] !== '\v');
    let from = 0, to = text.length;
    while (from < to && isBlank(from)) from++;
    while (to > from && isBlank(to - 1)) to--;
    return apply(slice, text, [from, to]);
  }

  function bytesOf(input) {
    if (input === undefined) return new Bytes(0);
    if (isView(input)) return new Bytes(input.buffer, input.byteOffset, input.byteLength);
    return new Bytes(input instanceof ArrayBuffer ? input : (() => { throw new TypeErrorType('decode takes an ArrayBuffer or a view of one'); })());
  }

  define('TextDecoder', class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBom;
    #rest;
    #began = false;

    constructor(label = 'utf-8', options = {}) {
      this.#encoding = labels[apply(toLowerCase, trimmed(`${label}`), [])];
      if (this.#encoding === undefined) {
        throw new RangeErrorType(`TextDecoder: '${label}' is not an encoding that is available here: utf-8, utf-16le, utf-16be or windows-1252`);
      }
      this.#fatal = Boolean(options?.fatal);
      this.#ignoreBom = Boolean(options?.ignoreBOM);
    }

    get encoding() { return this.#encoding; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBom; }

    decode(input, options) {
      let bytes = bytesOf(input);
      if (this.#rest !== undefined) {
        const all = new Bytes(this.#rest.length + bytes.length);
        apply(set, all, [this.#rest]);
        apply(set, all, [bytes, this.#rest.length]);
        [bytes, this.#rest] = [all, undefined];
      }
      const text = writer(), isLast = !options?.stream;
      const out = (code) => {
        const isMark = !this.#began && code === 0xfeff && !this.#ignoreBom;
        this.#began = true;
        if (!isMark) text.add(code);
      };
      const fault = () => {
        if (this.#fatal) {
          this.#began = false;
          throw new TypeErrorType('The encoded data was not valid');
        }
        out(0xfffd);
      };
      const rest = decoders[this.#encoding](bytes, out, fault, isLast);
      if (isLast) this.#began = false;
      else if (rest !== undefined) this.#rest = new Bytes(rest);
      return text.end();
    }
  });

  const invalid = (message) => bridges.exception(message, 'InvalidCharacterError');

  define('btoa', {
    btoa(data) {
      const text = `${data}`;
      let out = '';
      for (let i = 0; i < text.length; i += 3) {
        let bits = 0;
        for (let k = 0; k < 3; k++) {
          const code = i + k < text.length ? apply(charCodeAt, text, [i + k]) : 0;
          if (code > 0xff) throw invalid('btoa: the text has characters above U+00FF; encode it with TextEncoder first');
          bits = (bits << 8) | code;
        }
        out += alphabet[bits >> 18] + alphabet[(bits >> 12) & 63];
        out += (i + 1 < text.length ? alphabet[(bits >> 6) & 63] : '=') + (i + 2 < text.length ? alphabet[bits & 63] : '=');
      }
      return out;
    },
  }.btoa);

  define('atob', {
    atob(data) {
      let text = apply(replace, `${data}`, [/[\t\n\f\r ]+/g, '']);
      if (text.length % 4 === 0) text = apply(replace, text, [/==?$/, '']);
      const wrong = () => invalid('atob: the text is not correctly encoded base64');
      if (text.length % 4 === 1) throw wrong();
      const out = writer();
      let bits = 0, count = 0;
      for (let i = 0; i < text.length; i++) {
        const value = apply(indexOf, alphabet, [text[i]]);
        if (value < 0) throw wrong();
        bits = ((bits << 6) | value) & 0xffffff;
        count += 6;
        if (count >= 8) {
          count -= 8;
          out.add((bits >> count) & 0xff);
        }
      }
      return out.end();
    },
  }.atob);
})
