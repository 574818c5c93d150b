using System.Collections.Frozen;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary>Hints for names that a script cannot use.</summary>
internal static class NameHints
{
    private const int MaxTypedSource = 50_000;

    /// <summary>Types of TypeScript that no value is named by.</summary>
    internal static FrozenSet<string> Types { get; } = FrozenSet.Create(
        StringComparer.Ordinal, "number", "string", "boolean", "bigint", "any", "unknown", "never", "object", "Record", "Partial", "Required", "Readonly",
        "Pick", "Omit");

    // A row applies if the script may use every name that its hint needs. If several rows apply, the first one counts. A name with () counts only where it is
    // called, a name with = only where it is not called.
    private static readonly (string Hint, string[] Needs, string[] Names)[] s_rows =
    [
        ("Write the code itself; text cannot be run.", [],
            ["eval", "Function", "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction", "importScripts", "ShadowRealm"]),
        ("There is no WebAssembly: write the work in JavaScript.", [], ["WebAssembly"]),
        // Names by which other hosts give a script its input and its tools.
        ("Nothing is passed to the script: write the values into it, const id = 1.", [],
            ["input=", "inputs", "args", "argv", "params", "parameters", "event", "request=", "req", "payload", "variables", "vars", "userInput", "query=",
                "kwargs", "props"]),
        ("Earlier results are not kept: call the tool in this script, const r = await callTool('name', { … }).", [],
            ["tool_results", "toolResults", "tool_result", "toolResult", "results=", "result=", "response=", "previous=", "messages=", "observation="]),
        ("Those are tools of yours, not of the script: call them yourself. A script calls tools with await callTool('name', { … }).", [],
            ["searchTools", "search_tools", "describeTools", "describe_tools", "listTools", "list_tools", "runCode", "run_code", "waitCode", "wait_code"]),
        ("To give the answer write return value.", [],
            ["final_answer", "finalAnswer", "finish()", "done()", "output()", "text()", "answer()", "respond()", "reply()", "emit()", "setResult()", "submit()",
                "complete()"]),
        ("Use return to end the script, or throw new Error('…').", [], ["exit", "quit()", "die", "abort()"]),
        ("Use console.log.", [], ["logger", "log()", "logging", "winston", "pino", "dump()", "var_dump", "pprint", "println", "System", "fmt"]),
        ("Leave it out: a script cannot serve requests.", [], ["express", "app=", "fastify", "koa", "createServer", "listen"]),
        ("There is no page. Read the parts of a text with a regular expression: html.matchAll(/<li>(.*?)<\\/li>/g).", [],
            ["cheerio", "$", "jQuery", "DOMParser", "BeautifulSoup", "soup", "jsdom", "JSDOM", "puppeteer", "playwright", "XMLSerializer"]),
        ("There is no such tag: write a plain template, `<b>${x}</b>`.", [], ["html", "css", "sql", "gql", "md"]),
        ("Write if (!ok) throw new Error('…').", [], ["assert", "expect()", "invariant"]),
        ("Leave out the tests: write the script alone.", [], ["describe()", "it()", "test()", "beforeEach", "jest", "vitest"]),
        ("Write JSON.stringify(x) to show a value.", [], ["util", "inspect"]),
        ("There is no path module: join the parts with a template, `${folder}/${name}`.", [], ["path", "join()", "dirname", "basename"]),
        ("There are no files and no folder here: leave it out.", [], ["__dirname", "__filename", "os"]),
        ("Leave it out: memory is freed by itself.", [], ["gc"]),
        ("Leave out the name of the language in the first line.", [], ["js=", "javascript=", "typescript=", "ts=", "python="]),
        ("Use await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)).", ["crypto", "TextEncoder"],
            ["createHash", "hashlib", "md5()", "sha1()", "sha256()", "bcrypt", "createHmac", "CryptoJS"]),
        ("There is no such function: call a tool, await callTool('name', { … }), or return the text.", [],
            ["notify()", "sendEmail()", "send_email()", "sendMail()", "send_message()", "postMessage()", "toast"]),
        ("There is no process and no environment: write values into the script, print with console.log, and end with return or throw.", [], ["process"]),
        ("There is no environment: write the values into the script. Secrets belong to tools, await callTool('name', { … }).", [],
            ["env", "secrets", "dotenv"]),
        ("Keep values with await store('key', value), and read them with await load('key').", ["store", "load"],
            ["localStorage", "sessionStorage", "indexedDB", "redis", "kv"]),
        ("There is no page and no storage: keep values in variables, and return them.", [], ["localStorage", "sessionStorage", "indexedDB"]),
        ("There is no page: write HTML as text and return it.", [], ["document", "HTMLElement", "Element"]),
        ("There is no browser and no page: leave it out.", [], ["navigator", "location", "history", "chrome", "browser"]),
        ("Use await fetch(url).", ["fetch"],
            ["XMLHttpRequest", "axios", "got", "http", "https", "superagent", "requests", "request()", "$http", "nodeFetch", "urllib", "httpx",
                "aiohttp", "curl"]),
        ("There is no network: ask a tool for it, await callTool('name', { … }).", [],
            ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "Request", "Response", "Headers", "FormData", "axios", "got", "http", "https",
                "superagent"]),
        ("There are no files: ask a tool for them, await callTool('name', { … }).", [], ["fs", "Deno", "Bun", "Blob", "File", "FileReader"]),
        ("There are no modules: leave it out, and end the script with return value.", [], ["module", "exports", "define"]),
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
        ("Nobody answers questions while a script runs: return the question as its value.", [], ["prompt", "confirm", "readline", "input()", "ask()"]),
        ("There is no window. Write const x = …, and use x.", [], ["window", "self", "top"]),
        ("Write const x = …, and use x: globals belong to the host.", [], ["global", "globalThis"]),
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
        ("Use Math.min(...xs), Math.max(...xs), Math.abs(x) and Math.round(x).", [], ["min", "max", "abs", "round", "pow", "divmod"]),
        ("The members of Math have the same names: Math.sqrt(x), Math.floor(x), Math.PI.", [],
            ["math", "sqrt", "floor", "ceil", "log10", "sin", "cos"]),
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
        ("There is no network: ask a tool for it, await callTool('name', { … }).", [],
            ["urllib", "httpx", "aiohttp", "curl", "requests", "request()", "$http", "nodeFetch"]),
        ("Use await, and parallel([…], (item) => …) for several calls.", [], ["asyncio", "gather"]),
        ("Write throw new Error('…').", ["Error"], ["Exception", "ValueError", "KeyError", "RuntimeError"]),
        ("Write throw { message: '…' }.", [], ["Exception", "ValueError", "KeyError", "RuntimeError"]),
        ("Leave it out: an empty block is { }.", [], ["pass"]),
        ("Use the methods of texts: trim, split, includes, toUpperCase.", [], ["strlen", "strtolower", "strtoupper", "trim", "explode", "implode", "sprintf"]),
        ("Use the methods of arrays, and Object.entries.", [], ["_", "lodash"]),
    ];

    private static readonly FrozenDictionary<string, (string Name, string Hint, string[] Needs)[]> s_hints = s_rows
        .SelectMany((row) => row.Names, (row, name) => (Name: name, row.Hint, row.Needs))
        .GroupBy((row) => row.Name.TrimEnd('(', ')', '='), StringComparer.Ordinal)
        .ToFrozenDictionary((rows) => rows.Key, (rows) => rows.ToArray(), StringComparer.Ordinal);

    /// <summary>A hint for a name at its place; null if there is none.</summary>
    internal static string? For(Identifier name, RuleContext context)
    {
        ReadOnlySpan<char> rest = context.Source.AsSpan(name.End);
        if (name.Name == "require") return ModuleHints.For(rest);
        if (context.Policy.Tools.For(context.Source, name.Name, name.End) is { } tool) return tool;
        return OfType(name.Name, context.Source) ?? For(name.Name, context, isCalled: rest[..Math.Min(rest.Length, 8)].TrimStart() is ['(', ..]);
    }

    /// <summary>A hint for a name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="context">The program that has it.</param>
    /// <param name="isCalled">True if it is called.</param>
    internal static string? For(string name, RuleContext context, bool isCalled = false)
    {
        IReadOnlySet<string> allowed = context.Policy.AllowedGlobals;
        if (s_hints.TryGetValue(name, out (string Name, string Hint, string[] Needs)[]? rows))
        {
            foreach ((string written, string hint, string[] needs) in rows)
            {
                if (written.EndsWith(isCalled ? '=' : ')') || !needs.All(allowed.Contains)) continue;
                return context.Policy.Tools.WithTools(hint);
            }
        }

        return context.Policy.AllowedNames.Nearest(name, context.Meter) is { } near ? $"Did you mean '{near}'?" : null;
    }

    /// <summary>The hint for a type of the script that stands in place of a value; null for other names.</summary>
    private static string? OfType(string name, string source)
    {
        if (source.Length > MaxTypedSource) return null;
        bool isType = source.Contains($"interface {name} ", StringComparison.Ordinal) || source.Contains($"type {name} ", StringComparison.Ordinal);
        return isType ? $"{name} is a type, and types are not there when the script runs: use a value." : null;
    }

    /// <summary>The known name that differs only by a typing error; null if there is none. For more than one name make a <see cref="NameIndex"/>.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) => new NameIndex(known).Nearest(name);
}
