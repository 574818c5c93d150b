namespace Enclave.Worker.Tests;

/// <summary>Programs that leave as much state behind as they can, each of its own kind.</summary>
internal static class StatefulPrograms
{
    /// <summary>Programs that end by themselves.</summary>
    public static IReadOnlyList<string> Ending { get; } =
    [
        "return 1",
        "globalThis.leak = 1; Array.prototype.leak = 1; JSON.leak = 1; Object.prototype.leak = 1; Symbol.for('leak'); return Object.keys(globalThis)",
        "Array.prototype.map = () => 'mine'; Promise.prototype.then = undefined; Object.prototype.toString = () => 'mine'; return 1",
        "Object.defineProperty(Object.prototype, 'x', { get() { return this; }, configurable: true }); Object.setPrototypeOf(Math, null); " +
        "delete globalThis.JSON; return typeof JSON",
        "Object.freeze(Array.prototype); Object.freeze(Object.prototype); Object.seal(globalThis); return Object.isFrozen([].__proto__)",
        "for (const name of Object.getOwnPropertyNames(globalThis)) { try { globalThis[name] = 0; } catch {} } return 1",
        "return [typeof leak, [].leak, JSON.leak, ({}).leak, ({}).x, RegExp.$1, Symbol.keyFor(Symbol.for('leak')), typeof JSON.parse, " +
        "Object.isFrozen([].__proto__)].map(String)",
        "const keep = []; for (let i = 0; i < 200000; i++) keep.push({ i, s: 'x' + i }); return keep.length",
        "let o = {}; for (let i = 0; i < 3e5; i++) { o = { o: i % 100 ? o : null, a: [i] }; } return o.a[0]",
        "const w = []; for (let i = 0; i < 5e4; i++) w.push(new WeakRef({ i })); const m = new WeakMap(); for (let i = 0; i < 1e4; i++) m.set({}, i); " +
        "return w.length",
        "function f(a, b) { return a.x * b + a.x; } let s = 0; for (let i = 0; i < 3e5; i++) s += f({ x: i & 7 }, 2); f({ y: 1, x: 'a' }, 'b'); return s",
        "class A { #n = 1; get n() { return this.#n++; } } const a = new A(); let s = 0; for (let i = 0; i < 1e5; i++) s += a.n; return s",
        "const t = (strings) => strings; const f = () => t`a${1}b`; return [f() === f(), f().raw.length]",
        "return [new Intl.NumberFormat('de').format(1234.5), new Intl.DateTimeFormat('ja', { dateStyle: 'full', timeZone: 'UTC' }).format(0), ['z', " +
        "'ä'].sort(new Intl.Collator('sv').compare)]",
        "return [...new Intl.Segmenter('th', { granularity: 'word' }).segment('สวัสดีชาวโลก')].length + new Intl.PluralRules('ar').select(3)",
        "return ['İ'.toLocaleLowerCase('tr'), 'ß'.toLocaleUpperCase(), '\\ufdfa'.normalize('NFKD').length, new Date(0).toLocaleString('en', { timeZone: " +
        "'Asia/Tokyo' })]",
        "const a = []; for (let i = 0; i < 20; i++) a.push(new Uint8Array(1 << 20).fill(i)); return a.map((x) => x[5])",
        "const b = new ArrayBuffer(8, { maxByteLength: 1 << 20 }); b.resize(1 << 20); new Uint8Array(b).fill(7); const c = structuredClone === undefined ? 0 " +
        ": 1; return [b.byteLength, c]",
        "let n = 0; try { const keep = []; for (;;) { keep.push(new ArrayBuffer(1 << 20)); n++; } } catch (e) { return [n, e.name] }",
        "let d = 0; const f = () => { d++; f(); }; try { f(); } catch (e) { return e.name }",
        "const f = (n) => n === 0 ? 0 : 1 + f(n - 1); return f(5000)",
        "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; try { JSON.stringify(a); } catch (e) { return e.name }",
        "throw new RangeError('far')",
        "null.x",
        "throw { toString() { throw 1; }, get name() { globalThis.name = 1; return 'N'; }, get message() { return 'x'.repeat(20000); } }",
        "const a = ;",
        "}); (function () { return 1",
        "new Promise((_, no) => no(new Error('lost'))); Promise.reject(1); return 1",
        "let n = 0; const f = async () => { while (n < 20000) { n++; await null; } }; await Promise.all([f(), f(), f()]); return n",
        "Promise.resolve().then(function f() { globalThis.late = (globalThis.late ?? 0) + 1; if (late < 1000) Promise.resolve().then(f); }); return 1",
        "await new Promise(() => {})",
        "function* g() { try { for (let i = 0; ; i++) yield i; } finally { globalThis.closed = 1; } } const i = g(); i.next(); i.next(); " +
        "for (const x of g()) if (x > 9) break; return [i.next().value, closed]",
        "async function* g() { for (let i = 0; i < 50; i++) yield i; } let s = 0; for await (const x of g()) s += x; return s",
        "return [/(a+)+$/.test('a'.repeat(25) + 'b'), 'x1y22z'.replace(/\\d+/g, (d) => d * 2), [...'aXbX'.matchAll(/(?<n>\\w)X/g)].map((m) => m.groups.n), " +
        "/\\p{L}+/u.exec('žlutý')[0]]",
        "const r = /x/y; r.lastIndex = 3; 'abcx'.match(r); return [r.lastIndex, 'A-B'.split(/-/), RegExp.lastMatch]",
        "outer: for (let i = 0; i < 100; i++) { inner: for (let j = 0; j < 100; j++) { if (j === 50) continue outer; if (i === 50) break outer; } } return 1",
        "return { get a() { globalThis.a = 1; Array.prototype.push = null; return new Proxy([1, 2, { get b() { return 3; } }], {}); } }",
        "return { get a() { throw new Error('in a getter'); } }",
        "return new Proxy({ a: 1, b: [2] }, { ownKeys: (t) => Reflect.ownKeys(t).reverse(), get: (t, k) => t[k] })",
        "return { get a() { const x = []; for (let i = 0; i < 1e5; i++) x.push([i]); return x.length; }, toJSON() { return 1; } }",
        "const o = {}; o.self = o; return [o, new Map([[o, new Set([o])]])]",
        "return 'x'.repeat(900000)",
        "return Array.from({ length: 20000 }, (_, i) => ({ id: i, name: 'n' + i }))",
        "return 2n ** 20000n % 1000007n",
        "const s = new Set(); for (let i = 0; i < 1e5; i++) s.add('k' + (i * 7919 % 100003)); return [s.size, [...s][777]]",
        "let s = ''; for (let i = 0; i < 1e5; i++) s += String.fromCharCode(97 + i % 26); return s.length + s.slice(500, 520) + s.indexOf('zab')",
        "const a = Array.from({ length: 5e4 }, (_, i) => (i * 7919) % 50021); a.sort((x, y) => x - y); return [a[0], a[49999]]",
        "return [Math.random(), Math.random(), Date.now(), new Date().toISOString()]",
        "console.log('a', { b: [1] }); console.error(new Map([[1, 2]])); console.log('x'.repeat(30000)); console.table?.([1]); return 1",
        "for (let i = 0; i < 500; i++) console.log('line', i)",
        "const r = await parallel([1, 2, 3, 4, 5], async (x) => (await callTool('t', { x })) ?? x); return r",
        "const c = []; for (let i = 0; i < 50; i++) c.push(callTool('t', { i })); return (await Promise.all(c)).length",
        "callTool('t', { get a() { console.log('in'); callTool('u', {}); return 1; } }); return 1",
        "try { await callTool('t', 5) } catch (e) { return [e.name, e.message] }",
        "return [new Date(2020, 1, 1).getTime(), new Date('2020-06-01').toString(), Intl.DateTimeFormat().resolvedOptions().timeZone]",
        "Error.stackTraceLimit = 100; Error.prepareStackTrace = (e, s) => s.length; return String(new Error('x').stack)",
        "return [typeof Error.prepareStackTrace, Error.stackTraceLimit, new Error('x').stack]",
        "const f = new Float64Array(1000).map((_, i) => Math.sin(i) * Math.exp(i / 100)); return [f[10], Math.hypot(...f.slice(0, 5))]",
        "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); try { proxy.x } catch (e) { return e.message }",
        "const it = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }), return() { globalThis.r = 1; return {}; } }) }; const [a, " +
        "b] = it; return [a, b, r]",
        "Object.defineProperty(Array.prototype, Symbol.iterator, { value: function* () { yield 'mine'; } }); return [...[1, 2, 3]]",
        "Array.prototype[Symbol.species] = null; Array[Symbol.species] = undefined; String.prototype.length2 = 1; Number.prototype.valueOf = () => 1; " +
        "return [1].concat([2])",
    ];

