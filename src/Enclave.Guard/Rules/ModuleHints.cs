using System.Collections.Frozen;

namespace Enclave.Guard.Rules;

/// <summary>Hints for scripts that load a module, since there are no modules. A hint never names a tool, because the tool may not exist.</summary>
internal static class ModuleHints
{
    private const string None = "There are no modules: leave it out";

    /// <summary>The hint for a module that has no other.</summary>
    public const string Any = $"{None}; what the language has, and the tools, are all there is.";

    private static readonly FrozenDictionary<string, string> s_instead = new (string Instead, string[] Modules)[]
    {
        ("There are no files.", ["fs", "fs/promises", "os"]),
        ("Join the parts of a path with a template, `${folder}/${name}`; there are no files.", ["path", "path/posix"]),
        ("There is no network; only tools reach out.",
            ["axios", "node-fetch", "got", "undici", "superagent", "request", "http", "https", "net", "requests", "urllib"]),
        ("There are no processes.", ["child_process", "worker_threads", "process", "subprocess"]),
        ("Use the methods of arrays and objects, Object.groupBy, Map and Set.", ["lodash", "lodash-es", "underscore", "ramda"]),
        ("Use Date, Intl and Temporal.", ["moment", "dayjs", "date-fns", "luxon", "datetime"]),
        ("crypto is a global: crypto.randomUUID(), crypto.subtle.", ["crypto", "uuid", "nanoid"]),
        ("Check values with typeof, Array.isArray and comparisons.", ["zod", "ajv", "joi", "yup", "assert"]),
        ("URL, TextEncoder and btoa are globals.", ["url", "querystring", "buffer", "util"]),
        ("Wait with await new Promise((done) => setTimeout(done, 1000)).", ["timers", "timers/promises"]),
    }.SelectMany((row) => row.Modules, (row, module) => (module, row.Instead))
        .ToFrozenDictionary((row) => row.module, (row) => row.Instead, StringComparer.Ordinal);

    /// <summary>The hint for text that loads a module: the first text in quotes on its line names it.</summary>
    public static string For(ReadOnlySpan<char> text)
    {
        const int Longest = 200;
        text = text[..Math.Min(text.Length, Longest)];
        if (text.IndexOfAny('\r', '\n') is >= 0 and var end) text = text[..end];
        int open = text.IndexOfAny('\'', '"');
        int length = open < 0 ? -1 : text[(open + 1)..].IndexOf(text[open]);
        if (length <= 0) return $"{None}.";
        string module = text.Slice(open + 1, length).ToString();
        string plain = module.StartsWith("node:", StringComparison.Ordinal) ? module["node:".Length..] : module;
        return s_instead.TryGetValue(plain, out string? instead) ? $"{None}. {instead}" : Any;
    }
}
