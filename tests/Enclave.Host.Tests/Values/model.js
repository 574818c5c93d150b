// The conversion of a script's value by docs/values.md, as text. Written in JavaScript alone, so that the native writer can be compared with it.
const model = (() => {
  const { getOwnPropertyDescriptor, getPrototypeOf, keys } = Object;
  const getter = (prototype, name) => { const { get } = getOwnPropertyDescriptor(prototype, name); return (value) => get.call(value); };
  const holds = (look) => (value) => { try { look(value); return true; } catch { return false; } };
  const typed = getPrototypeOf(Uint8Array.prototype);
  const tag = getter(typed, Symbol.toStringTag), typedLength = getter(typed, 'length');
  const typedBuffer = getter(typed, 'buffer'), typedOffset = getter(typed, 'byteOffset'), typedBytes = getter(typed, 'byteLength');
  const bufferBytes = getter(ArrayBuffer.prototype, 'byteLength');
  const viewBuffer = getter(DataView.prototype, 'buffer'), viewOffset = getter(DataView.prototype, 'byteOffset');
  const viewBytes = getter(DataView.prototype, 'byteLength');
  const source = getter(RegExp.prototype, 'source');
  const flags = Object.entries({ hasIndices: 'd', global: 'g', ignoreCase: 'i', multiline: 'm', dotAll: 's', unicode: 'u', unicodeSets: 'v', sticky: 'y' })
    .map(([name, letter]) => [getter(RegExp.prototype, name), letter]);
  const is = {
    date: holds((v) => Date.prototype.getTime.call(v)),
    number: holds((v) => Number.prototype.valueOf.call(v)),
    string: holds((v) => String.prototype.valueOf.call(v)),
    boolean: holds((v) => Boolean.prototype.valueOf.call(v)),
    bigint: holds((v) => BigInt.prototype.valueOf.call(v)),
    symbol: holds((v) => Symbol.prototype.valueOf.call(v)),
    regexp: holds(source),
    buffer: holds(bufferBytes),
    view: holds(viewBuffer),
    map: holds(getter(Map.prototype, 'size')),
    set: holds(getter(Set.prototype, 'size')),
    weak: (v) => holds((w) => WeakMap.prototype.has.call(w, {}))(v) || holds((w) => WeakSet.prototype.has.call(w, {}))(v),
  };
  class Stop { constructor(kind) { this.kind = kind; } }

  const quoted = (text) => {
    let out = '"';
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      out += unit >= 0x20 && unit < 0x7f && unit !== 0x22 && unit !== 0x5c ? text[i] : '\\u' + unit.toString(16).padStart(4, '0');
    }
    return out + '"';
  };
  const number = (value) => {
    if (Number.isNaN(value)) return 'nNaN';
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, value);
    return 'n' + bits.getBigUint64(0).toString(16);
  };
  const bytes = (buffer, offset, length) =>
    'b' + (length === 0 ? '' : [...new Uint8Array(buffer, offset, length)].map((b) => b.toString(16).padStart(2, '0')).join(''));
  const primitive = (value) => {
    switch (typeof value) {
      case 'undefined': return 'u';
      case 'boolean': return value ? 'T' : 'F';
      case 'number': return number(value);
      case 'bigint': return 'i' + value;
      case 'string': return 's' + quoted(value);
      case 'symbol': throw new Stop('r');
      default: return 'z';
    }
  };
  const scalar = (value) => {
    if (is.date(value)) { const ms = Date.prototype.getTime.call(value); return Number.isNaN(ms) ? 'z' : 'd' + ms; }
    if (is.number(value)) return number(Number.prototype.valueOf.call(value));
    if (is.string(value)) return 's' + quoted(String.prototype.valueOf.call(value));
    if (is.boolean(value)) return Boolean.prototype.valueOf.call(value) ? 'T' : 'F';
    if (is.bigint(value)) return 'i' + BigInt.prototype.valueOf.call(value);
    if (is.regexp(value)) return 's' + quoted(`/${source(value)}/${flags.map(([has, letter]) => has(value) ? letter : '').join('')}`);
    if (is.buffer(value)) return bytes(value, 0, bufferBytes(value));
    const kind = tag(value);
    if (kind === 'Uint8Array' || kind === 'Uint8ClampedArray' || kind === 'Int8Array') return bytes(typedBuffer(value), typedOffset(value), typedBytes(value));
    if (!is.view(value)) return undefined;
    // A view without its buffer has no length to ask for.
    try { return bytes(viewBuffer(value), viewOffset(value), viewBytes(value)); } catch { return 'b'; }
  };
  const object = (entries) => `{${[...entries].map(([name, text]) => `${quoted(name)}:${text}`).join(',')}}`;

  // Iterators and formatters have what they give in slots. Each of these functions takes nothing else, and no trap of a proxy sees it.
  const slots = [[].values(), new Map().entries(), Iterator.from([]).map((x) => x)].map((one) => Object.getPrototypeOf(one).next);
  const parts = Intl.NumberFormat.prototype.formatToParts;
  const hasSlots = (value) => [...slots, parts].some((take) => { try { take.call(value, 1); return true; } catch { return false; } });

  // Members that the value may still have.
  let left = 0;
  const take = (count) => { if (count > left) throw new Stop('l'); left -= count; };
  const walk = (value, path, most) => {
    if (typeof value !== 'object' && typeof value !== 'function' || value === null) return primitive(value);
    if (typeof value === 'function' || kinds.has(value) || is.symbol(value) || is.weak(value) || hasSlots(value)) throw new Stop('r');
    const held = scalar(value);
    if (held !== undefined) return held;
    if (path.includes(value)) return 's"[Circular]"';
    if (path.length >= most) throw new Stop('l');
    const into = [...path, value];
    const list = (from, length) => {
      take(length);
      const texts = [];
      for (let i = 0; i < length; i++) texts.push(walk(from[i], into, most));
      return `[${texts.join(',')}]`;
    };
    if (tag(value) !== undefined) return list(value, typedLength(value));
    if (is.map(value)) {
      const pairs = [], names = [];
      Map.prototype.forEach.call(value, (v, k) => pairs.push([k, v]));
      take(pairs.length);
      for (const [k] of pairs) {
        if (typeof k === 'symbol') throw new Stop('r');
        names.push(`${k}`);
      }
      const entries = new Map();
      pairs.forEach(([, v], i) => entries.set(names[i], walk(v, into, most)));
      return object(entries);
    }
    if (is.set(value)) {
      const items = [];
      Set.prototype.forEach.call(value, (v) => items.push(v));
      return list(items, items.length);
    }
    if (Error.isError(value)) {
      const { name, message } = { name: value.name, message: value.message }, code = Object.hasOwn(value, 'code') ? value.code : undefined;
      const hasCode = typeof code === 'string' || typeof code === 'number';
      const others = ['cause', 'errors'].filter((key) => Object.hasOwn(value, key));
      take(2 + (hasCode ? 1 : 0) + others.length);
      const entries = [['name', typeof name === 'string' ? primitive(name) : 'z'], ['message', typeof message === 'string' ? primitive(message) : 'z']];
      if (hasCode) entries.push(['code', primitive(code)]);
      for (const key of others) entries.push([key, walk(value[key], into, most)]);
      return object(entries);
    }
    if (Array.isArray(value)) {
      const length = +value.length;
      return list(value, length >= 0 ? Math.floor(length) : 0);
    }
    const entries = new Map();
    const names = keys(value);
    take(names.length);
    for (const name of names) entries.set(name, walk(value[name], into, most));
    return object(entries);
  };
  // Whole characters, in as many bytes of UTF-8.
  const cut = (text, most) => {
    let bytes = 0, out = '';
    for (const character of text.toWellFormed()) {
      const point = character.codePointAt(0);
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes > most) break;
      out += character;
    }
    return out;
  };
  const member = (value, name, most) => {
    try { const text = value[name]; return typeof text === 'string' ? cut(text, most) : ''; } catch { return ''; }
  };

  return {
    // v and the value; t where reading it throws, r where something in it is no data, l where it is too deep or has too many members.
    crossing: (make, most, members) => {
      left = members;
      try { return 'v' + walk(make(), [], most); } catch (stop) { return stop instanceof Stop ? stop.kind : 't'; }
    },
    // The report of a thrown value.
    thrown: (make) => {
      let value;
      try { value = make(); } catch (error) { value = error; }
      if (typeof value === 'symbol') return [quoted('Error'), quoted('a symbol')];
      if (typeof value !== 'object' && typeof value !== 'function' || value === null) return [quoted('Error'), quoted(cut(String(value), 10000))];
      const name = member(value, 'name', 100);
      let message = member(value, 'message', 10000);
      if (message === '' && !Error.isError(value)) try { message = cut(`${JSON.stringify(value)}`, 10000); } catch {}
      return [quoted(name === '' ? 'Error' : name), quoted(message)];
    },
  };
})();
