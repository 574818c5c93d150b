using System.Collections.Frozen;

namespace Enclave.Guard.Rules;

/// <summary>What to write instead of a name that a script cannot use.</summary>
internal static class NameHints
{
    private const int MaxNameLength = 32;
    private const int MaxDistance = 2;
    private const string Tool = "Ask a tool for it: await callTool('name', { … }).";
    private const string NoCode = "Write the code itself; text cannot be run.";
    private const string NoGlobal = "Use the name directly; there is no global object.";
    private const string NoTimers = "There are no timers: await the tool that takes the time.";
    private const string Log = "Use console.log.";
    private const string Data = "Use a plain object or an array.";
    private const string Own = "Read the data fields by their names; what values are made of is out of reach.";

    private static readonly FrozenDictionary<string, string> s_hints = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["eval"] = NoCode, ["Function"] = NoCode, ["AsyncFunction"] = NoCode, ["GeneratorFunction"] = NoCode, ["WebAssembly"] = NoCode,
        ["importScripts"] = NoCode, ["ShadowRealm"] = NoCode,
        ["process"] = Tool, ["require"] = Tool, ["module"] = Tool, ["exports"] = Tool, ["fetch"] = Tool, ["XMLHttpRequest"] = Tool, ["WebSocket"] = Tool,
        ["localStorage"] = Tool,
        ["sessionStorage"] = Tool, ["indexedDB"] = Tool, ["crypto"] = Tool, ["Deno"] = Tool, ["Bun"] = Tool, ["document"] = Tool, ["__dirname"] = Tool,
        ["__filename"] = Tool, ["axios"] = Tool, ["fs"] = Tool,
        ["window"] = NoGlobal, ["global"] = NoGlobal, ["globalThis"] = NoGlobal, ["self"] = NoGlobal, ["top"] = NoGlobal,
        ["setTimeout"] = NoTimers, ["setInterval"] = NoTimers, ["setImmediate"] = NoTimers, ["queueMicrotask"] = NoTimers, ["sleep"] = NoTimers,
        ["clearTimeout"] = NoTimers, ["clearInterval"] = NoTimers, ["clearImmediate"] = NoTimers,
        ["print"] = Log, ["alert"] = Log, ["puts"] = Log, ["printf"] = Log, ["echo"] = Log,
        ["Map"] = Data, ["Set"] = Data, ["WeakMap"] = Data, ["WeakSet"] = Data, ["Symbol"] = Data, ["Proxy"] = Data, ["Buffer"] = Data,
        ["constructor"] = Own, ["__proto__"] = Own, ["prototype"] = Own, ["caller"] = Own, ["callee"] = Own,
        ["Promise"] = "Await each call, or use parallel([…], (item) => …).",
        ["Reflect"] = "Use Object.keys, values, entries and fromEntries.",
        ["arguments"] = "Take the rest of the arguments as an array: (...args) => ….",
        ["performance"] = "Use Date.now().",
        ["structuredClone"] = "Use JSON.parse(JSON.stringify(value)), or spread the object.",
        ["RegExp"] = "Use includes, startsWith, endsWith, indexOf or split with plain text.",
        ["Boolean"] = "Write !!value.",
        ["BigInt"] = "Write the number with an n behind it.",
        ["Error"] = "Throw a plain object: throw { message: '…' }.",
        ["Intl"] = "Use toFixed, padStart and template literals.",
        ["None"] = "Write null.", ["nil"] = "Write null.", ["True"] = "Write true.", ["False"] = "Write false.",
        ["len"] = "Use xs.length.", ["range"] = "Use Array.from({ length: n }, (_, i) => i).", ["str"] = "Use String(x).", ["int"] = "Use Math.trunc(x).",
        ["_"] = "There is no lodash: use the methods of arrays and Object.entries.", ["lodash"] = "Use the methods of arrays and Object.entries.",
        ["moment"] = "Use Date.", ["dayjs"] = "Use Date.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>One sentence about a name; null if there is nothing particular to say.</summary>
    public static string? For(string name, FrozenSet<string> allowed)
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
