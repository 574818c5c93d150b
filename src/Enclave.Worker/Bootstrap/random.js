// Math.random: numbers of this run's own seed. All runs begin with the same memory, V8's own generator among it. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { refill } = bridges;
  const { defineProperty } = Object;
  const { apply } = Reflect;
  const { bind } = Function.prototype;

  // In JavaScript, so that V8 compiles it into the caller's loop; a call into native code is made once in 64 numbers.
  const numbers = new Float64Array(64);
  let next = 64;
  const random = apply(bind, () => {
    if (next === 64) {
      refill(numbers);
      next = 0;
    }
    return numbers[next++];
  }, [undefined]);
  // After libraries were evaluated: what is left are numbers of their seed.
  bridges.guard[3] = () => { next = 64; };
  // Bound, so that its text is that of a native function.
  defineProperty(random, 'name', { value: 'random', writable: false, enumerable: false, configurable: true });
  defineProperty(Math, 'random', { value: random, writable: true, enumerable: false, configurable: true });
})
