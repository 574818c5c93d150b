using System.Collections.Frozen;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary>Hints for names that a script cannot use.</summary>
internal static class NameHints
{
    /// <summary>Types of TypeScript that no value is named by.</summary>
    internal static FrozenSet<string> Types { get; } = FrozenSet.Create(
        StringComparer.Ordinal, "number", "string", "boolean", "bigint", "any", "unknown", "never", "object", "Record", "Partial", "Required", "Readonly",
        "Pick", "Omit");

    // A row applies if the script may use every name that its hint needs. If several rows apply, the first one counts.
    private static readonly (string Hint, string[] Needs, string[] Names)[] s_rows =
    [
        ("Write the code itself; text cannot be run.", [],
            ["eval", "Function", "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction", "WebAssembly", "importScripts", "ShadowRealm"]),
        ("Use await fetch(url).", ["fetch"],
            ["XMLHttpRequest", "axios", "got", "http", "https", "superagent", "request", "$http", "nodeFetch", "urllib", "httpx", "aiohttp", "curl"]),
        ("There is no network: ask a tool for it, await callTool('name', { … }).", [],
            ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Request", "Response", "Headers", "FormData", "axios", "got", "http", "https",
                "superagent"]),
        ("There are no files: ask a tool for them, await callTool('name', { … }).", [],
            ["fs", "path", "os", "__dirname", "__filename", "Deno", "Bun", "Blob", "File", "FileReader"]),
        ("There are no modules: leave it out, and end the script with return value.", [], ["module", "exports", "define"]),
        ("There is no process and no environment: read the globals that the host gives, or ask a tool, await callTool('name', { … }).", [], ["process", "env"]),
        ("There is no page: ask a tool for it, await callTool('name', { … }).", [],
            ["document", "DOMParser", "navigator", "location", "history", "localStorage", "sessionStorage", "indexedDB"]),
        ("Use crypto.randomUUID().", ["crypto"], ["uuid", "uuidv4", "uuidv7", "nanoid", "randomUUID", "v4"]),
        ("Check values with typeof, Array.isArray and comparisons.", [], ["z", "zod", "Joi", "Ajv"]),
        ("There is no crypto: ask a tool for secrets, ids and hashes, await callTool('name', { … }); Math.random() serves for ids within one script.", [],
            ["crypto"]),
        ("Use await new Promise((done) => setTimeout(done, 1000)).", ["setTimeout", "Promise"], ["requestAnimationFrame", "sleep", "delay"]),
        ("There are no timers: leave the wait out, or await the tool that takes the time, await callTool('name', { … }).", [],
            ["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate", "requestAnimationFrame", "sleep", "delay"]),
        ("Call the function itself.", [], ["queueMicrotask"]),
        ("There is nothing to abort: a tool ends by its own limit of time.", [], ["AbortController", "AbortSignal"]),
        ("A script is one thread: call tools at once with parallel([…], (item) => …).", [],
            ["Worker", "SharedWorker", "ServiceWorker", "MessageChannel", "MessagePort", "BroadcastChannel", "SharedArrayBuffer", "Atomics"]),
        ("Return the question as the script's value; there is nobody to answer it meanwhile.", [], ["prompt", "confirm", "input", "readline"]),
        ("Use the name directly; there is no global object.", [], ["window", "global", "globalThis", "self", "top"]),
        ("Use console.log.", [], ["print", "alert", "puts", "printf", "echo"]),
        ("Use btoa and atob for base64, and TextEncoder and TextDecoder for bytes.", ["btoa", "TextEncoder"], ["Buffer"]),
        ("Use plain strings and arrays.", [], ["Buffer"]),
        ("Use encodeURIComponent and decodeURIComponent, and split for the parts.", ["encodeURIComponent"], ["URL", "URLSearchParams"]),
        ("Use split('?') and split('&') for the parts.", [], ["URL", "URLSearchParams"]),
        ("Use plain strings and arrays.", [], [
            "TextEncoder", "TextDecoder", "ArrayBuffer", "DataView", "Uint8Array", "Float64Array", "Int32Array", "Float32Array", "Uint32Array"]),
        ("Ask a tool for the decoded text: await callTool('name', { … }).", [], ["atob", "btoa"]),
        ("Use a plain object or an array.", [], ["Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Symbol", "Proxy"]),
        ("Read the data fields by their names; what values are made of is out of reach.", [], ["constructor", "__proto__", "prototype"]),
        ("Await each call, or use parallel([…], (item) => …).", [], ["Promise"]),
        ("Use Object.keys, values, entries and fromEntries.", [], ["Reflect"]),
        ("Take the rest of the arguments as an array: (...args) => ….", [], ["arguments"]),
        ("Use Date.now().", [], ["performance"]),
        ("Use JSON.parse(JSON.stringify(value)), or spread the object.", [], ["structuredClone"]),
        ("Use includes, startsWith, endsWith, indexOf or split with plain text.", [], ["RegExp"]),
        ("Write !!value.", [], ["Boolean"]),
        ("Write the number with an n behind it.", [], ["BigInt"]),
        ("Throw a plain object: throw { message: '…' }.", [], [
            "Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "AggregateError", "URIError", "EvalError"]),
        ("Write the number with Number(x).", [], ["parseInt", "parseFloat"]),
        ("Use toFixed, padStart and template literals.", [], ["Intl"]),
        ("Use Date.", [], ["Temporal", "moment", "dayjs"]),
        ("JavaScript has no types: write f(x) in place of f<T>(x), or say that the script is TypeScript (its language, or a ```ts block).", [],
            [.. Types]),
        ("Write null.", [], ["None", "nil"]),
        ("Write true.", [], ["True"]),
        ("Write false.", [], ["False"]),
        ("Use xs.length.", [], ["len"]),
        ("Use Array.from({ length: n }, (_, i) => i).", [], ["range"]),
        ("Use String(x).", [], ["str"]),
        ("Use Math.trunc(x).", [], ["int"]),
        ("Use Number(x).", [], ["float", "double"]),
        ("Use !!x.", [], ["bool"]),
        ("Use [...xs], or Array.from(xs).", [], ["list", "tuple"]),
        ("Use Object.fromEntries(pairs), or { a: 1 }.", [], ["dict", "defaultdict", "OrderedDict"]),
        ("Use [...new Set(xs)].", ["Set"], ["set", "frozenset"]),
        ("Use xs.forEach((x, i) => …), or for (const [i, x] of xs.entries()).", [], ["enumerate"]),
        ("Use xs.map((x, i) => [x, ys[i]]).", [], ["zip"]),
        ("Use [...xs].sort((a, b) => a - b).", [], ["sorted"]),
        ("Use [...xs].reverse().", [], ["reversed"]),
        ("Use xs.reduce((sum, x) => sum + x, 0).", [], ["sum"]),
        ("Use Math.min(...xs), Math.max(...xs), Math.abs(x) and Math.round(x).", [], ["min", "max", "abs", "round", "math", "pow", "divmod"]),
        ("Use xs.some((x) => …) and xs.every((x) => …).", [], ["any", "all"]),
        ("Use typeof x, Array.isArray(x), and key in o.", [], ["isinstance", "type", "hasattr", "callable", "is_array", "isArray"]),
        ("Use o[key].", [], ["getattr", "setattr"]),
        ("Use xs.map(f), xs.filter(f) and xs.reduce(f, first).", [], ["map", "filter", "reduce", "forEach"]),
        ("Use JSON.parse(text) and JSON.stringify(value).", [], ["json", "dumps", "loads", "json_encode", "json_decode"]),
        ("Use new Date() and Date.now().", [], ["datetime", "timedelta", "time", "date", "Datetime", "LocalDate"]),
        ("Use Math.random().", [], ["random", "randint"]),
        ("There are no modules: use the methods of texts, or ask a tool, await callTool('name', { … }).", [],
            ["re", "sys", "subprocess", "pathlib", "pandas", "pd", "np", "numpy"]),
        ("There are no files: ask a tool for them, await callTool('name', { … }).", [], ["open", "readFile", "readFileSync", "writeFile", "file"]),
        ("There is no network: ask a tool for it, await callTool('name', { … }).", [], ["urllib", "httpx", "aiohttp", "curl", "request", "$http", "nodeFetch"]),
        ("Use await, and parallel([…], (item) => …) for several calls.", [], ["asyncio", "gather"]),
        ("Write throw new Error('…').", ["Error"], ["Exception", "ValueError", "KeyError", "RuntimeError"]),
        ("Write throw { message: '…' }.", [], ["Exception", "ValueError", "KeyError", "RuntimeError"]),
        ("Leave it out: an empty block is { }.", [], ["pass"]),
        ("Use the methods of texts: trim, split, includes, toUpperCase.", [], ["strlen", "strtolower", "strtoupper", "trim", "explode", "implode", "sprintf"]),
        ("Use the methods of arrays, and Object.entries.", [], ["_", "lodash"]),
    ];

    private static readonly FrozenDictionary<string, (string Hint, string[] Needs)[]> s_hints = s_rows
        .SelectMany((row) => row.Names, (row, name) => (name, row.Hint, row.Needs))
        .GroupBy((row) => row.name, StringComparer.Ordinal)
        .ToFrozenDictionary((rows) => rows.Key, (rows) => rows.Select((row) => (row.Hint, row.Needs)).ToArray(), StringComparer.Ordinal);

    /// <summary>A hint for a name at its place; null if there is none.</summary>
    internal static string? For(Identifier name, RuleContext context) =>
        name.Name == "require"
            ? ModuleHints.For(context.Source.AsSpan(name.End))
            : context.Policy.Tools.For(context.Source, name.Name, name.End) ?? For(name.Name, context);

    /// <summary>A hint for a name; null if there is none.</summary>
    internal static string? For(string name, RuleContext context)
    {
        IReadOnlySet<string> allowed = context.Policy.AllowedGlobals;
        if (s_hints.TryGetValue(name, out (string Hint, string[] Needs)[]? rows))
        {
            foreach ((string hint, string[] needs) in rows)
            {
                if (needs.All(allowed.Contains)) return context.Policy.Tools.WithTools(hint);
            }
        }

        return context.Policy.AllowedNames.Nearest(name, context.Meter) is { } near ? $"Did you mean '{near}'?" : null;
    }

    /// <summary>The known name that differs only by a typing error; null if there is none. For more than one name make a <see cref="NameIndex"/>.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) => new NameIndex(known).Nearest(name);
}
