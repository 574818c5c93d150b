// Every function of lodash that answers at once, with inputs of every kind.

// Functions that wait, return numbers that depend on earlier calls, or change lodash itself.
const leftOut = new Set(["debounce", "throttle", "delay", "defer", "mixin", "noConflict", "runInContext", "uniqueId"]);

const values = () => [
  undefined, null, true, 0, -0, 1.5, NaN, Infinity, "", "fooBar baz-qux", "  Ünïcode &amp; <b>", "👨‍👩‍👧 a̐é", 7n,
  [], [3, 1, 2, 1], ["b", "a", "c"], [1, [2, [3, [4]], 5]], [{ a: 1, b: "x" }, { a: 2, b: "y" }, { a: 1, b: "z" }],
  {}, { a: 1, b: { c: [1, { d: 2 }] } }, { length: 2, 0: "x", 1: "y" }, new Map([["a", 1], [{}, 2]]), new Set([1, "a"]),
  new Date(0), /a(b)?/gi, new Error("e"), Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }),
  new Uint8Array([1, 2, 3]), Object(1), Symbol.iterator,
];

const seconds = () => [
  [], [1], [2, 3], ["a"], ["b.c[1].d", "default"], [["a", "b"]], [(x) => x], [(x, y) => (x > y ? 1 : -1)], [{ a: 1 }], ["a", 1], [[1, 2], [3]],
  [(a, b) => a + b, 0],
  [/[a-z]+/g, "_"], [null], [-1, 2], [[3, 1], (x) => x % 2],
];

export function* calls(lodash) {
  const names = Object.keys(lodash).filter((name) => typeof lodash[name] === "function" && !leftOut.has(name)).sort();
  for (const name of names) {
    for (let i = 0; i < values().length; i++) {
      for (let j = 0; j < seconds().length; j++) {
        // Fresh inputs for every call: half of lodash changes what it is given, and that is an answer too.
        yield { call: `_.${name}(values[${i}], ...seconds[${j}])`, run: () => invoke(lodash, name, values()[i], seconds()[j]) };
      }
    }
  }

  yield* chains(lodash);
}

function invoke(lodash, name, first, rest) {
  if (name === "times" || name === "range" || name === "rangeRight" || name === "fill" || name.startsWith("pad") || name === "repeat") {
    if (typeof first === "number" && !(Math.abs(first) < 1000)) first = 7;
  }

  const result = lodash[name](first, ...rest);
  // A function that returns functions is judged by their results.
  const further = typeof result === "function" ? [[1, 2], ["a", { b: 1 }], [[1, 2, 3]], [{ a: 1, b: 2 }]].map((given) => attempt(() => result(...given))) : [];
  return [lodash.isFunction(result?.value) && result?.__wrapped__ !== undefined ? result.value() : result, further, first];
}

function attempt(run) {
  try {
    return run();
  } catch (error) {
    return `${error?.name}: ${error?.message}`;
  }
}

function* chains(lodash) {
  const steps = [
    ["map", (x) => x * 2], ["filter", (x) => x > 2], ["take", 3], ["reverse"], ["drop", 1], ["sortBy", (x) => -x], ["uniq"], ["chunk", 2], ["compact"],
    ["tail"], ["concat", [9]], ["flatten"],
  ];
  for (const first of steps) {
    for (const second of steps) {
      for (const third of steps) {
        const chain = [first, second, third];
        const run = () => chain.reduce((wrapped, [name, ...given]) => wrapped[name](...given), lodash([4, 1, 3, 1, 0, 5])).value();
        yield { call: `_(…).${chain.map(([name]) => name).join(".")}`, run };
      }
    }
  }

  for (const text of ["<%= a %>", "<% for (var i = 0; i < 3; i++) { %><li><%- a + i %></li><% } %>", "${ a } & <%- '<' %>", "<% throw 1 %>"]) {
    yield { call: `_.template(${JSON.stringify(text)})`, run: () => lodash.template(text)({ a: "<x>" }) };
  }
}
