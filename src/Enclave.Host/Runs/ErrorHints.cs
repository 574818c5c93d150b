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

    private const string DataItself = "A tool's answer is the data itself: there is no response around it. Use the awaited value.";

    private const string Array = "Only arrays have it. Look at the value with console.log: an object may hold the list in one of its members, "
        + "Object.values(x) makes one of an object, and a call of a tool needs await.";

    private const string Text = "Only texts have it: write String(value) for a number, and value ?? '' where it may be missing.";

    private const string Date = "Dates in data are texts: write new Date(value) first.";

    // By the name of what was called.
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
            ["get", "set", "has", "add", "delete", "setdefault", "update"]),
        ("Use Object.entries(o), Object.keys(o) and Object.values(o).", ["items", "entries", "keys", "values", "iteritems"]),
        ("Use trim().", ["strip", "rstrip", "lstrip"]),
        ("Use toUpperCase() and toLowerCase().", ["upper", "lower", "capitalize", "title"]),
        ("Use startsWith, endsWith and includes.", ["startswith", "endswith", "contains", "__contains__"]),
        ("Use a template: `${a} and ${b}`.", ["format"]),
        ("Use toISOString() of a Date, and slice(0, 10) for the day.", ["strftime", "isoformat", "format_date", "toFormat", "toDateTime"]),
        ("Use length; it is no function.", ["length", "len", "size", "count", "isEmpty"]),
        ("Use xs[0] and xs.at(-1).", ["first", "last", "head", "tail"]),
        ("Use reduce((sum, x) => sum + x, 0).", ["sum", "sumBy"]),
        ("Use Object.groupBy(xs, (x) => x.key), or reduce into an object.", ["groupBy", "countBy", "keyBy"]),
        ("Use [...xs].sort((a, b) => a - b).", ["sortBy", "orderBy"]),
        ("Use [...new Set(xs)].", ["uniq", "unique", "distinct", "dedupe"]),
        ("Modules and their functions are not here: use a tool, or write what it does.",
            ["readFileSync", "writeFileSync", "readFile", "writeFile", "createHash"]),
        ("Call a tool as tools.service.name(args) or callTool('service:name', args), with its exact name.",
            ["callTool", "call_tool", "invoke", "execute", "run", "useTool"]),
    ];

    // By how the message begins or what it has in it. The first that fits counts.
    private static readonly (string Name, string Words, string Hint)[] s_messages =
    [
        ("ReferenceError", "Cannot access '", "Move the declaration before its first use: const and let are not there earlier."),
        ("TypeError", "Assignment to constant variable", "Declare it with let."),
        ("TypeError", " is not iterable", "Only arrays, texts, maps and sets can be spread and walked: write Object.entries(o) for an object, "
            + "and await in front of the call of a tool."),
        ("TypeError", " is not a constructor", "Leave new out, or use a class that is there."),
        ("TypeError", "Cannot destructure property", "The value is null or undefined: await it, look at it with console.log, and give a default, "
            + "const { a } = value ?? {}."),
        ("TypeError", "Cannot set properties of", "Make the object first: const o = {}; o[key] ??= []."),
        ("TypeError", "Cannot convert undefined or null to object", "The value is missing: write Object.keys(value ?? {})."),
        ("TypeError", "Cannot assign to read only property", "It cannot be changed: make a copy, { ...value }."),
        ("TypeError", "Cannot add property", "It cannot be changed: make a copy, { ...value } or [...values]."),
        ("TypeError", "Reduce of empty array", "Give reduce a first value: reduce((sum, x) => sum + x, 0)."),
        ("TypeError", "Cannot mix BigInt", "Convert one side: Number(big) or BigInt(number)."),
        ("TypeError", "Do not know how to serialize a BigInt", "Convert it before: Number(big) or String(big)."),
        ("TypeError", "Converting circular structure", "Return the members that are needed, not an object that contains itself."),
        ("TypeError", "cannot cross: values are data only", "Return data: await promises, with await Promise.all(list) for a list, call functions, and use "
            + "Object.fromEntries(map) or [...set]."),
        ("TypeError", "callTool: the second argument", "Give the arguments as one object: callTool('name', { key: value })."),
        ("TypeError", "callTool: the first argument", "Give the tool's name as a string: callTool('service:name', { … })."),
        ("TypeError", "parallel: ", "Write parallel([…], (item) => callTool('name', { item }))."),
        ("SyntaxError", "[object Object]", "The value is an object already: leave JSON.parse out."),
        ("SyntaxError", "is not valid JSON", "The text is not JSON. A tool's answer is data already: leave JSON.parse out, or look at the text with "
            + "console.log."),
        ("SyntaxError", "JSON", "The text is not JSON: look at it with console.log, and parse only what is JSON."),
        ("RangeError", "Invalid time value", "The date cannot be read: new Date('2026-01-31T10:00:00Z') can, and Number.isNaN(date.getTime()) tells."),
        ("RangeError", "Invalid array length", "A length is a whole number from 0 to 4294967295."),
        ("RangeError", "toFixed", "toFixed takes 0 to 100 digits."),
        ("Error", "waits for a promise that nothing can settle", "Call resolve or reject of each promise, or await the call of a tool."),
    ];

    private static readonly FrozenDictionary<string, string> s_byCall = s_calls
        .SelectMany((row) => row.Names, (row, name) => KeyValuePair.Create(name, row.Hint)).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The hint for a script's error; null if there is none that says more than the error.</summary>
    /// <param name="job">The run.</param>
    /// <param name="error">The error, which is untrusted: it is only compared.</param>
    /// <param name="stack">Its stack, in lines of the script.</param>
    public static string? For(ExecutionJob job, ScriptError error, string? stack)
    {
        if (error.Name == "ReferenceError" && error.Message.EndsWith(NotDefined, StringComparison.Ordinal))
            return job.Script.Hints.GetValueOrDefault(error.Message[..^NotDefined.Length]);
        // The guard has compared this line with the tools, and knows more than the message.
        bool isSurprise = error.Name is "TypeError" or "SyntaxError";
        if (isSurprise && !job.Warnings.IsEmpty && ErrorModelText.LineOf(stack) is { } line && WarningAt(job, line) is { } warning)
            return $"{warning.Message}. {warning.Hint}";
        return For(error.Name, error.Message);
    }

    /// <summary>The hint for an error by its name and message; null if there is none.</summary>
    public static string? For(string name, string message)
    {
        if (name == "TypeError" && message.EndsWith(NotAFunction, StringComparison.Ordinal))
        {
            string called = message[..^NotAFunction.Length];
            return s_byCall.GetValueOrDefault(called[(called.LastIndexOf('.') + 1)..]);
        }

        int reading = message.IndexOf(Reading, StringComparison.Ordinal);
        if (name == "TypeError" && reading >= 0 && message.EndsWith("')", StringComparison.Ordinal))
        {
            string member = message[(reading + Reading.Length)..^2];
            if (AnswerEnvelopes.Contains(member)) return DataItself;
        }

        foreach ((string type, string words, string hint) in s_messages)
        {
            if (type == name && message.Contains(words, StringComparison.Ordinal)) return hint;
        }

        return null;
    }

    private static GuardIssue? WarningAt(ExecutionJob job, int line) =>
        job.Warnings.FirstOrDefault((issue) => ToolCallRules.Has(issue.Rule) && issue.Location?.Line == line);
}
