using System.Collections.Frozen;
using Enclave.Guard;
using Enclave.Guard.Rules;
using Enclave.Outcomes;
using Enclave.Protocol.Messages;
using Enclave.Schemas.Calls;

namespace Enclave.Runs;

/// <summary>What to write in place of code that fails in a known way. The texts are fixed: nothing of a value reaches them.</summary>
internal static class ErrorHints
{
    private const string NotAFunction = " is not a function", NotDefined = " is not defined", Reading = "(reading '";

    private const string DataItself = "A tool's answer is the data itself: there is no response around it. Use the awaited value. (An answer of fetch needs "
        + "await first: const r = await fetch(url).)";

    private const string Array = "Only arrays have it. Look at the value with console.log: an object may hold the list in one of its members, a Map or Set "
        + "becomes one by [...values], an object by Object.values(x), and a call of a tool needs await.";

    private const string Text = "Only texts have it: write String(value) for a number, and value ?? '' where it may be missing.";

    private const string Date = "Dates in data are texts: write new Date(value) first.";

    private const string Copy = "It cannot be changed: make a copy, { ...value } or [...values].";

    private const string Store = "store and load are functions: await store('key', value); const value = await load('key').";

    private const string DateFormat = "A Date has no such method: use date.toISOString().slice(0, 10), or new Intl.DateTimeFormat('en').format(date).";

    private const string Group = "Maps, sets and iterators have no array methods: make an array first, [...values].map((x) => …).";

    // Hints by the whole called expression: an object of the language and a method that it does not have.
    private static readonly (string Hint, string[] Calls)[] s_wholeCalls =
    [
        (Store, ["store.set", "store.get", "store.put", "store.save", "store.load", "store.setItem", "store.getItem", "load.get"]),
        ("Use crypto.getRandomValues(new Uint8Array(8)).toHex(), or crypto.randomUUID().",
            ["crypto.randomBytes", "crypto.randomInt", "crypto.pseudoRandomBytes"]),
        ("Use await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)).", ["crypto.createHash", "crypto.createHmac", "crypto.hash"]),
        ("Write Temporal.Now.instant(), Temporal.Now.plainDateISO() or new Date().", ["Temporal.now", "Temporal.Now"]),
        ("There are no addresses for files: return { mimeType, data: new Uint8Array(await blob.arrayBuffer()) }.", ["URL.createObjectURL"]),
        ("Write [...values] or Array.from(values).", ["Array.toArray", "Array.of.from"]),
        ("Use Math.max(...xs), Math.min(...xs) or xs.reduce((sum, x) => sum + x, 0).", ["Math.sum", "Math.average", "Math.mean", "Math.avg"]),
        ("Write Promise.all([…]), or await parallel([…], (item) => …).",
            ["Promise.map", "Promise.each", "Promise.series", "Promise.parallel", "Promise.delay"]),
        ("Use Object.entries(o).filter(([key, x]) => …), and Object.fromEntries(pairs).", ["Object.map", "Object.filter", "Object.forEach", "Object.size"]),
        ("Use JSON.parse(text) and JSON.stringify(value).", ["JSON.dumps", "JSON.loads", "JSON.encode", "JSON.decode"]),
        ("fetch is a function: const r = await fetch(url); const data = await r.json().", ["fetch.get", "fetch.post", "fetch.json"]),
        ("Print with console.log, and return the value.", ["console.print", "console.write", "console.success", "console.clear"]),
    ];

