// Stacks and errors: what V8 knows of each frame, without the frames of the prelude, and with the lines and columns of the user's text.
(function (bridges) {
  'use strict';
  const { OriginalError, host } = bridges;
  const { captureStackTrace } = OriginalError;
  const { defineProperty, getOwnPropertyDescriptor, hasOwn } = Object;
  const { isArray } = Array;
  const { apply } = Reflect;
  const { max } = Math;
  const { isError } = OriginalError;
  const { get, set, has } = WeakMap.prototype;
  const { slice, lastIndexOf, startsWith } = String.prototype;
  const toText = String, errorText = OriginalError.prototype.toString, { stringify } = JSON;
  const ErrorType = Error;
  // Frames of the prelude take a part of what V8 captures, so it captures more than a script sees.
  const captured = 100, mostOfUser = 10, maxMessage = 10000, maxName = 100, maxStack = 10000, maxCauses = 5, maxErrors = 10, maxPart = 500;

  // The text of a program begins in the second line of its document, behind the parameters of the guard.
  const linesBefore = 1;
  const prelude = 'enclave:';
  let source = '', caller, wantsCaller = false;
  bridges.setSource = (name) => { source = name; };

  let sites;
  defineProperty(OriginalError, 'prepareStackTrace', { value: (_, all) => all, writable: true, enumerable: false, configurable: true });
  sites = new OriginalError('').stack;
  const { getScriptNameOrSourceURL, getLineNumber, getColumnNumber, getFunctionName, isAsync, toString: siteText } = Object.getPrototypeOf(sites[0]);

  // V8 makes the text of a stack when it is read for the first time.
  const stackGetter = getOwnPropertyDescriptor(new OriginalError(''), 'stack').get;
  const readStack = (object) => (stackGetter === undefined ? getOwnPropertyDescriptor(object, 'stack') : apply(stackGetter, object, []));

  const frames = new WeakMap(), tools = new WeakMap();

  const place = (site) => `${source}:${line(site)}:${column(site)}`;
  // A call that is too deep has no place in its function: V8 then gives the first line of the document.
  const line = (site) => max((apply(getLineNumber, site, []) ?? 0) - linesBefore, 1);
  const column = (site) => apply(getColumnNumber, site, []) ?? 1;

  // One line of a stack in V8's form.
  function shown(site, name) {
    const text = apply(siteText, site, []);
    if (typeof name !== 'string') return text;
    const wrong = `${name}:${apply(getLineNumber, site, [])}:${column(site)}`, at = apply(lastIndexOf, text, [wrong]);
    return at < 0 ? text : `${apply(slice, text, [0, at])}${name}:${line(site)}:${column(site)}${apply(slice, text, [at + wrong.length])}`;
  }

  function header(error) {
    try {
      return apply(errorText, error, []);
    } catch {
      return '<error>';
    }
  }

  function prepare(error, list) {
    const limit = getOwnPropertyDescriptor(ErrorType, 'stackTraceLimit')?.value, most = typeof limit === 'number' ? limit : 0;
    let visible = '', own = '', count = 0;
    for (let i = 0; i < list.length; i++) {
      const site = list[i], name = apply(getScriptNameOrSourceURL, site, []);
      if (typeof name === 'string' && apply(startsWith, name, [prelude])) continue;
      if (name === source) {
        if (wantsCaller) return void (caller ??= `\n    at ${place(site)}`);
        const called = apply(getFunctionName, site, []) ?? '';
        if (count < mostOfUser && !apply(isAsync, site, [])) own += `\n    at ${called === '' ? place(site) : `${called} (${place(site)})`}`;
      }
      if (count++ < most) visible += `\n    at ${shown(site, name)}`;
    }
    apply(set, frames, [error, own]);
    return header(error) + visible;
  }
  OriginalError.prepareStackTrace = prepare;
  OriginalError.stackTraceLimit = captured;

  // The topmost position on the stack in the user's source, as a line of a stack.
  bridges.findCaller = () => {
    const here = { __proto__: null };
    caller = undefined;
    wantsCaller = true;
    try {
      captureStackTrace(here);
      readStack(here);
    } finally {
      wantsCaller = false;
    }
    return caller ?? `\n    at ${source}:1:1`;
  };

  function framesOf(error) {
    if (!apply(has, frames, [error]) && isError(error)) readStack(error);
    return apply(get, frames, [error]) ?? '';
  }

  bridges.markToolError = (error, at, name, code) => { apply(set, tools, [error, { __proto__: null, at, name, code }]); };

  function member(object, key) {
    try {
      const value = object[key];
      return typeof value === 'string' ? value : '';
    } catch {
      return '';
    }
  }

  // An own member; undefined without one, or where reading it throws.
  function ownOf(object, key) {
    try {
      return hasOwn(object, key) ? object[key] : undefined;
    } catch {
      return undefined;
    }
  }

  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  const scalars = { __proto__: null, string: true, number: true, bigint: true, boolean: true };
  const scalar = (value) => (scalars[typeof value] === true ? `${value}` : '');

  // An error in one line: its name, message and code.
  function lineOf(value) {
    if (!isObject(value)) return typeof value === 'symbol' ? 'a symbol' : cut(toText(value), maxPart);
    const name = cut(member(value, 'name'), maxName), text = cut(member(value, 'message'), maxPart), code = cut(scalar(ownOf(value, 'code')), maxName);
    return `${name === '' ? 'Error' : name}${text === '' ? '' : `: ${text}`}${code === '' ? '' : ` (${code})`}`;
  }

  function causesOf(thrown) {
    const lines = { __proto__: null, length: 0 }, seen = { __proto__: null, 0: thrown, length: 1 };
    const isSeen = (value) => {
      for (let i = 0; i < seen.length; i++) if (seen[i] === value) return true;
      return false;
    };
    for (let at = thrown; isObject(at) && lines.length < maxCauses;) {
      at = ownOf(at, 'cause');
      if (at === undefined) break;
      if (isSeen(at)) break;
      seen[seen.length++] = at;
      lines[lines.length++] = lineOf(at);
    }
    return lines;
  }

  function errorsOf(thrown) {
    const lines = { __proto__: null, length: 0 }, list = ownOf(thrown, 'errors');
    if (!isArray(list)) return lines;
    for (let i = 0; i < list.length && lines.length < maxErrors; i++) {
      try {
        lines[lines.length] = lineOf(list[i]);
        lines.length++;
      } catch {
        // Leave this error out.
      }
    }
    return lines;
  }

  const cut = (text, length) => (text.length > length ? apply(slice, text, [0, length]) : text);
  const packed = (list) => {
    let text = '';
    for (let i = 0; i < list.length; i++) text += `${list[i].length};${list[i]}`;
    return text;
  };
  const nothing = { __proto__: null, length: 0 };
  const report = (kind, name, message, stack, tool, code, causes = nothing, errors = nothing) => {
    host.fail(kind, cut(name, maxName), cut(message, maxMessage), cut(stack, maxStack), tool, code, packed(causes), packed(errors));
  };
  bridges.report = (kind, name, message) => report(kind, name, message, '', '', '');

  // Describes what a script has thrown. Reading name and message may run getters.
  bridges.reportThrown = (thrown) => {
    if (thrown === null || (typeof thrown !== 'object' && typeof thrown !== 'function')) {
      return report(0, 'Error', typeof thrown === 'symbol' ? 'a symbol' : toText(thrown), '', '', '');
    }
    const tool = apply(get, tools, [thrown]);
    const name = member(thrown, 'name');
    let message = member(thrown, 'message');
    if (message === '' && !isError(thrown)) {
      try {
        message = toText(stringify(thrown));
      } catch {
        message = '';
      }
    }
    const stack = tool !== undefined ? tool.at : framesOf(thrown), code = cut(scalar(ownOf(thrown, 'code')), maxName);
    report(tool !== undefined ? 2 : 0, name === '' ? 'Error' : name, message, stack, tool?.name ?? '', tool !== undefined ? tool.code ?? '' : code,
      causesOf(thrown), errorsOf(thrown));
  };
})
