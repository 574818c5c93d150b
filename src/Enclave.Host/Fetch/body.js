// Bodies of requests and responses (https://fetch.spec.whatwg.org/#bodies). The host puts fetch.js behind this text: both are one library
// (FetchLibrary.cs), evaluated before any byte of a script. A script that replaces methods of the language deceives itself alone.
'use strict';
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { apply } = Reflect;
const { isView } = ArrayBuffer;
const { asyncIterator, toStringTag } = Symbol;
const { toWellFormed, toUpperCase, replace, padStart } = String.prototype;
const { test } = RegExp.prototype;
const { parse, stringify } = JSON, { random, floor } = Math;
const { callTool } = globalThis;
const Bytes = Uint8Array, TypeErrorType = TypeError, RangeErrorType = RangeError, PromiseType = Promise, Address = URL, HeaderList = Headers, Part = Blob;
const Encoder = TextEncoder, Decoder = TextDecoder, Controller = AbortController;
const { then } = Promise.prototype, { encode } = TextEncoder.prototype, { decode } = TextDecoder.prototype;
const { set, slice } = Object.getPrototypeOf(Bytes.prototype);
const { addEventListener, removeEventListener } = EventTarget.prototype;
const { get: headerOf, has: hasHeader, append: addHeader, forEach: eachHeader } = Headers.prototype;
const { forEach: eachEntry, getAll } = FormData.prototype, { toString: writeQuery } = URLSearchParams.prototype;
const { bytes: blobBytes } = Blob.prototype;
const getter = (type, name) => getOwnPropertyDescriptor(type.prototype, name).get;
const sizeOf = getter(Blob, 'size'), typeOf = getter(Blob, 'type'), nameOf = getter(File, 'name'), abortedOf = getter(AbortSignal, 'aborted');
const bufferLength = getter(ArrayBuffer, 'byteLength'), reasonOf = getter(AbortSignal, 'reason');
const isRecord = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
const utf8 = (text) => apply(encode, new Encoder(), [text]);
const chunk = 65536;

// True for an object whose private parts this method reads.
function isOwn(method, value, args) {
  if (typeof value !== 'object' || value === null) return false;
  try {
    apply(method, value, args);
    return true;
  } catch {
    return false;
  }
}

const isBlob = (value) => isOwn(sizeOf, value, []), isForm = (value) => isOwn(getAll, value, ['']), isQuery = (value) => isOwn(writeQuery, value, []);
const isSignal = (value) => isOwn(abortedOf, value, []), isBuffer = (value) => isOwn(bufferLength, value, []);

const copyOf = (view) => apply(slice, isBuffer(view) ? new Bytes(view) : new Bytes(view.buffer, view.byteOffset, view.byteLength), []);

