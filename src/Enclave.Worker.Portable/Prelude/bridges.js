// The functions that the prelude gives to scripts, over the functions of the worker (ScriptRuntime.cs). Runs first in each new runtime.
// A script may change every intrinsic and every prototype, so each file saves what it needs. Lists have no prototype: growing them calls no setter.
(function (host) {
  'use strict';
  const { apply } = Reflect;
  const { bind } = Function.prototype;
  const { slice } = String.prototype;
  const TypeErrorType = TypeError, RangeErrorType = RangeError, PromiseType = Promise;
  const { defineProperty } = Object;
  const maxToolName = 256;
  const callArguments = "callTool: the second argument is an object with the tool's arguments";
  // The kinds of text that stand for no arguments, by their first character (values.js).
  const kinds = {
    __proto__: null, a: 'an array', s: 'a string', x: 'bytes', n: 'null', t: 'a boolean', f: 'a boolean', i: 'a number', d: 'a number', D: 'a date',
    b: 'a BigInt', u: 'undefined',
  };
  const state = { __proto__: null, loading: false, consoleBytes: 0, pending: { __proto__: null }, open: 0, calls: 0, wake: Infinity };
  const bridges = { __proto__: null, host, state };

  const { callTool } = {
    callTool(name, args) {
      if (state.loading) throw new TypeErrorType('callTool: there are no tools while a library is evaluated; call them from its functions');
      if (typeof name !== 'string' || name.length === 0 || name.length > maxToolName) {
        throw new TypeErrorType("callTool: the first argument is the tool's name, a string of 1 to 256 characters");
      }
      if (name === 'enclave:timer') throw new TypeErrorType('callTool: enclave:timer is no tool');
      const given = args === undefined ? {} : args;
      if (given === null || (typeof given !== 'object' && typeof given !== 'function')) throw new TypeErrorType(callArguments);
      const { text, refusal, isTooLarge } = bridges.encode(given);
      if (refusal !== undefined) throw new TypeErrorType(`callTool arguments${isTooLarge ? ' are too large' : ''}: ${refusal}`);
      const kind = kinds[text[0]];
      if (kind !== undefined) throw new TypeErrorType(`${callArguments}; this one crosses as ${kind}`);
      const place = bridges.findCaller(), id = state.calls + 1;
      const taken = host.callTool(id, name, text);
      if (taken > 0) throw new TypeErrorType(`callTool arguments are too large: more than ${taken} bytes at $`);
      state.calls = id;
      state.open++;
      return new PromiseType((resolve, reject) => { state.pending[id] = { __proto__: null, resolve, reject, name, place }; });
    },
  };
  // A bound function's text is that of a native function.
  bridges.callTool = apply(bind, callTool, [undefined]);
  defineProperty(bridges.callTool, 'name', { value: 'callTool' });

  // A line above the whole budget is cut before it is copied. The worker's check then ends the run.
  bridges.emit = (level, text) => {
    if (state.loading) return;
    host.emit(level, text.length > state.consoleBytes + 4 ? apply(slice, text, [0, state.consoleBytes + 4]) : text, text.length);
  };

  const { limit } = { limit(total, where) { host.limit(typeof total === 'number' ? total : 0, typeof where === 'number' ? where : 0); } };
  bridges.limit = limit;
  bridges.refill = (numbers) => { host.refill(numbers); };
  bridges.entropy = (bytes) => { host.entropy(bytes); };
  bridges.arm = (due) => { state.wake = due; };
  // The language has no function that answers this without an exception: the caller finds out by trying.
  bridges.hasData = () => true;
  bridges.live = (name) => {
    if (state.loading) throw new TypeErrorType(`${name} is not there while a library is evaluated; call it from its functions`);
  };

  function toolError(call, name, message, code) {
    const error = new bridges.OriginalError(message);
    const define = (key, value, enumerable) => defineProperty(error, key, { __proto__: null, value, writable: true, enumerable, configurable: true });
    define('name', name, false);
    define('stack', `${name}: ${message}${call.place}`, false);
    define('tool', call.name, true);
    if (typeof code === 'string') define('code', code, true);
    bridges.markToolError(error, call.place, call.name, code);
    return error;
  }

  // The answer of a call: a value as JSON and what JSON has no form for, or an error.
  bridges.settle = (id, isValue, first, second, third) => {
    const call = state.pending[id];
    if (call === undefined) return;
    delete state.pending[id];
    state.open--;
    if (!isValue) return void call.reject(toolError(call, first, second, third));
    let value;
    try {
      value = bridges.decode(first, second);
    } catch {
      return void call.reject(new RangeErrorType("the tool's result could not be built: it is malformed or too large for the memory limit"));
    }
    call.resolve(value);
  };
  return bridges;
})