    /// <summary>Programs that only a cancel ends.</summary>
    public static IReadOnlyList<string> Endless { get; } =
    [
        "for (;;);",
        "for (;;) { try { for (;;); } catch {} finally { continue; } }",
        "const keep = []; for (let i = 0; ; i = (i + 1) % 100000) keep[i] = { i, s: 'x' + i };",
        "return { get a() { for (;;); } }",
        "return [1, { get a() { const x = []; for (let i = 0; ; i = (i + 1) % 1000) x[i] = [i]; } }]",
        "throw { get message() { for (;;); } }",
        "const f = () => Promise.resolve().then(f); await f();",
        "for (;;) JSON.parse(JSON.stringify({ a: [1, 2, 3, 'x'.repeat(100)] }));",
        "for (;;) 'aaaaaaaaaaaaaaaaaaaa'.replace(/(a|b)*?c|a/g, (x) => x + x);",
        "for (;;) [5, 3, 9, 1].sort(() => { for (;;); });",
        "const p = new Proxy({}, { get: (t, k, r) => { for (;;); } }); return p",
        "for (let i = 0; ; i++) console.log('line', i);",
        "for (;;) new Intl.NumberFormat('de').format(1.5);",
        "const f = () => { try { f(); } finally { f(); } }; f();",
        "function* g() { for (;;) yield 1; } for (const x of g());",
        "for (;;) await callTool('t', { a: [1] });",
        "await callTool('never', {}); return 1",
        "const keep = []; for (;;) { keep.push(new ArrayBuffer(1 << 16)); if (keep.length > 100) keep.length = 0; }",
        "callTool('t', { get a() { for (;;); } })",
        "console.log({ get a() { return 1; }, toString() { for (;;); } }, new Proxy({}, { ownKeys() { for (;;); } })); for (;;);",
    ];
}
