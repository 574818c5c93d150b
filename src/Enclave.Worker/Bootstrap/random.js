// Math.random: numbers from the run's own seed. All runs begin with the same memory, which includes V8's
// own generator. Runs once, when the start-up snapshot is made.
(function (bridges) {
  'use strict';
  const { refill } = bridges;
  const { defineProperty } = Object;
  const { apply } = Reflect;
  const { bind } = Function.prototype;

  // In JavaScript, so that V8 inlines it into the caller's loop. Native code is called only once in 64 numbers.
  const numbers = new Float64Array(64);
  let next = 64;
  const random = apply(bind, () => {
    if (next === 64) {
      refill(numbers);
      next = 0;
    }
    return numbers[next++];
  }, [undefined]);
  // Drops the remaining numbers after libraries were evaluated, because they come from the libraries' seed.
  bridges.guard[3] = () => { next = 64; };
  // A bound function's text is that of a native function.
  defineProperty(random, 'name', { value: 'random', writable: false, enumerable: false, configurable: true });
  defineProperty(Math, 'random', { value: random, writable: true, enumerable: false, configurable: true });
})