// multipart/form-data (https://html.spec.whatwg.org/#multipart-form-data) as parts: text and blobs.
function multipart(form) {
  let digits = '';
  for (let i = 0; i < 3; i++) digits += apply(padStart, `${floor(random() * 1e9)}`, [9, '0']);
  const boundary = `----enclave-form-${digits}`, parts = [];
  const lines = (text) => apply(replace, text, [/\r\n?|\n/g, '\r\n']);
  const quoted = (text) => apply(replace, apply(replace, apply(replace, text, [/\n/g, '%0A']), [/\r/g, '%0D']), [/"/g, '%22']);
  apply(eachEntry, form, [(value, name) => {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(lines(name))}"`;
    if (typeof value === 'string') {
      parts[parts.length] = `${head}\r\n\r\n${lines(value)}\r\n`;
      return;
    }
    parts[parts.length] = `${head}; filename="${quoted(apply(nameOf, value, []))}"\r\n` +
      `Content-Type: ${apply(typeOf, value, []) || 'application/octet-stream'}\r\n\r\n`;
    parts[parts.length] = value;
    parts[parts.length] = '\r\n';
  }]);
  parts[parts.length] = `--${boundary}--\r\n`;
  return { __proto__: null, parts, type: `multipart/form-data; boundary=${boundary}` };
}

// Text or bytes, or parts that are joined when the body is read; and the type.
function extract(given) {
  if (isBlob(given)) return { __proto__: null, parts: [given], type: apply(typeOf, given, []) };
  if (isQuery(given)) return { __proto__: null, data: apply(writeQuery, given, []), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  if (isForm(given)) return multipart(given);
  if (isView(given) || isBuffer(given)) return { __proto__: null, data: copyOf(given), type: '' };
  return { __proto__: null, data: apply(toWellFormed, `${given}`, []), type: 'text/plain;charset=UTF-8' };
}

async function join(parts) {
  const all = [];
  let size = 0;
  for (let i = 0; i < parts.length; i++) {
    const bytes = typeof parts[i] === 'string' ? utf8(parts[i]) : await apply(blobBytes, parts[i], []);
    all[i] = bytes;
    size += bytes.length;
  }
  const joined = new Bytes(size);
  for (let i = 0, at = 0; i < all.length; at += all[i++].length) apply(set, joined, [all[i], at]);
  return joined;
}

// The bytes of a body, which is text, bytes, parts, or a reference to bytes that the host kept (docs/sidecar.md).
async function bytesOf(content) {
  if (content === undefined) return new Bytes(0);
  if (content.parts !== undefined) [content.data, content.parts] = [await join(content.parts), undefined];
  const { data } = content;
  if (typeof data === 'string') return utf8(data);
  return isView(data) ? data : await data.load();
}

const unusable = () => new TypeErrorType('Body is unusable: Body has already been read');
let contentOf, give, use, signalOf, responseOf;

// The bytes of a body in pieces. All bytes are in memory: nothing is read from the network meanwhile.
class BodyStream {
  #take;
  #bytes;
  #at = 0;
  #isLocked = false;

  constructor(take) { this.#take = take; }

  get locked() { return this.#isLocked; }

  async #next() {
    this.#bytes ??= await this.#take();
    const from = this.#at, { length } = this.#bytes;
    if (from >= length) return { value: undefined, done: true };
    this.#at = from + chunk < length ? from + chunk : length;
    return { value: apply(slice, this.#bytes, [from, this.#at]), done: false };
  }

  async #end() {
    this.#bytes ??= await this.#take();
    this.#at = this.#bytes.length;
  }

  #lock() {
    if (this.#isLocked) throw new TypeErrorType('Invalid state: ReadableStream is locked');
    this.#isLocked = true;
  }

  getReader() {
    this.#lock();
    const free = () => new TypeErrorType('Invalid state: The reader is not attached to a stream');
    let isOpen = true;
    return {
      read: async () => { if (!isOpen) throw free(); return await this.#next(); },
      cancel: async () => { if (!isOpen) throw free(); await this.#end(); },
      releaseLock: () => { [isOpen, this.#isLocked] = [false, isOpen ? false : this.#isLocked]; },
    };
  }

  async cancel() {
    if (this.#isLocked) throw new TypeErrorType('Invalid state: ReadableStream is locked');
    await this.#end();
  }

  async * values() {
    this.#lock();
    for (let piece = await this.#next(); !piece.done; piece = await this.#next()) yield piece.value;
  }
}

class Body {
  #content;
  #stream;
  #isUsed = false;

  static {
    contentOf = (body) => body.#content;
    give = (body, content) => { body.#content = content; };
    use = (body) => { body.#isUsed = body.#content !== undefined; };
  }

  #take() {
    if (this.#isUsed || this.#stream?.locked) throw unusable();
    if (this.#content !== undefined) this.#isUsed = true;
    return bytesOf(this.#content);
  }

  get bodyUsed() { return this.#isUsed; }

  get body() {
    if (this.#content === undefined) return null;
    this.#stream ??= new BodyStream(() => {
      if (this.#isUsed) throw unusable();
      this.#isUsed = true;
      return bytesOf(this.#content);
    });
    return this.#stream;
  }

  async bytes() { return apply(slice, await this.#take(), []); }
  async arrayBuffer() { return (await this.bytes()).buffer; }
  async text() { return apply(decode, new Decoder(), [await this.#take()]); }
  async json() { return parse(await this.text()); }
  async blob() { return new Part([await this.#take()], { type: apply(headerOf, this.headers, ['content-type']) ?? '' }); }
}

// The content of a body that is sent or copied, which must not have been read.
function shared(body) {
  if (body.bodyUsed || body.body?.locked) throw unusable();
  return contentOf(body);
}