    // Hints by the name of the called function.
    private static readonly (string Hint, string[] Names)[] s_calls =
    [
        (Array, ["map", "filter", "forEach", "reduce", "find", "findIndex", "findLast", "some", "every", "sort", "slice", "flatMap", "flat", "join", "push",
            "pop", "shift", "splice", "includes", "at", "reverse", "toSorted", "concat", "indexOf", "fill"]),
        (DataItself, ["json", "text", "blob", "arrayBuffer", "getBody"]),
        ("It is no promise: use the value, or await the call that gives it.", ["then", "catch", "finally"]),
        (Text, ["split", "trim", "toLowerCase", "toUpperCase", "startsWith", "endsWith", "replace", "replaceAll", "padStart", "padEnd", "match", "matchAll",
            "charAt", "charCodeAt", "substring", "substr", "localeCompare", "repeat"]),
        ("Only numbers have it: write Number(value).toFixed(2).", ["toFixed", "toPrecision"]),
        (Date, ["getTime", "getFullYear", "getMonth", "getDate", "getDay", "getHours", "toISOString", "toLocaleDateString", "toDateString", "getUTCFullYear",
            "valueOf", "toLocaleTimeString"]),
        ("Use push(x) of an array.", ["append", "extend", "add_item"]),
        ("A plain object has members, not methods: o[key], o[key] = value, key in o, delete o[key]. new Map() has get, set and has.",
            ["get", "set", "has", "delete", "setdefault", "update"]),
        ("Use Object.entries(o), Object.keys(o) and Object.values(o).", ["items", "entries", "keys", "values", "iteritems"]),
        ("Use trim().", ["strip", "rstrip", "lstrip"]),
        ("Use toUpperCase() and toLowerCase().", ["upper", "lower", "capitalize", "title"]),
        ("Use startsWith, endsWith and includes.", ["startswith", "endswith", "contains", "__contains__"]),
        ("Use a template, `${a} and ${b}`; for a Date date.toISOString().slice(0, 10), or Intl.DateTimeFormat.", ["format"]),
        ("Use toISOString() of a Date, and slice(0, 10) for the day.", ["strftime", "isoformat", "format_date", "toFormat", "toDateTime"]),
        ("Use length; it is no function.", ["length", "len", "size", "count", "isEmpty"]),
        ("Use xs[0] and xs.at(-1).", ["first", "last", "head", "tail"]),
        ("Use reduce((sum, x) => sum + x, 0).", ["sum", "sumBy"]),
        ("Use Object.groupBy(xs, (x) => x.key), or reduce into an object.", ["groupBy", "countBy", "keyBy"]),
        ("Use xs.toSorted((a, b) => a.name.localeCompare(b.name)), or a.id - b.id for numbers.", ["sortBy", "orderBy", "sorted", "order_by"]),
        ("There is no page: text.matchAll(/<li>(.*?)<\\/li>/g) gives the parts.",
            ["querySelector", "querySelectorAll", "getElementById", "getElementsByTagName"]),
        ("Use xs.push(x) of an array, set.add(x) of a Set, and new Date(+date + 86400000) for a day later.", ["add"]),
        (DateFormat, ["subtract", "diff", "startOf", "endOf"]),
        ("Use [...new Set(xs)].", ["uniq", "unique", "distinct", "dedupe"]),
        ("Modules and their functions are not here: use a tool, or write what it does.",
            ["readFileSync", "writeFileSync", "readFile", "writeFile", "createHash"]),
        ("Call a tool as tools.service.name(args) or callTool('service:name', args), with its exact name.",
            ["callTool", "call_tool", "invoke", "execute", "run", "useTool"]),
    ];

    // Hints by words in the line that reads a member of undefined.
    private static readonly (string Words, string Hint)[] s_lines =
    [
        (".response.", "An error of a tool has name, message and code, and no response: read error.code and error.message."),
        ("globalThis.process", "There is no process here, and no files: remove it."),
        ("process.", "There is no process here: write values into the script."),
        (".match(", "match gives null where nothing is found: const found = text.match(/…/); if (found) … found[1]."),
        (".exec(", "exec gives null where nothing is found: const found = /…/.exec(text); if (found) … found[1]."),
        (".find(", "find gives undefined where nothing fits: const x = xs.find(…); if (x) … x.name, or x?.name."),
        (".choices[", "There is no model to ask here: only tools answer."),
    ];

