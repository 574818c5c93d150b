// console: each call of log, info, warn, error and debug is one ordered line. The other methods call these. Runs once, when the start-up snapshot is made.
// A script may change every intrinsic, so the needed ones are saved now. No line fails a run: where a getter, a trap or a conversion throws, the line says so.
(function (bridges) {
  'use strict';
  const { emit, shownOf } = bridges;
  const { defineProperty, freeze, keys, getPrototypeOf, hasOwn } = Object;
  const { isArray } = Array;
  const { apply } = Reflect;
  const stringify = JSON.stringify;
  const toText = String;
  const isFinite = Number.isFinite;
  const ErrorType = Error;
  const errorParts = ['code', 'cause', 'errors'];
  const MapType = Map, SetType = Set, DateType = Date, RegExpType = RegExp;
  const mapForEach = Map.prototype.forEach, setForEach = Set.prototype.forEach;
  const toIso = Date.prototype.toISOString, regExpText = RegExp.prototype.toString;
  const { join } = Array.prototype, { slice, indexOf, split, padEnd, repeat } = String.prototype;
  const { get: mapGet, set: mapSet, delete: mapDelete } = Map.prototype, { now } = Date;
  const parseFloat = Number.parseFloat, parseInt = Number.parseInt;

  const maxDepth = 4, maxItems = 100, maxColumns = 20, maxCell = 200;

  // What the line shows where reading a value throws.
  function thrownText(thrown) {
    try {
      const isObject = (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function';
      return `[threw ${isObject ? `${thrown.name}: ${thrown.message}` : toText(thrown)}]`;
    } catch {
      return '[threw]';
    }
  }

  function attempt(read, ...args) {
    try {
      return apply(read, undefined, args);
    } catch (thrown) {
      return thrownText(thrown);
    }
  }

  function text(value, depth, path) {
    const { length } = path;
    try {
      return anyText(value, depth, path);
    } catch (thrown) {
      path.length = length;
      return thrownText(thrown);
    }
  }

  function anyText(value, depth, path) {
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
    if (value instanceof ErrorType) return error(value, depth, path);
    if (value instanceof DateType) return isFinite(+value) ? apply(toIso, value, []) : 'Invalid Date';
    if (value instanceof RegExpType) return apply(regExpText, value, []);
    if (depth > maxDepth) return isArray(value) ? '[Array]' : '[Object]';
    path[path.length] = value;
    const shown = members(value, depth, path);
    path.length--;
    return shown;
  }

  // The stack, and below it what else the error says.
  function error(value, depth, path) {
    let shown = attempt(() => `${value.stack || `${value.name}: ${value.message}`}`);
    if (depth > maxDepth) return shown;
    path[path.length] = value;
    for (let i = 0; i < errorParts.length; i++) {
      const name = errorParts[i], part = attempt(() => (hasOwn(value, name) ? text(value[name], depth + 1, path) : undefined));
      if (part !== undefined) shown += `\n  ${name}: ${apply(join, apply(split, part, ['\n']), ['\n  '])}`;
    }
    path.length--;
    return shown;
  }

  function members(value, depth, path) {
    const parts = [];
    let total = 0;
    const add = (part) => { if (total++ < maxItems) parts[parts.length] = attempt(part); };
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
    const platform = shownOf(value);
    if (platform !== undefined && typeof platform.data === 'string') return platform.data === '' ? `${platform.name} {}` : `${platform.name} ${platform.data}`;
    const shown = platform?.data ?? value, names = keys(shown);
    for (let i = 0; i < names.length && total <= maxItems; i++) {
      add(() => `${label(names[i])}: ${attempt(() => text(shown[names[i]], depth + 1, path))}`);
    }
    const type = platform?.name ?? attempt(() => getPrototypeOf(value)?.constructor?.name);
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

  const number = (parse, given) => (typeof given === 'symbol' ? 'NaN' : attempt(parse, given, 10));

  // https://console.spec.whatwg.org/#formatter
  const line = (args) => attempt(lineOf, args);

  function lineOf(args) {
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
        else if (next < args.length && (kind === 'd' || kind === 'i')) out += number(parseInt, args[next++]);
        else if (next < args.length && kind === 'f') out += number(parseFloat, args[next++]);
        else if (next < args.length && (kind === 'o' || kind === 'O' || kind === 'j')) out += text(args[next++], 1, []);
        else if (next < args.length && kind === 'c') next++;
        else out += `%${kind}`;
      }
      out += apply(slice, format, [from]);
    }
    for (; next < args.length; next++) out += (next > 0 ? ' ' : '') + text(args[next], 0, []);
    return out;
  }

  const log = 0, warn = 2, debug = 4, maxGroups = 16;
  let indent = '';

  const indented = (shown) => indent + apply(join, apply(split, shown, ['\n']), [`\n${indent}`]);

  function write(level, shown) {
    emit(level, indent === '' ? shown : attempt(indented, shown));
  }

  // All cells of a column are as wide as its widest cell.
  const cut = (shown) => (shown.length > maxCell ? `${apply(slice, shown, [0, maxCell])}...` : shown);
  const cell = (value) => cut(text(value, 3, []));

  // Columns of equal width between bars. Data that is not a table is one line.
  function table(data, only) {
    if (typeof data !== 'object' || data === null) return text(data, 0, []);
    const rows = [], columns = [], at = { __proto__: null }, names = keys(data), wanted = { __proto__: null };
    for (let i = 0; only !== undefined && i < only.length; i++) if (typeof only[i] === 'string') wanted[only[i]] = true;
    let hasValues = false;
    for (let i = 0; i < names.length && i < maxItems; i++) {
      const item = attempt(() => data[names[i]]), isRow = typeof item === 'object' && item !== null, row = [cut(names[i])];
      const found = isRow ? attempt(keys, item) : undefined, own = isArray(found) ? found : [];
      for (let k = 0; k < own.length; k++) {
        const isNew = at[own[k]] === undefined && columns.length < maxColumns && (only === undefined || wanted[own[k]] === true);
        if (isNew) {
          columns[columns.length] = own[k];
          at[own[k]] = columns.length;
        }
        if (at[own[k]] !== undefined) row[at[own[k]]] = attempt(() => cell(item[own[k]]));
      }
      rows[i] = { __proto__: null, row, value: isRow ? '' : cell(item) };
      hasValues ||= !isRow;
    }
    const cells = [['(index)']];
    for (let k = 0; k < columns.length; k++) cells[0][k + 1] = cut(columns[k]);
    if (hasValues) cells[0][columns.length + 1] = 'Values';
    for (let i = 0; i < rows.length; i++) {
      const { row, value } = rows[i];
      for (let k = 1; k <= columns.length; k++) row[k] ??= '';
      if (hasValues) row[columns.length + 1] = value;
      cells[i + 1] = row;
    }
    return grid(cells) + (names.length > maxItems ? `\n... ${names.length - maxItems} more` : '');
  }

  function grid(rows) {
    const widths = [];
    for (let i = 0; i < rows.length; i++) {
      for (let k = 0; k < rows[i].length; k++) if (!(widths[k] >= rows[i][k].length)) widths[k] = rows[i][k].length;
    }
    let out = '';
    for (let i = 0; i < rows.length; i++) {
      let shown = '|', rule = '|';
      for (let k = 0; k < widths.length; k++) {
        shown += ` ${apply(padEnd, rows[i][k], [widths[k]])} |`;
        rule += `${apply(repeat, '-', [widths[k] + 2])}|`;
      }
      out += (i > 0 ? '\n' : '') + shown + (i === 0 ? `\n${rule}` : '');
    }
    return out;
  }

  const labelOf = (given) => (given === undefined ? 'default' : attempt(toText, given));
  const counts = new MapType(), timers = new MapType();

  function timer(name, end, rest) {
    const started = apply(mapGet, timers, [name]);
    if (started === undefined) return write(warn, `Timer '${name}' does not exist`);
    if (end) apply(mapDelete, timers, [name]);
    write(log, `${name}: ${now() - started} ms${rest.length > 0 ? ` ${line(rest)}` : ''}`);
  }

  const console = {};
  const levels = ['log', 'info', 'warn', 'error', 'debug'];
  const methods = {
    assert(condition, ...args) { if (!condition) write(levels.length - 2, args.length > 0 ? `Assertion failed: ${line(args)}` : 'Assertion failed'); },
    clear() {},
    count(given) {
      const name = labelOf(given), count = (apply(mapGet, counts, [name]) ?? 0) + 1;
      apply(mapSet, counts, [name, count]);
      write(log, `${name}: ${count}`);
    },
    countReset(given) { apply(mapDelete, counts, [labelOf(given)]); },
    dir(value) { write(log, text(value, 0, [])); },
    dirxml(...args) { write(log, line(args)); },
    group(...args) {
      if (args.length > 0) write(log, line(args));
      if (indent.length < maxGroups * 2) indent += '  ';
    },
    groupCollapsed(...args) { apply(methods.group, undefined, args); },
    groupEnd() { indent = apply(slice, indent, [2]); },
    table(data, columns) { write(log, attempt(table, data, attempt(isArray, columns) === true ? columns : undefined)); },
    time(given) { apply(mapSet, timers, [labelOf(given), now()]); },
    timeEnd(given) { timer(labelOf(given), true, []); },
    timeLog(given, ...args) { timer(labelOf(given), false, args); },
    trace(...args) { write(debug, args.length > 0 ? `Trace: ${line(args)}` : 'Trace'); },
  };
  for (let level = 0; level < levels.length; level++) methods[levels[level]] = { [levels[level]](...args) { write(level, line(args)); } }[levels[level]];
  const names = keys(methods);
  for (let i = 0; i < names.length; i++) defineProperty(console, names[i], { value: freeze(methods[names[i]]), enumerable: true });
  defineProperty(globalThis, 'console', { value: freeze(console), writable: false, enumerable: false, configurable: false });
})
