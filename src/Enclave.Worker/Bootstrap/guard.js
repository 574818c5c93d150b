// The functions that the transformed program gets as parameters. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { limit } = bridges;
  const TypeErrorType = TypeError;
  const { ownKeys } = Reflect;
  // Names that lead from a value to its constructor, or that change property lookup.
  const blocked = {
    __proto__: null,
    constructor: true,
    ['__proto__']: true,
    prototype: true,
    __defineGetter__: true,
    __defineSetter__: true,
    __lookupGetter__: true,
    __lookupSetter__: true,
  };

  // Converts a computed key to a property key once, so that the checked key is the one that is used.
  function key(value) {
    if (typeof value === 'number' || typeof value === 'symbol') return value;
    const name = typeof value === 'string' ? value : toKey(value);
    if (typeof name === 'string' && blocked[name] === true) throw new TypeErrorType(`the property '${name}' cannot be used here`);
    return name;
  }

  // ToPropertyKey of ECMA-262 7.1.19, by the language itself: an object's conversion runs once and may return a symbol.
  function toKey(value) {
    return ownKeys({ __proto__: null, [value]: true })[0];
  }

  bridges.guard = [limit, key];
  bridges.guard[6] = bridges.formOf;
  bridges.guard[7] = bridges.learnTypes;
})
