namespace Enclave.Models;

/// <summary>A feature of the language that not every host allows.</summary>
/// <param name="Name">Its name in lists.</param>
/// <param name="Probe">A program with only this feature. The guard's verdict decides if it is allowed.</param>
/// <param name="Instead">The replacement if it is refused; null if another feature of the list names it.</param>
internal sealed record LanguageFeature(string Name, string Probe, string? Instead)
{
    public static IReadOnlyList<LanguageFeature> All { get; } =
    [
        new("const, let, destructuring, spread, templates, ?. and ??", "const { a, ...b } = { a: 1 }; let c = [...[a]]; return `${c?.[0] ?? b}`", null),
        new("if, switch, try", "if (1) { switch (1) { default: } } try { throw { message: '' } } catch (e) { return e.message }", null),
        new("arrow functions", "const f = (x) => x + 1; return f(1)", "statements in a row, since there are no functions"),
        new("async arrow functions", "const f = async (x) => x; return await f(1)", "await at the top level, each tool in its place"),
        new("for", "for (let i = 0; i < 3; i++) console.log(i)", "map, filter and reduce"),
        new("for-of", "for (const x of [1]) console.log(x)", "map, filter and reduce"),
        new("while", "let i = 0; while (i < 3) i++", "for (let i = 0; i < 100 && more; i++)"),
        new("do-while", "let i = 0; do { i++ } while (i < 3)", null),
        new("for-in", "for (const k in { a: 1 }) console.log(k)", "for (const key of Object.keys(data))"),
        new("the function keyword", "function f() { return 1 } return f()", "const f = (x) => x + 1"),
        new("methods in objects", "return { f() { return 1 } }.f()", "{ f: (x) => x + 1 }"),
        new("getters and setters", "return { get x() { return 1 } }.x", "a value, or an arrow function"),
        new("classes with methods", "class A { f() { return 1 } } return new A().f()", "arrow functions and plain objects"),
        new("types and enums of TypeScript", "enum A { X, Y = 'y' } const a: A = A.X; return [a, A[0]]", null),
        new("decorators and namespaces with values", "namespace N { export const a = 1 } return 1", "calls and objects"),
        new("regular expressions", "return /^a+$/.test('a')", "includes, indexOf, startsWith and split with plain text"),
        new("Promise.all", "return await Promise.all([Promise.resolve(1)])", "await parallel([…], (item) => …)"),
        new("Map and Set", "return new Map([[1, new Set([2])]]).size", "plain objects and arrays"),
        new("throw new Error", "throw new Error('x')", "throw { message: '…' }"),
        new("JSON.parse and JSON.stringify with a callback", "return JSON.stringify({ a: 1 }, (key, value) => value)", "map before"),
        new("tool names made at run time", "const n = 'a' + 1; return callTool(n, {})", "each name as a literal in the call"),
        new("constructor and prototype", "return [].constructor", "typeof and Array.isArray"),
    ];

    /// <summary>Globals of the engine that a host may allow.</summary>
    public static IReadOnlyList<string> Globals { get; } =
    [
        "Math", "JSON", "Date", "Object", "Array", "String", "Number", "Boolean", "BigInt", "Map", "Set", "Promise", "RegExp", "Error", "TypeError",
        "RangeError",
        "parseInt", "parseFloat", "isNaN", "isFinite", "encodeURIComponent", "decodeURIComponent", "structuredClone", "atob", "btoa", "URL", "URLSearchParams",
        "TextEncoder", "TextDecoder", "Symbol", "Proxy", "Reflect", "WeakMap", "WeakSet", "Intl", "Temporal",
        "ArrayBuffer", "DataView", "Uint8Array", "Float64Array", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "queueMicrotask", "performance",
        "crypto", "AbortController", "AbortSignal", "EventTarget", "Event", "DOMException", "Blob", "Headers", "FormData",
    ];
}
