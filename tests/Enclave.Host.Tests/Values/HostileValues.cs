namespace Enclave.Host.Tests;

/// <summary>
/// Makes expressions with the most hostile values that the language allows, the same ones for the same seed: values that change while they are read, that lie
/// about themselves, or that are not data.
/// </summary>
/// <remarks>
/// They use the declarations of <see cref="Tools"/>, and <c>n</c>, a counter that shows how often and in which order members are read. No value changes
/// what other values use, because one program reads many of them.
/// </remarks>
internal sealed class HostileValues(int seed)
{
    /// <summary>
    /// The functions that the expressions call. <c>call</c> and <c>say</c> are the program's
    /// own: a tool call and a console line in the middle of a value.
    /// </summary>
    public const string Tools =
        """
        // The place where an error was made is not part of its value.
        Error.stackTraceLimit = 0;
        const kinds = new WeakSet();
        const kind = (value) => { kinds.add(value); return value; };
        const on = (value, key, read, enumerable = true) =>
          Object.defineProperty(value, key, { get() { return read(value); }, enumerable, configurable: true });
        const put = (value, members) => {
          for (const key of Reflect.ownKeys(members)) Object.defineProperty(value, key, Object.getOwnPropertyDescriptor(members, key));
          return value;
        };
        // A proxy may change its target, so none is one that other values use.
        const like = (value) => Object.defineProperties({}, Object.getOwnPropertyDescriptors(value));
        const self = (value, key) => { value[key] = value; return value; };
        const deep = () => ({ get d() { return deep(); } });
        const stack = () => stack() + 1;
        const chain = (value, depth) => { for (let i = 0; i < depth; i++) value = new Proxy(value, {}); return value; };
        const nested = (depth) => { let value = 1; for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { value }; return value; };
        const revoked = (target) => { const { proxy, revoke } = Proxy.revocable(target, {}); revoke(); return proxy; };
        const detached = (value) => { value.buffer.transfer(); return value; };

        """;

    private const int Deepest = 4;

    private static readonly string[] s_primitives =
    [
        "undefined", "null", "true", "false", "0", "-0", "1", "-1", "127", "128", "255", "256", "65536", "-33", "-129", "4294967296", "9007199254740991",
        "9007199254740992", "-9007199254740993",
        "1.5", "1e308", "5e-324", "NaN", "Infinity", "-Infinity", "0n", "-1n", "255n", "-(2n ** 64n)", "2n ** 200n + 1n", "9007199254740993n", "''", "'a'",
        "'é€😀'", "'\\ud800'", "'\\udc00a\\ud83d\\ude00'",
        "'x'.repeat(31)", "'x'.repeat(32)", "'é'.repeat(200)", "'\\0\\n\"\\\\'", "'[Circular]'", "n++", "`t${n++}`",
    ];

    private static readonly string[] s_scalars =
    [
        "new Date(0)", "new Date(NaN)", "new Date(-1)", "new Date(1e12 + 5)", "new Date(8.64e15)", "new Date(-8.64e15)",
        "on(new Date(7), 'getTime', () => () => { throw 1 })", "put(new Date(5), { toJSON() { return n++ }, x: 1 })",
        "Object(5)", "Object(-0)", "Object('ab')", "Object(true)", "Object(2n ** 70n)", "put(Object(5), { valueOf: () => n++, x: 1 })",
        "put(Object('t'), { toString: () => n++, [Symbol.toPrimitive]: () => n++ })", "new (class extends String {})('sub')",
        "/a\\/b+/gi", "/\\ud800/u", "/[a--b]/v", "new RegExp('\\n/', 'dgimsy')", "put(/x/g, { toString() { return 'lie' } })", "on(/x/, 'flags', () => 'lie')",
        "new ArrayBuffer(3)", "new Uint8Array([1, 2, 255])", "new Uint8ClampedArray(2)", "new Int8Array([-1])", "new Uint8Array(new ArrayBuffer(8), 2, 3)",
        "new DataView(new ArrayBuffer(4), 1)", "put(new Uint8Array(2), { length: 9, x: 1 })",
        "detached(new Uint8Array(4))", "detached(new DataView(new ArrayBuffer(4)))", "new Uint8Array(300)", "new (class extends Uint8Array {})(2)",
    ];