    // Hints by a part of the message. The first that fits counts.
    private static readonly (string Name, string Words, string Hint)[] s_messages =
    [
        ("ReferenceError", "Cannot access '", "Move the declaration before its first use: const and let are not there earlier."),
        ("ReferenceError", "Must call super constructor", "Call super() first in the constructor of a class with extends."),
        ("TypeError", "Assignment to constant variable", "Declare it with let. To compare write ===, not =."),
        ("TypeError", "undefined is not iterable", "The value is undefined: forEach gives nothing, map gives a list; and a promise needs await."),
        ("TypeError", "return value is not async iterable",
            "Await the answer, then walk its list: const r = await callTool('name', { … }); for (const x of r.items)."),
        ("TypeError", "object is not iterable (cannot read property Symbol(Symbol.iterator))", "A promise or a plain object is no list: write "
            + "const [a, b] = await Promise.all([…]) with a list in the brackets, and Object.values(o) for an object."),
        ("TypeError", " is not iterable", "Only arrays, texts, maps and sets can be spread and walked: take the list out of the object, as in answer.items, "
            + "or write Object.entries(o); an async generator needs for await, and a tool's call needs await."),
        ("TypeError", " is not a constructor", "Leave new out, or use a class that is there."),
        ("TypeError", "cannot be invoked without 'new'", "Write new in front of the class: new A()."),
        ("TypeError", "Cannot destructure property", "The value is null or undefined: await it, look at it with console.log, and give a default, "
            + "const { a } = value ?? {}."),
        ("TypeError", "Cannot set properties of", "Make the object first: const o = {}; o[key] ??= []."),
        ("TypeError", "which has only a getter", "The member has only a getter: add set name(x) { … } to the class, or write another member."),
        ("TypeError", "Cannot convert undefined or null to object", "The value is missing: write Object.keys(value ?? {})."),
        ("TypeError", "of string '", "A text cannot be changed: make a new one, 'x' + text.slice(1)."),
        ("TypeError", "Cannot assign to read only property", Copy + " Tools and globals stay as they are: give yours another name."),
        ("TypeError", "Cannot add property", Copy),
        ("TypeError", "Cannot delete property", Copy),
        ("TypeError", "'caller', 'callee', and 'arguments'", "Give the function a name and call it by that name: const f = (n) => n <= 1 ? 1 : n * f(n - 1)."),
        ("TypeError", "Reduce of empty array", "Give reduce a first value: reduce((sum, x) => sum + x, 0)."),
        ("TypeError", "Cannot mix BigInt", "Convert one side: Number(big) or BigInt(number)."),
        ("TypeError", "Do not know how to serialize a BigInt", "Convert it before: Number(big) or String(big)."),
        ("TypeError", "Cannot convert a Symbol value", "Write symbol.description in place of the symbol."),
        ("TypeError", "Cannot convert a BigInt value to a number", "Write Number(big)."),
        ("TypeError", "Converting circular structure", "Return the members that are needed, not an object that contains itself."),
        ("TypeError", "callTool arguments: a function", "Give a tool data, no function: call the function, and give its result."),
        ("TypeError", "callTool arguments: a promise", "Await the promise before it is an argument: { value: await promise }."),
        ("TypeError", "callTool arguments are too large", "Give the tool less: a part of the text, or several calls."),
        ("TypeError", "a symbol at ", "Give a text in its place: symbol.description."),
        ("TypeError", "a generator at ", "Return the values of the generator: [...it], and for an async one collect them with for await (const x of it)."),
        ("TypeError", "a weak collection at ", "A WeakMap or WeakSet cannot be listed: use a Map or a Set, and return [...map]."),
        ("TypeError", "a function at $.toJSON", "Leave toJSON out and return the data itself."),
        ("TypeError", "a function at ", "Return data: call the function and return what it gives, and leave methods out."),
        ("TypeError", "a promise at ", "Await the promise: write await in front of the call, or await Promise.all(list) for a list."),
        ("TypeError", "cannot cross: values are data only", "Return data: await promises, with await Promise.all(list) for a list, call functions, and use "
            + "Object.fromEntries(map) or [...set]."),
        ("TypeError", "callTool: the second argument", "Give the arguments as one object: callTool('name', { key: value })."),
        ("TypeError", "callTool: the first argument", "Give the tool's name as a string: callTool('service:name', { … })."),
        ("TypeError", "parallel: ", "Write parallel([…], (item) => callTool('name', { item })), parallel([() => callTool(…), () => callTool(…)]), or "
            + "await Promise.all([callTool(…), callTool(…)])."),
        ("TypeError", "Invalid URL", "Write a whole address, https://example.com/a, or give the base: new URL('/a', 'https://example.com')."),
        ("TypeError", "Failed to parse URL", "Write the whole address: https://example.com/path."),
        ("TypeError", "non-global RegExp", "Write the flag g: /-/g."),
        ("TypeError", "Currency code is required", "Add the currency: { style: 'currency', currency: 'CHF' }."),
        ("TypeError", "Cannot use 'in' operator", "in looks for a member of an object: write text.includes('a') for a text, and xs.includes(x) for a list."),
        ("TypeError", "Right-hand side of 'instanceof'", "Write a class behind instanceof, without quotes; for a list Array.isArray(x), for a text typeof x."),
        ("TypeError", "Cannot create proxy", "new Proxy takes an object and an object of traps."),
        ("TypeError", "Chaining cycle detected", "A promise waits for itself: return another value from then."),
        ("TypeError", "Method Map.prototype", Group),
        ("TypeError", "Method Set.prototype", Group),
        ("SyntaxError", "[object Object]", "The value is an object already: leave JSON.parse out."),
        ("SyntaxError", "Invalid regular expression", "Write \\( \\[ \\. for signs that mean themselves, or use includes, indexOf and split."),
        ("SyntaxError", "Invalid flags", "Flags of a regular expression are d, g, i, m, s, u, v and y."),
        ("SyntaxError", "Cannot convert", "BigInt reads whole numbers only: write BigInt(Math.trunc(Number(text)))."),
        ("SyntaxError", "is not valid JSON", "The text is not JSON. A tool's answer is data already: leave JSON.parse out, or look at the text with "
            + "console.log."),
        ("SyntaxError", "JSON", "The text is not JSON: look at it with console.log, and parse only what is JSON."),
        ("RangeError", "Maximum call stack", "A function calls itself without end: give it a condition that ends it, or write a loop."),
        ("RangeError", "Invalid time value", "The date cannot be read: new Date('2026-01-31T10:00:00Z') can, and Number.isNaN(date.getTime()) tells."),
        ("RangeError", "Invalid array length", "A length is a whole number from 0 to 4294967295."),
        ("RangeError", "Invalid typed array length", "A length is a whole number from 0, and small enough for the memory of the run."),
        ("RangeError", "Invalid string length", "The text became too long: keep less, and join parts at the end."),
        ("RangeError", "Invalid count value", "The count is a whole number from 0: write Math.max(0, n)."),
        ("RangeError", "toFixed", "toFixed takes 0 to 100 digits."),
        ("RangeError", "toPrecision", "toPrecision takes 1 to 100 digits."),
        ("RangeError", "radix", "toString takes a radix from 2 to 36."),
        ("RangeError", "time zone", "Time zones have names like Europe/Zurich: take one of Intl.supportedValuesOf('timeZone')."),
        ("RangeError", "options property dateStyle", "dateStyle and timeStyle are full, long, medium or short."),
        ("RangeError", "options property timeStyle", "dateStyle and timeStyle are full, long, medium or short."),
        ("RangeError", "options property", "Use a value that this option of Intl has: numeric, 2-digit, long, short or narrow for parts of dates."),
        ("RangeError", "FractionDigits", "Give 0 to 100 digits, the smallest number no larger than the largest."),
        ("RangeError", "currency", "Give a currency of three letters: 'CHF'."),
        ("RangeError", "Incorrect locale", "Locales have names like 'en' and 'de-CH'."),
        ("RangeError", "language tag", "Locales have names like 'en' and 'de-CH'."),
        ("RangeError", "Temporal error", "Temporal reads ISO texts: '2026-01-31', '2026-01-31T10:00'. Change the text first."),
        ("RangeError", "cannot be converted to a BigInt", "BigInt takes whole numbers: BigInt(Math.trunc(x))."),
        ("RangeError", "Division by zero", "A BigInt cannot be divided by 0n: check the divisor first."),
        ("RangeError", "should be a multiple of", "Give a buffer whose length is a multiple of the item's bytes, or read it with DataView."),
        ("RangeError", "Invalid code point", "Code points are 0 to 1114111."),
        ("RangeError", "normalization form", "The form is 'NFC', 'NFD', 'NFKC' or 'NFKD'."),
        ("RangeError", "Offset is outside", "Stay within the length of the buffer."),
        ("EvalError", "", "Text cannot become code here: write the code itself."),
        ("URIError", "", "The text has a % that is no escape: leave decodeURIComponent out, or catch the error and use the text as it is."),
        ("InvalidCharacterError", "", "atob reads base64, and btoa characters up to U+00FF: check the text, or encode it with new TextEncoder() first."),
        ("DataCloneError", "Promise", "Await it first: structuredClone(await promise). Data of tools needs no clone."),
        ("DataCloneError", "", "Functions and symbols cannot be copied: copy the data alone."),
        ("AggregateError", "All promises were rejected", "All of them failed: mend the cause of the first, or use await Promise.allSettled([…])."),
        ("Error", "waits for a promise that nothing can settle", "Call resolve or reject of each promise, or await the call of a tool."),
    ];

