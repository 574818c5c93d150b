// console: log, info, warn, error and debug, each one ordered line. Runs once, when the start-up snapshot is made.
// A script may change every intrinsic it meets, so what is needed later is taken now.
(function (bridges) {
  'use strict';
  const { emit } = bridges;
  const { defineProperty, freeze, keys, getPrototypeOf } = Object;
  const { isArray } = Array;
  const { apply } = Reflect;
  const stringify = JSON.stringify;
  const toText = String;
  const isFinite = Number.isFinite;
  const ErrorType = Error;
  const MapType = Map, SetType = Set, DateType = Date, RegExpType = RegExp;
  const mapForEach = Map.prototype.forEach, setForEach = Set.prototype.forEach;
  const toIso = Date.prototype.toISOString, regExpText = RegExp.prototype.toString;
  const join = Array.prototype.join, slice = String.prototype.slice, indexOf = String.prototype.indexOf;
  const parseFloat = Number.parseFloat, parseInt = Number.parseInt;

  const maxDepth = 4, maxItems = 100;

  function text(value, depth, path) {
    switch (typeof value) {
      case 'string': return depth === 0 ? value : stringify(value);
      case 'bigint': return `${value}n`;
      case 'symbol': return toText(value);
      case 'function': return value.name ? `[Function: ${value.name}]` : '[Function]';
      case 'object': return value === null ? 'null' : object(value, depth, path);
      default: return toText(value);
    }
  }

  function object(value, depth, path) {
    for (let i = 0; i < path.length; i++) if (path[i] === value) return '[Circular]';
    if (value instanceof ErrorType) return `${value.stack || `${value.name}: ${value.message}`}`;
    if (value instanceof DateType) return isFinite(+value) ? apply(toIso, value, []) : 'Invalid Date';
    if (value instanceof RegExpType) return apply(regExpText, value, []);
    if (depth > maxDepth) return isArray(value) ? '[Array]' : '[Object]';
    path[path.length] = value;
    const shown = members(value, depth, path);
    path.length--;
    return shown;
  }

  function members(value, depth, path) {
    const parts = [];
    let total = 0;
    const add = (part) => { if (total++ < maxItems) parts[parts.length] = part(); };
    if (isArray(value)) {
      for (let i = 0; i < value.length && total <= maxItems; i++) add(() => text(value[i], depth + 1, path));
      return list('[', parts, value.length, ']');
    }
    if (value instanceof MapType) {
      apply(mapForEach, value, [(v, k) => add(() => `${text(k, depth + 1, path)} => ${text(v, depth + 1, path)}`)]);
      return list(`Map(${total}) {`, parts, total, '}');
    }
    if (value instanceof SetType) {
      apply(setForEach, value, [(v) => add(() => text(v, depth + 1, path))]);
      return list(`Set(${total}) {`, parts, total, '}');
    }
    const names = keys(value);
    for (let i = 0; i < names.length && total <= maxItems; i++) add(() => `${label(names[i])}: ${text(value[names[i]], depth + 1, path)}`);
    const type = getPrototypeOf(value)?.constructor?.name;
    return list(type && type !== 'Object' ? `${type} {` : '{', parts, names.length, '}');
  }

  function label(name) {
    for (let i = 0; i < name.length; i++) {
      const c = name[i];
      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_' || c === '$' || (i > 0 && c >= '0' && c <= '9'))) return stringify(name);
    }
    return name === '' ? '""' : name;
  }

  function list(open, parts, total, close) {
    if (total === 0) return open + close;
    const more = total > parts.length ? `, ... ${total - parts.length} more` : '';
    return `${open} ${apply(join, parts, [', '])}${more} ${close}`;
  }

  // https://console.spec.whatwg.org/#formatter
  function line(args) {
    let out = '', next = 0;
    if (typeof args[0] === 'string' && args.length > 1) {
      const format = args[0];
      next = 1;
      let from = 0;
      for (let at; (at = apply(indexOf, format, ['%', from])) >= 0 && at + 1 < format.length;) {
        const kind = format[at + 1];
        out += apply(slice, format, [from, at]);
        from = at + 2;
        if (kind === '%') out += '%';
        else if (next < args.length && kind === 's') out += text(args[next++], 0, []);
        else if (next < args.length && (kind === 'd' || kind === 'i')) out += typeof args[next] === 'symbol' ? (next++, 'NaN') : parseInt(args[next++], 10);
        else if (next < args.length && kind === 'f') out += typeof args[next] === 'symbol' ? (next++, 'NaN') : parseFloat(args[next++]);
        else if (next < args.length && (kind === 'o' || kind === 'O' || kind === 'j')) out += text(args[next++], 1, []);
        else if (next < args.length && kind === 'c') next++;
        else out += `%${kind}`;
      }
      out += apply(slice, format, [from]);
    }
    for (; next < args.length; next++) out += (next > 0 ? ' ' : '') + text(args[next], 0, []);
    return out;
  }

  const console = {};
  const levels = ['log', 'info', 'warn', 'error', 'debug'];
  for (let level = 0; level < levels.length; level++) {
    const name = levels[level];
    const method = { [name](...args) { emit(level, line(args)); } }[name];
    defineProperty(console, name, { value: freeze(method), enumerable: true });
  }
  defineProperty(globalThis, 'console', { value: freeze(console), writable: false, enumerable: false, configurable: false });
})