    private static readonly string[] s_containers =
    [
        "new Float64Array([1.5, -0, NaN])", "new Int32Array([-5, 7])", "new BigInt64Array([-1n])", "new Float32Array(3).subarray(1)", "new Uint16Array(0)",
        "detached(new Float64Array(2))", "put(new Float64Array(1), { length: 3, x: 1 })",
        "new Error('m')", "new (class Own extends TypeError { x = 1 })('m')", "new AggregateError([1], 'm', { cause: 2 })",
        "on(new Error('m'), 'message', () => n++)", "on(new Error('m'), 'name', () => `N${n++}`)", "on(new Error('m'), 'message', () => { throw n })",
        "on(new Error('m', { cause: { get x() { return n++ } } }), 'stack', () => { throw 1 })", "put(new Error('m'), { code: 'C', name: Symbol('n') })",
        "new Error('')", "new Error('\\ud800')",
        "new Set()", "new Map()", "new Intl.Collator()", "new Intl.NumberFormat('de')", "[1, 2][Symbol.iterator]()", "new Map([[1, 2]]).entries()",
        "Iterator.from([1]).map((x) => x)",
        "like(Math)", "like(JSON)", "Object.create(null)", "Object.create({ inherited: 1 })", "Object.create(Date.prototype)", "Object.create(Map.prototype)",
        "(function () { return arguments })(1, 'a')", "{ __proto__: { a: 1 }, b: 2 }", "Object.freeze({ a: 1 })", "put({}, { a: 1, [Symbol('s')]: 2 })",
        "on({ a: 1 }, 'hidden', () => { throw 1 }, false)", "{ toJSON: 1, then: 2, valueOf: 3, length: 4 }",
        "{ 2: 'b', 1: 'a', z: 1, '-1': 2, 4294967296: 3 }", "JSON.parse('{\"__proto__\":{\"a\":1},\"constructor\":2,\"prototype\":3}')",
        "{ ['__proto__']: n++, '\\ud800': 1, '': 2, 'é': 3 }", "Object.fromEntries([['__proto__', 1]])", "Object.groupBy(['constructor', 'x'], (k) => k)",
        "self({ a: 1 }, 'me')", "self([1, 2], 0)", "self(new Map(), 'x')", "nested(15)", "{ toString: 1, hasOwnProperty: 2, ...'ab' }",
        "new Map([[1, 'a'], ['1', 'b']])", "new Map([[{ toString: () => `k${n++}` }, 1], [null, 2]])", "new Map([[{ toString: () => { throw 1 } }, 1]])",
    ];

    private static readonly string[] s_refused =
    [
        "Symbol('s')", "Object(Symbol('s'))", "() => 1", "class A {}", "Math.max", "function () {}.bind(null)", "kind(Promise.resolve(1))",
        "kind(new Promise(() => {}))", "kind((function* () { yield 1 })())", "kind((async function* () { yield 1 })())",
        "new WeakMap()", "new WeakSet()", "new Proxy(() => 1, {})", "new Proxy(class {}, {})", "callTool", "{ toJSON() { return 1 } }", "{ f() {} }",
        "new Map([[Symbol('s'), 1]])", "chain(() => 1, 5)",
    ];

    private static readonly string[] s_failing = ["deep()", "nested(120)", "{ get x() { return stack() } }", "revoked({})", "revoked([])",
        "{ get x() { throw { get message() { throw 1 } } } }", "new Proxy({}, { ownKeys() { return ['a', 'a'] } })"];

    // Events in the middle of a walk; o is the object that is being read.
    private static readonly string[] s_changes =
    [
        "o.push?.(5, 6)", "o.push?.({}, [])", "if (Array.isArray(o)) o.length += 3", "if (Array.isArray(o)) o.length = 0", "if (Array.isArray(o)) o.length = 1",
        "o.splice?.(0, 1)", "o.unshift?.('new')", "o.reverse?.()", "delete o[0]", "delete o.a", "delete o.b",
        "put(o, { a: 7 })", "on(o, 'b', () => n++)", "on(o, 1, () => ({ n: n++ }))", "put(o, { late: 1 })", "Object.freeze(o)",
        "Object.setPrototypeOf(o, null)", "n++", "n += 10", "throw new Error(`at ${n}`)", "throw n", "stack()",
        "call()", "say()", "JSON.stringify(n)", "new Array(1000).fill(n)", "o.clear?.()", "o.set?.('late', 1)", "o.add?.(n)",
    ];

