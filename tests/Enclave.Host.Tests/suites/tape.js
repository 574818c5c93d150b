// The part of tape that the suites use: assertions in order, each a line of the result.
const lines = [], waiting = [];

function same(a, b, loose) {
  if (Object.is(a, b) || (loose && a == b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [tagA, tagB] = [Object.prototype.toString.call(a), Object.prototype.toString.call(b)];
  if (tagA !== tagB || (!loose && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b))) return false;
  if (a instanceof Date || a instanceof Number || a instanceof String || a instanceof Boolean) return Object.is(a.valueOf(), b.valueOf());
  if (a instanceof RegExp) return String(a) === String(b);
  if (a instanceof Map || a instanceof Set) return same([...a], [...b], loose);
  const [keysA, keysB] = [Object.keys(a), Object.keys(b)];
  return keysA.length === keysB.length && keysA.every((key) => Object.hasOwn(b, key) && same(a[key], b[key], loose));
}

class Test {
  #name;
  #number = 0;

  constructor(name) {
    this.#name = name;
    const aliases = {
      ok: ['true', 'assert'], notOk: ['false', 'notok'], equal: ['equals', 'is', 'strictEqual', 'strictEquals', 'isEqual'],
      notEqual: ['not', 'isNot', 'notEquals', 'notStrictEqual', 'isNotEqual', 'isInequal'],
      deepEqual: ['same', 'deepEquals', 'isEquivalent'], notDeepEqual: ['notSame', 'notDeepEquals', 'notEquivalent', 'isNotDeepEqual'],
      ifError: ['error', 'ifErr', 'iferror'], looseEqual: ['looseEquals'],
    };
    for (const [own, others] of Object.entries(aliases)) for (const other of others) this[other] = this[own];
  }

  #line(holds, message) {
    const line = `${this.#name} #${++this.#number} ${holds ? 'ok' : 'not ok'} ${message}`;
    lines.push(line.replace(/\w{3} \w{3} \d\d \d{4} [\d:]{8}/g, 'now').slice(0, 200));
  }

  plan() {}
  end() {}
  comment() {}
  teardown() {}
  pass(message) { this.#line(true, message); }
  fail(message) { this.#line(false, message); }
  skip(message) { this.#line(true, `skipped ${message}`); }
  ok(value, message) { this.#line(Boolean(value), message); }
  notOk(value, message) { this.#line(!value, message); }
  equal(a, b, message) { this.#line(Object.is(a, b), message); }
  notEqual(a, b, message) { this.#line(!Object.is(a, b), message); }
  looseEqual(a, b, message) { this.#line(a == b, message); }
  deepEqual(a, b, message) { this.#line(same(a, b, false), message); }
  notDeepEqual(a, b, message) { this.#line(!same(a, b, false), message); }
  deepLooseEqual(a, b, message) { this.#line(same(a, b, true), message); }
  ifError(value, message) { this.#line(!value, message); }
  match(text, pattern, message) { this.#line(pattern.test(text), message); }
  doesNotMatch(text, pattern, message) { this.#line(!pattern.test(text), message); }
  throws(f, expected, message) {
    try {
      f();
      this.#line(false, message);
    } catch (error) {
      const fits = typeof expected === 'function' ? error instanceof expected : expected instanceof RegExp ? expected.test(String(error)) : true;
      this.#line(fits, `${message} ${error && error.name}: ${error && error.message}`);
    }
  }
  doesNotThrow(f, message) {
    try {
      f();
      this.#line(true, message);
    } catch (error) {
      this.#line(false, `${message} ${error && error.name}: ${error && error.message}`);
    }
  }
  test(...args) { run(`${this.#name} / `, ...args); }
}

function run(prefix, ...args) {
  const name = args.find((arg) => typeof arg === 'string') ?? 'anonymous';
  const options = args.find((arg) => typeof arg === 'object' && arg !== null) ?? {};
  const body = args.find((arg) => typeof arg === 'function');
  if (options.skip || !body) {
    lines.push(`${prefix}${name} skipped`);
    return;
  }
  try {
    const result = body(new Test(prefix + name));
    if (result && typeof result.then === 'function') waiting.push(result.then(undefined, (error) => lines.push(`${prefix}${name} rejected: ${error}`)));
  } catch (error) {
    lines.push(`${prefix}${name} threw ${error && error.name}: ${error && error.message}`);
  }
}

const tape = (...args) => run('', ...args);
tape.test = tape;
tape.skip = (name) => lines.push(`${name} skipped`);
tape.only = tape;
