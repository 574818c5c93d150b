using System.Collections.Frozen;

namespace Enclave.Guard.Unicode;

/// <summary>ASCII names that a script may not use at some level, or that have a meaning in scripts: the names worth imitating.</summary>
internal static class GuardedNames
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_names = new[]
    {
        "process", "require", "module", "exports", "__dirname", "__filename", "Buffer", "eval", "Function", "AsyncFunction", "GeneratorFunction",
        "arguments", "RegExp", "Promise", "Symbol", "constructor", "__proto__", "prototype", "Proxy", "Reflect", "Error", "AggregateError",
        "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "fetch", "XMLHttpRequest", "WebSocket", "localStorage",
        "sessionStorage", "indexedDB", "crypto", "performance", "structuredClone", "AbortController", "AbortSignal", "MessageChannel", "MessagePort",
        "BroadcastChannel", "TextEncoder", "TextDecoder", "Intl", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate",
        "clearImmediate", "queueMicrotask", "WebAssembly", "Worker", "SharedWorker", "ServiceWorker", "WeakMap", "WeakSet", "WeakRef",
        "FinalizationRegistry", "Map", "Set", "Atomics", "SharedArrayBuffer", "importScripts", "ShadowRealm", "Iterator", "AsyncIterator", "window",
        "self", "global", "globalThis", "this", "import", "caller", "callee", "callTool", "parallel", "console", "Math", "JSON", "Array", "Object",
        "String", "Number", "Boolean", "BigInt", "Date", "undefined", "NaN", "Infinity", "parseInt", "parseFloat", "isNaN", "isFinite", "decodeURI",
        "decodeURIComponent", "encodeURI", "encodeURIComponent", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
    }.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True if a name is in the list.</summary>
    public static bool Contains(ReadOnlySpan<char> name) => s_names.Contains(name);
}
