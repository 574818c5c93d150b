// Refuses resizable buffers: V8 itself allocates their pages, past the counting allocator that enforces a job's memory limit.
// Runs once, when the start-up snapshot is made.
(function () {
  'use strict';
  const { defineProperty } = Object;
  const { construct } = Reflect;
  const RangeErrorType = RangeError, TypeErrorType = TypeError;

  const Original = ArrayBuffer;
  const Fixed = {
    ArrayBuffer: function (length, options) {
      if (new.target === undefined) throw new TypeErrorType("Constructor ArrayBuffer requires 'new'");
      if (typeof options === 'object' && options !== null && options.maxByteLength !== undefined) {
        throw new RangeErrorType('ArrayBuffer: maxByteLength is not available here; make a buffer of the size you need');
      }
      return construct(Original, [length], new.target);
    },
  }.ArrayBuffer;
  defineProperty(Fixed, 'length', { value: 1 });
  defineProperty(Fixed, 'prototype', { value: Original.prototype, writable: false });
  defineProperty(Fixed, Symbol.species, Object.getOwnPropertyDescriptor(Original, Symbol.species));
  defineProperty(Fixed, 'isView', Object.getOwnPropertyDescriptor(Original, 'isView'));
  defineProperty(Original.prototype, 'constructor', { value: Fixed, writable: true, enumerable: false, configurable: true });
  defineProperty(globalThis, 'ArrayBuffer', { value: Fixed, writable: true, enumerable: false, configurable: true });
})
