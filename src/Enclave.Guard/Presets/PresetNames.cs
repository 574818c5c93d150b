using System.Collections.Frozen;
using Enclave.Guard.Options;

namespace Enclave.Guard.Presets;

/// <summary>The lists of names that presets are made of.</summary>
internal static class PresetNames
{
    /// <summary>Members that no data has and that lead to the engine.</summary>
    public static FrozenSet<string> EngineMembers { get; } = Set(
        "constructor", "__proto__", "prototype", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
        "prepareStackTrace", "captureStackTrace");

    /// <summary>The same, and those that the documented presets refuse besides. In strict code they lead nowhere, and data has them.</summary>
    public static FrozenSet<string> DocumentedMembers { get; } = Set([.. EngineMembers, "caller", "callee"]);

    /// <summary>Members that an assembled key may not name, nor a pattern.</summary>
    public static FrozenSet<string> PrototypeMembers { get; } = Set(
        "constructor", "__proto__", "prototype", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__");

    /// <summary>Functions of Object that read or change what objects are made of.</summary>
    public static FrozenSet<string> Reflection { get; } = Set(
        "getOwnPropertyDescriptor", "getOwnPropertyDescriptors", "getPrototypeOf", "setPrototypeOf", "defineProperty", "defineProperties", "create");

    /// <summary>Those of them that change prototypes, or give them away.</summary>
    public static FrozenSet<string> PrototypeSurgery { get; } = Set("getPrototypeOf", "setPrototypeOf");

    /// <summary>What makes code of text.</summary>
    public static ImmutableArray<string> Code { get; } = ["eval", "Function", "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction"];

    /// <summary>Names of the global object.</summary>
    public static ImmutableArray<string> GlobalObject { get; } = ["window", "globalThis", "global", "self"];

    /// <summary>What hosts of other products have.</summary>
    public static ImmutableArray<string> Host { get; } =
    [
        "process", "require", "module", "exports", "__dirname", "__filename", "Buffer", "fetch", "XMLHttpRequest", "WebSocket", "localStorage",
        "sessionStorage", "indexedDB", "crypto",
        "performance", "structuredClone", "AbortController", "AbortSignal", "MessageChannel", "MessagePort", "BroadcastChannel", "TextEncoder",
        "TextDecoder", "Intl",
        "setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "clearImmediate", "queueMicrotask", "Worker", "SharedWorker",
        "ServiceWorker", "importScripts",
    ];

    /// <summary>What the engine has and scripts of models do without.</summary>
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

    /// <summary>What a script may name at every level.</summary>
    public static ImmutableArray<string> EveryLevel { get; } =
        ["callTool", "parallel", "console", "Math", "JSON", "Array", "Object", "String", "Number", "Date", "undefined", "NaN", "Infinity"];

    /// <summary>What SECURE adds.</summary>
    public static ImmutableArray<string> FromSecure { get; } =
        ["parseInt", "parseFloat", "isNaN", "isFinite", "encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI", "structuredClone", "atob", "btoa"];

    /// <summary>What STANDARD adds.</summary>
    public static ImmutableArray<string> FromStandard { get; } =
    [
        "Boolean", "BigInt", "Map", "Set", "Promise", "RegExp", .. Errors, "WeakMap", "WeakSet", "Intl", "URL", "URLSearchParams", "TextEncoder", "TextDecoder",
        "ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float16Array",
        "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array",
    ];

    /// <summary>What PERMISSIVE adds; other names are told of there, not refused.</summary>
    public static ImmutableArray<string> FromPermissive { get; } =
        ["Symbol", "Proxy", "Reflect", "WeakRef", "FinalizationRegistry", "Iterator", "arguments", "globalThis", "Temporal"];

    /// <summary>What the engine has at every level and only JavaScript may name. <c>eval</c> and <c>Function</c> are there, and make no code.</summary>
    public static ImmutableArray<string> JavaScriptOnly { get; } =
        ["eval", "Function", "SuppressedError", "DisposableStack", "AsyncDisposableStack", "escape", "unescape"];

    /// <summary>The functions that answer for the host.</summary>
    public static FrozenSet<string> CallTargets { get; } = Set("callTool", "parallel");

    /// <summary>Beginnings of the names that the transform gives.</summary>
    public static ImmutableArray<string> ReservedPrefixes { get; } = ["__ag_", "__safe_"];

    /// <summary>What a script may name at a level.</summary>
    public static ImmutableArray<string> Allowed(GuardLevel level) => level switch
    {
        GuardLevel.Strict => EveryLevel,
        GuardLevel.Secure => [.. EveryLevel, .. FromSecure],
        GuardLevel.Standard => [.. EveryLevel, .. FromSecure, .. FromStandard],
        _ => [.. EveryLevel, .. FromSecure, .. FromStandard, .. FromPermissive],
    };

    /// <summary>What a script may name under a preset at a level. In JavaScript that is all that the engine has at that level.</summary>
    public static ImmutableArray<string> Allowed(GuardPreset preset, GuardLevel level) => (preset, level) switch
    {
        (GuardPreset.JavaScript, >= GuardLevel.Standard) => [.. Allowed(GuardLevel.Permissive), .. JavaScriptOnly, "WeakRef", "FinalizationRegistry", "Atomics"],
        (GuardPreset.JavaScript, _) => [.. Allowed(GuardLevel.Permissive).Except(["WeakRef", "FinalizationRegistry"]), .. JavaScriptOnly],
        _ => Allowed(level),
    };

    private static FrozenSet<string> Set(params ReadOnlySpan<string> names) => FrozenSet.Create(StringComparer.Ordinal, names);
}