    private static readonly FrozenDictionary<string, string> s_byCall = s_calls
        .SelectMany((row) => row.Names, (row, name) => KeyValuePair.Create(name, row.Hint))
        .Concat(s_wholeCalls.SelectMany((row) => row.Calls, (row, call) => KeyValuePair.Create(call, row.Hint))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The hint for a script's error; null if no hint says more than the error.</summary>
    /// <param name="job">The run.</param>
    /// <param name="error">The error, which is untrusted: it is only compared.</param>
    /// <param name="stack">Its stack, in lines of the script.</param>
    public static string? For(ExecutionJob job, ScriptError error, string? stack)
    {
        if (error.Name == "ReferenceError" && error.Message.EndsWith(NotDefined, StringComparison.Ordinal))
            return job.Script.Hints.GetValueOrDefault(error.Message[..^NotDefined.Length]);
        // The guard has compared this line with the tools, and knows more than the message.
        bool isSurprise = error.Name is "TypeError" or "SyntaxError";
        int? line = ErrorModelText.LineOf(stack);
        if (isSurprise && !job.Warnings.IsEmpty && line is not null && WarningAt(job, line.Value) is { } warning)
        {
            // For a method that arrays do not have, the hint for the method is more useful.
            bool isCall = error.Message.EndsWith(NotAFunction, StringComparison.Ordinal)
                && warning.Hint?.StartsWith("It is an array", StringComparison.Ordinal) == true;
            return (isCall ? For(error.Name, error.Message) : null) ?? $"{warning.Message}. {warning.Hint}";
        }

        if (error.Name == "TypeError" && error.Message.StartsWith("Cannot read properties of undefined", StringComparison.Ordinal)
            && job.ToolCounts.LastText is { } tool && OfText(tool) is var text && For(error.Name, error.Message) is null)
            return text;
        return (line is null ? null : OfLine(error, job.Script.Source, line.Value)) ?? For(error.Name, error.Message);
    }

    /// <summary>The hint for a mistake that the line shows and the message does not; null if it shows none.</summary>
    private static string? OfLine(ScriptError error, string source, int line)
    {
        const int Longest = 500;
        if (error.Name != "TypeError" || !error.Message.StartsWith("Cannot read prop", StringComparison.Ordinal)) return null;
        int start = 0;
        for (int i = 1; i < line && start >= 0; i++) start = source.IndexOf('\n', start) + 1 is > 0 and var next ? next : -1;
        if (start < 0) return null;
        ReadOnlySpan<char> text = source.AsSpan(start, Math.Min(Longest, source.Length - start));
        if (text.IndexOf('\n') is >= 0 and var end) text = text[..end];
        foreach ((string words, string hint) in s_lines)
        {
            // If the error names the method itself, the method is missing, and the hint does not apply.
            bool isMissing = error.Message.Contains($"'{words.Trim('.', '(')}'", StringComparison.Ordinal);
            if (!isMissing && text.Contains(words, StringComparison.Ordinal)) return hint;
        }

        return null;
    }

    private static string OfText(string tool) =>
        $"{tool} answered with a text, which has no such members: use the text itself, or JSON.parse(text) if it is JSON.";

    /// <summary>The hint for an error by its name and message; null if there is none.</summary>
    public static string? For(string name, string message)
    {
        if (name == "TypeError" && message.EndsWith(NotAFunction, StringComparison.Ordinal))
        {
            string called = message[..^NotAFunction.Length];
            return s_byCall.GetValueOrDefault(called) ?? s_byCall.GetValueOrDefault(called[(called.LastIndexOf('.') + 1)..]);
        }

        if (name == "TypeError" && message.StartsWith("fetch ", StringComparison.Ordinal)) return OfFetch(message);
        int reading = message.IndexOf(Reading, StringComparison.Ordinal);
        if (name == "TypeError" && reading >= 0 && message.EndsWith("')", StringComparison.Ordinal))
        {
            string member = message[(reading + Reading.Length)..^2];
            if (AnswerEnvelopes.Contains(member)) return DataItself;
            // A member of globalThis that other hosts have.
            if (member is "mainModule" or "env" or "argv" or "exit" or "cwd") return "There is no process here, and no files: remove it.";
        }

        foreach ((string type, string words, string hint) in s_messages)
        {
            if (type == name && message.Contains(words, StringComparison.Ordinal)) return hint;
        }

        return null;
    }

    /// <summary>The message of a refusal names what is allowed.</summary>
    private static string OfFetch(string message) => message.StartsWith("fetch refused", StringComparison.Ordinal)
        ? "ask only what is allowed, or tell the user that this request is not."
        : "the server did not answer as it should: the script is right. Try once more, or tell the user.";

    private static GuardIssue? WarningAt(ExecutionJob job, int line) =>
        job.Warnings.FirstOrDefault((issue) => issue.Rule == ToolCallRules.Answers.Name && issue.Location?.Line == line);
}
