using System.Collections.Frozen;
using System.Text;

namespace Enclave.Guard.Rules;

/// <summary>Suggests a tool's real name to scripts that use another name for it.</summary>
internal sealed class ToolHints
{
    private const int Shown = 5;
    private const int MaxPath = 128;
    private const string ServerPrefix = "mcp__";

    /// <summary>For hosts that have not named their tools.</summary>
    public static ToolHints None { get; } = new([]);

    private static readonly FrozenSet<string> s_namespaces = FrozenSet.Create(
        StringComparer.Ordinal, "tools", "tool", "functions", "api", "mcp", "client", "agent", "codemode", "call_tool", "callTools", "useTool", "use_tool",
        "invoke", "default_api", "ctx", "context", "toolbox", "sdk", "executor", "plugin", "actions", "functionCall", "invokeTool", "runTool", "execute_tool");

    /// <summary>Members of such objects that call a tool by its name.</summary>
    private static readonly FrozenSet<string> s_callers = FrozenSet.Create(
        StringComparer.Ordinal, "callTool", "call_tool", "call", "invoke", "execute", "run", "use", "tools", "functions", "default");

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly string _list;

    public ToolHints(IReadOnlyCollection<string> tools)
    {
        foreach (string tool in tools) _names.TryAdd(Plain(tool), tool);
        string rest = tools.Count > Shown ? $" and {tools.Count - Shown} more" : "";
        _list = tools.Count == 0 ? "" : $" The tools here: {string.Join(", ", tools.Take(Shown))}{rest}.";
    }

    /// <summary>Returns the hint for a name that means a tool; null for other names.</summary>
    /// <param name="source">The script.</param>
    /// <param name="name">The name.</param>
    /// <param name="end">The offset behind the name. The members that follow may name the tool.</param>
    public string? For(string source, string name, int end)
    {
        // Some clients call a server's tools mcp__server__tool.
        string path = s_namespaces.Contains(name) ? "" : name.StartsWith(ServerPrefix, StringComparison.Ordinal) ? name[ServerPrefix.Length..] : name;
        string members = Members(source, end);
        if (Find(path + members) is { } tool) return $"Call the tool by its name: await callTool('{tool}', {{ … }}).";
        if (path.Length == 0 && Behind(source, end, members) is { } named) return $"Call the tool by its name: await callTool('{named}', {{ … }}).";
        if (Find(path) is { } whole) return $"Call the tool by its name: await callTool('{whole}', {{ … }}).";
        return path.Length < name.Length ? $"Call a tool by its name: await callTool('name', {{ … }}).{_list}" : null;
    }

    /// <summary>Adds the list of tools to a hint that mentions callTool.</summary>
    public string WithTools(string hint) => hint.Contains("callTool", StringComparison.Ordinal) ? hint + _list : hint;

    /// <summary>The tool that members behind those of a caller name, as in <c>.tools.a.b</c>, or the first text in its brackets.</summary>
    private string? Behind(string source, int end, string members)
    {
        string[] parts = members.Split('.', StringSplitOptions.RemoveEmptyEntries);
        int first = Array.FindIndex(parts, (part) => !s_callers.Contains(part));
        if (first > 0 && Find(string.Join('.', parts[first..])) is { } tool) return tool;
        ReadOnlySpan<char> rest = source.AsSpan(end + members.Length);
        rest = rest[..Math.Min(rest.Length, MaxPath)];
        int open = rest.IndexOfAny('\'', '"');
        int length = open < 0 || rest.IndexOf('\n') is >= 0 and var line && line < open ? -1 : rest[(open + 1)..].IndexOf(rest[open]);
        return length > 0 ? Find(rest.Slice(open + 1, length).ToString()) : null;
    }

    private string? Find(string path) => path.Length == 0 ? null : _names.GetValueOrDefault(Plain(path));

    /// <summary>Reads the members behind a name, as in <c>.a.b</c>.</summary>
    private static string Members(string source, int end)
    {
        int at = end, last = Math.Min(source.Length, end + MaxPath);
        while (at < last && (source[at] is '.' or '?' or '_' or '$' || char.IsAsciiLetterOrDigit(source[at]))) at++;
        return at > end && source[end] is '.' or '?' ? source[end..at] : "";
    }

    /// <summary>Reduces a name to its letters and digits: <c>orders:list</c>, <c>orders.list</c>, <c>orders_list</c> and <c>ordersList</c> are equal.</summary>
    private static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            if (char.IsLetterOrDigit(c)) plain.Append(char.ToLowerInvariant(c));
        }

        return plain.ToString();
    }
}
