using System.Collections.Frozen;

namespace Enclave.Guard.Presets;

/// <summary>The lists of names that presets and levels combine. <see cref="GuardLevelTable"/> has the globals of each level.</summary>
internal static class PresetNames
{
    /// <summary>Members that lead to the engine and that data never has.</summary>
    public static FrozenSet<string> EngineMembers { get; } = Set(
        "constructor", "__proto__", "prototype", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
        "prepareStackTrace", "captureStackTrace");

    /// <summary>These members, and two more that the documented presets refuse. In strict code the two are harmless, and data has them.</summary>
    public static FrozenSet<string> DocumentedMembers { get; } = Set([.. EngineMembers, "caller", "callee"]);

    /// <summary>Members that neither an assembled key nor a pattern may name.</summary>
    public static FrozenSet<string> PrototypeMembers { get; } = Set(
        "constructor", "__proto__", "prototype", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__");

    /// <summary>Functions of Object that read or change prototypes and property descriptors.</summary>
    public static FrozenSet<string> Reflection { get; } = Set(
        "getOwnPropertyDescriptor", "getOwnPropertyDescriptors", "getPrototypeOf", "setPrototypeOf", "defineProperty", "defineProperties", "create");

    /// <summary>Functions that change prototypes or return them.</summary>
    public static FrozenSet<string> PrototypeSurgery { get; } = Set("getPrototypeOf", "setPrototypeOf");

    /// <summary>Functions that turn text into code.</summary>
    public static ImmutableArray<string> Code { get; } = ["eval", "Function", "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction"];

    /// <summary>Names of the global object.</summary>
    public static ImmutableArray<string> GlobalObject { get; } = ["window", "globalThis", "global", "self"];

    /// <summary>Globals of other hosts.</summary>
    public static ImmutableArray<string> Host { get; } =
    [
        "process", "require", "module", "exports", "__dirname", "__filename", "Buffer", "fetch", "XMLHttpRequest", "WebSocket", "localStorage",
        "sessionStorage", "indexedDB", "crypto",
        "performance", "structuredClone", "AbortController", "AbortSignal", "MessageChannel", "MessagePort", "BroadcastChannel", "TextEncoder",
        "TextDecoder", "Intl",
        "setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate", "queueMicrotask", "Worker", "SharedWorker",
        "ServiceWorker", "importScripts",
    ];

    /// <summary>Globals of the engine that models' scripts do not need.</summary>
    public static ImmutableArray<string> Engine { get; } =
    [
        "arguments", "RegExp", "Promise", "Symbol", "constructor", "__proto__", "prototype", "Proxy", "Reflect", "WebAssembly", "WeakMap", "WeakSet",
        "WeakRef", "FinalizationRegistry",
        "Map", "Set", "Atomics", "SharedArrayBuffer", "ShadowRealm", "Iterator", "AsyncIterator",
    ];

    /// <summary>The errors.</summary>
    public static ImmutableArray<string> Errors { get; } =
        ["Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError"];

    /// <summary>Further globals that the strict preset refuses.</summary>
    public static ImmutableArray<string> RefusedByStrictPreset { get; } =
    [
        "Object", "Array", "String", "Number", "Boolean", "JSON", "Date", "Temporal", "BigInt", "ArrayBuffer", "DataView", "Int8Array", "Uint8Array",
        "Uint8ClampedArray", "Int16Array",
        "Uint16Array", "Int32Array", "Uint32Array", "Float16Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", "caller", "callee",
        "document", "SuppressedError",
        "DisposableStack", "AsyncDisposableStack", "Deno", "Bun",
    ];

    /// <summary>Globals that a script may name at every level.</summary>
    public static ImmutableArray<string> EveryLevel { get; } =
        ["callTool", "parallel", "console", "Math", "JSON", "Array", "Object", "String", "Number", "Date", "undefined", "NaN", "Infinity"];

    /// <summary>Globals that SECURE adds.</summary>
    public static ImmutableArray<string> FromSecure { get; } =
        ["parseInt", "parseFloat", "isNaN", "isFinite", "encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI", "structuredClone",
            "atob", "btoa"];

    /// <summary>Globals of the web platform without a capability: they wait, count, abort and hold data.</summary>
    public static ImmutableArray<string> Web { get; } =
    [
        "setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate", "queueMicrotask", "performance", "crypto",
        "AbortController", "AbortSignal", "Event", "CustomEvent", "EventTarget", "DOMException", "Blob", "File", "Headers", "FormData",
    ];

    /// <summary>Globals that STANDARD adds.</summary>
    public static ImmutableArray<string> FromStandard { get; } =
    [
        "Boolean", "BigInt", "Map", "Set", "Promise", "RegExp", .. Errors, "WeakMap", "WeakSet", "Intl", "URL", "URLSearchParams", "TextEncoder", "TextDecoder",
        "ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float16Array",
        "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array", .. Web,
    ];

    /// <summary>Globals that PERMISSIVE adds. Other names get a warning there, not an error.</summary>
    public static ImmutableArray<string> FromPermissive { get; } =
        ["Symbol", "Proxy", "Reflect", "WeakRef", "FinalizationRegistry", "Iterator", "arguments", "globalThis", "Temporal"];

    /// <summary>
    /// Globals that exist at every level but only the javascript preset may name. <c>eval</c> and <c>Function</c> exist but cannot create code.
    /// </summary>
    public static ImmutableArray<string> JavaScriptOnly { get; } =
        ["eval", "Function", "SuppressedError", "DisposableStack", "AsyncDisposableStack", "escape", "unescape", "reportError", "CryptoKey"];

    /// <summary>The functions that call the host.</summary>
    public static FrozenSet<string> CallTargets { get; } = Set("callTool", "parallel");

    /// <summary>Prefixes of the names that the transform creates.</summary>
    public static ImmutableArray<string> ReservedPrefixes { get; } = ["__ag_", "__safe_"];

    private static FrozenSet<string> Set(params ReadOnlySpan<string> names) => FrozenSet.Create(StringComparer.Ordinal, names);
}