    private static readonly string[] s_lengths =
        ["5", "1", "0", "-1", "NaN", "2.7", "'2'", "null", "undefined", "{ valueOf: () => 2 }", "{ valueOf() { throw 1 } }", "3n", "Symbol('s')", "Infinity"];

    private readonly Random _random = new(seed);

    /// <summary>The next expression.</summary>
    public string Next() => $"({Any(0)})";

    private string Any(int depth) => _random.Next(depth < Deepest ? 20 : 9) switch
    {
        < 5 => One(s_primitives),
        < 7 => One(s_scalars),
        < 9 => One(s_containers),
        9 => _random.Next(4) == 0 ? One(_random.Next(2) == 0 ? s_refused : s_failing) : One(s_primitives),
        < 12 => List(depth),
        < 14 => Members(depth),
        14 => $"put({List(depth)}, {{ x: {Any(depth + 1)} }})",
        15 => $"new Map([{Several(depth, (at) => $"['k{_random.Next(4)}', {at}]")}])",
        16 => $"new Set({List(depth)})",
        17 => Watched(depth),
        18 => Proxied(depth),
        _ => $"new (class extends {One(["Array", "Object", "Map", "Set"])} {{ own = {Any(depth + 1)}; get inherited() {{ n++; return 1 }} }})()",
    };

    private string List(int depth) => $"[{Several(depth, (at) => _random.Next(10) == 0 ? "" : at)}]";

    private string Members(int depth) =>
        $"{{ {Several(depth, (at) => $"{One(["a", "b", "c", "'d e'", "0", "7", "['constructor']", "['__proto__']", "'é'"])}: {at}")} }}";

    // A container that changes, or shows other members, while one of its members is read.
    private string Watched(int depth)
    {
        string container = _random.Next(6) switch
        {
            < 3 => $"[{Several(depth, (at) => at)}, 1, 2]",
            3 => $"new Map([['a', {Any(depth + 1)}]])",
            _ => $"{{ a: {Any(depth + 1)}, b: {Any(depth + 1)} }}",
        };
        string key = One(["0", "1", "2", "'a'", "'b'", "'late'"]);
        return $"on({container}, {key}, (o) => {{ {Change()}; return {Any(depth + 1)} }})";
    }

    private string Proxied(int depth)
    {
        string target = _random.Next(5) switch
        {
            0 => One(s_scalars),
            1 => One(s_containers),
            2 => Watched(depth + 1),
            3 => List(depth + 1),
            _ => Members(depth + 1),
        };
        List<string> traps = [];
        if (_random.Next(2) == 0) traps.Add($"get(o, k, r) {{ {Change()}; return {(_random.Next(3) == 0 ? Any(depth + 1) : "Reflect.get(o, k)")} }}");
        else if (_random.Next(3) == 0) traps.Add($"get(o, k) {{ return k === 'length' ? {One(s_lengths)} : n++ }}");
        if (_random.Next(4) == 0)
            traps.Add($"ownKeys(o) {{ {Change()}; return {One(["Reflect.ownKeys(o)", "['a', 'b', 'length']", "[]", "['made']", "[Symbol.iterator, 'a']"])} }}");
        if (_random.Next(4) == 0) traps.Add($"getOwnPropertyDescriptor(o, k) {{ {Change()}; " +
            $"return {One(["Reflect.getOwnPropertyDescriptor(o, k)", "{ value: 1, enumerable: true, configurable: true }", "undefined"])} }}");
        if (_random.Next(6) == 0) traps.Add("getPrototypeOf() { throw 1 }, has() { throw 2 }, isExtensible() { throw 3 }");
        string proxy = $"new Proxy({target}, {{ {string.Join(", ", traps)} }})";
        return _random.Next(8) == 0 ? $"chain({proxy}, {_random.Next(20)})" : proxy;
    }

    private string Change() => _random.Next(3) == 0 ? "n++" : One(s_changes);

    private string Several(int depth, Func<string, string> form) => string.Join(", ", Enumerable.Range(0, _random.Next(4)).Select((_) => form(Any(depth + 1))));

    private string One(string[] of) => of[_random.Next(of.Length)];
}
