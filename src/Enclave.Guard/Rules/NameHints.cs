using System.Collections.Frozen;

namespace Enclave.Guard.Rules;

/// <summary>What to write instead of a name that a script cannot use.</summary>
internal static class NameHints
{
    private const int MaxNameLength = 32;
    private const int MaxDistance = 2;
    private static readonly (string Hint, string[] Names)[] s_rows =
    [
        ("Write the code itself; text cannot be run.",
            ["eval", "Function", "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction", "WebAssembly", "importScripts", "ShadowRealm"]),
        ("Ask a tool for it: await callTool('name', { … }).",
            [
                "process", "require", "module", "exports", "fetch", "XMLHttpRequest", "WebSocket", "localStorage", "sessionStorage", "indexedDB", "crypto",
                "document", "__dirname", "__filename", "Deno", "Bun", "axios", "fs",
            ]),
        ("Use the name directly; there is no global object.", ["window", "global", "globalThis", "self", "top"]),
        ("There are no timers: await the tool that takes the time.",
            ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "clearTimeout", "clearInterval", "clearImmediate", "sleep"]),
        ("Use console.log.", ["print", "alert", "puts", "printf", "echo"]),
        ("Use a plain object or an array.", ["Map", "Set", "WeakMap", "WeakSet", "Symbol", "Proxy", "Buffer"]),
        ("Read the data fields by their names; what values are made of is out of reach.", ["constructor", "__proto__", "prototype", "caller", "callee"]),
        ("Await each call, or use parallel([…], (item) => …).", ["Promise"]),
        ("Use Object.keys, values, entries and fromEntries.", ["Reflect"]),
        ("Take the rest of the arguments as an array: (...args) => ….", ["arguments"]),
        ("Use Date.now().", ["performance"]),
        ("Use JSON.parse(JSON.stringify(value)), or spread the object.", ["structuredClone"]),
        ("Use includes, startsWith, endsWith, indexOf or split with plain text.", ["RegExp"]),
        ("Write !!value.", ["Boolean"]),
        ("Write the number with an n behind it.", ["BigInt"]),
        ("Throw a plain object: throw { message: '…' }.", ["Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError"]),
        ("Use toFixed, padStart and template literals.", ["Intl"]),
        ("Write null.", ["None", "nil"]),
        ("Write true.", ["True"]),
        ("Write false.", ["False"]),
        ("Use xs.length.", ["len"]),
        ("Use Array.from({ length: n }, (_, i) => i).", ["range"]),
        ("Use String(x).", ["str"]),
        ("Use Math.trunc(x).", ["int"]),
        ("Use the methods of arrays, and Object.entries.", ["_", "lodash"]),
        ("Use Date.", ["moment", "dayjs"]),
    ];

    private static readonly FrozenDictionary<string, string> s_hints = s_rows
        .SelectMany((row) => row.Names, (row, name) => (name, row.Hint))
        .ToFrozenDictionary((pair) => pair.name, (pair) => pair.Hint, StringComparer.Ordinal);

    /// <summary>One sentence about a name; null if there is nothing particular to say.</summary>
    public static string? For(string name, IReadOnlySet<string> allowed)
    {
        if (s_hints.TryGetValue(name, out string? hint)) return hint;
        return Nearest(name, allowed) is { } near ? $"Did you mean '{near}'?" : null;
    }

    /// <summary>The known name that differs by a slip of the finger; null if none does.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        if (name.Length is < 3 or > MaxNameLength) return null;
        (string? best, int distance) = (null, Math.Min(MaxDistance, name.Length / 3) + 1);
        foreach (string candidate in known)
        {
            if (Math.Abs(candidate.Length - name.Length) >= distance || candidate.Length > MaxNameLength) continue;
            int edits = Edits(name, candidate);
            // Of several, always the same one.
            bool isFirst = edits == distance && best is not null && string.CompareOrdinal(candidate, best) < 0;
            if (edits < distance || isFirst) (best, distance) = (candidate, edits);
        }

        return best;
    }

    private static int Edits(string left, string right)
    {
        Span<int> row = stackalloc int[MaxNameLength + 1];
        for (int j = 0; j <= right.Length; j++) row[j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int cost = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }

        return row[right.Length];
    }
}
