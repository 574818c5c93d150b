namespace Enclave.Tools;

/// <summary>The registered tools that a script names, with the hashes of their schemas: the journal of a durable run keeps them.</summary>
internal static class NamedTools
{
    /// <summary>The most tools that a journal names.</summary>
    private const int Most = 100;

    /// <summary>The tools that the run may call and whose names stand in its script, in brackets or as members of <c>tools</c>.</summary>
    public static Dictionary<string, string> In(string code, RunOptions? run, ToolRegistry registry)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int at = 0; at < code.Length && named.Count < Most; at++)
        {
            int from = at;
            while (at < code.Length && (char.IsAsciiLetterOrDigit(code[at]) || code[at] is ':' or '_' or '-' or '.')) at++;
            if (at == from || at - from > ToolCollection.MaxNameCharacters || !char.IsAsciiLetter(code[from])) continue;
            string word = code[from..at];
            const string Members = "tools.";
            string name = word.StartsWith(Members, StringComparison.Ordinal) ? word[Members.Length..].Replace('.', ':') : word;
            if (registry.Open(run, name) is { } tool) named.TryAdd(name, tool.SchemaHash);
        }

        return named;
    }

    /// <summary>The tools whose schema has changed, or that are gone.</summary>
    public static IEnumerable<string> Changed(IReadOnlyDictionary<string, string> named, RunOptions? run, ToolRegistry registry) =>
        named.Where((tool) => registry.Find(run, tool.Key) is { } now ? now.SchemaHash != tool.Value : !registry.HasHandler).Select((tool) => tool.Key);
}
