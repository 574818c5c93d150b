using System.Buffers;
using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Enclave.Guard.Rules;
using Enclave.JavaScript.Text;

namespace Enclave.Tools;

/// <summary>The names of all tools of a run, sorted and indexed once, to suggest some of them instead of an unknown name.</summary>
internal sealed partial class ToolSuggestions
{
    private const int ShownNames = 5, ShownRelated = 3, ShownOfSource = 8, MaxOfSource = 200;

    private static readonly char[] s_separators = [':', '-', '_', '.', '/'];

    // Verbs that stand for each other in names of tools.
    private static readonly string[][] s_verbs =
    [
        ["get", "fetch", "read", "find", "lookup", "retrieve", "show", "load"], ["list", "search", "query", "find", "all", "filter"],
        ["create", "add", "insert", "new", "post", "make"], ["update", "edit", "modify", "change", "set", "patch", "put", "save"],
        ["delete", "remove", "destroy", "drop", "purge", "clear", "erase"], ["send", "mail", "notify", "publish", "message"],
    ];

    private static readonly string[] s_deleting = s_verbs[4];

    // Functions of the model's own, and members that objects of other hosts have.
    private static readonly FrozenSet<string> s_ofTheModel = FrozenSet.Create(
        StringComparer.Ordinal, "run_code", "wait_code", "search_tools", "describe_tools", "searchTools", "describeTools", "list", "listTools", "list_tools");

    private static readonly FrozenSet<string> s_callers = FrozenSet.Create(StringComparer.Ordinal, "call", "callTool", "call_tool", "invoke", "execute", "run");

    private readonly IReadOnlyList<ToolDefinition>[] _lists;
    private readonly ToolDefinition[] _sorted;
    private readonly Dictionary<string, ToolDefinition> _byName;
    private readonly Dictionary<string, List<int>> _byPart = new(StringComparer.OrdinalIgnoreCase);
    private readonly NameIndex _names;
    private readonly bool _isOpenToAll;
    private readonly string[][] _words;
    private readonly bool[] _isDeleting;

    private ToolSuggestions(IReadOnlyList<ToolDefinition>[] lists, ToolCollection tools, ToolCollection? own)
    {
        _lists = lists;
        _sorted = [.. tools.And(own).OrderBy((tool) => tool.Name, StringComparer.Ordinal)];
        _byName = _sorted.ToDictionary((tool) => tool.Name, StringComparer.Ordinal);
        _names = new NameIndex(_byName.Keys);
        _isOpenToAll = Array.TrueForAll(_sorted, (tool) => tool.Options.AllowedTenants is null);
        _words = new string[_sorted.Length][];
        _isDeleting = new bool[_sorted.Length];
        for (int i = 0; i < _sorted.Length; i++)
        {
            _words[i] = [.. Parts(_sorted[i].Name)];
            _isDeleting[i] = _sorted[i].Options.Effects.HasFlag(ToolEffects.Deletes) || Array.Exists(_words[i], s_deleting.Contains);
            foreach (string part in _words[i])
            {
                if (!_byPart.TryGetValue(part, out List<int>? with)) _byPart.Add(part, with = []);
                with.Add(i);
            }
        }
    }

    /// <summary>The names of these tools and a run's own: the cached ones if no source has changed its tools since.</summary>
    public static ToolSuggestions Of(ToolCollection tools, ToolCollection? own, ToolSuggestions? earlier)
    {
        IReadOnlyList<ToolDefinition>[] lists = [.. tools.Sources.Concat(own?.Sources ?? []).Select((source) => source.Tools)];
        // A change replaces the whole list of its source.
        return earlier is not null && earlier._lists.AsSpan().SequenceEqual(lists) ? earlier : new ToolSuggestions(lists, tools, own);
    }

    /// <summary>
    /// Names to use instead of an unknown one: the name that differs by a typing error, else those with the most common parts, else the tools of the same
    /// source, else the first of all. A tool that deletes stands last, unless the name asks for one.
    /// </summary>
    public string For(string name, string? tenant, WorkMeter? meter)
    {
        int open = _isOpenToAll ? _sorted.Length : _sorted.Count((tool) => tool.IsOpenTo(tenant));
        if (open == 0) return ": no tool is open to this run";
        if (s_callers.Contains(name)) return ": write await callTool('service:name', { … }) with the name of a tool" + First(open, tenant);
        if (s_ofTheModel.Contains(name)) return ": it is a function of yours, not of a script: call it yourself" + First(open, tenant);
        bool isLong = name.Length > ToolCollection.MaxNameCharacters;
        string[] near = isLong ? [] : Near(name, tenant, meter);
        if (near.Length > 0) return $"; did you mean {string.Join(" or ", near)}?";
        return isLong || OfSource(name, tenant, meter) is not { } siblings ? First(open, tenant) : siblings;
    }

    /// <summary>The first tools of all.</summary>
    private string First(int open, string? tenant)
    {
        string first = string.Join(", ", Gentle(Enumerable.Range(0, _sorted.Length), tenant).Take(ShownNames));
        if (open > ShownNames) return $"; there are {first} and {open - ShownNames} more";
        return $"; there {(open == 1 ? "is" : "are")} {first}";
    }

    /// <summary>The names of open tools. Those that delete stand last.</summary>
    private IEnumerable<string> Gentle(IEnumerable<int> tools, string? tenant)
    {
        IEnumerable<int> open = tools.Where((i) => _sorted[i].IsOpenTo(tenant));
        return open.Where((i) => !_isDeleting[i]).Concat(open.Where((i) => _isDeleting[i])).Select((i) => _sorted[i].Name);
    }

    /// <summary>The tools of the source that a name begins with, those with a verb like the name's first; null if it has none.</summary>
    private string? OfSource(string name, string? tenant, WorkMeter? meter)
    {
        if (SourceOf(name) is not { } source) return null;
        string[] parts = [.. Parts(name[source.Length..])], like = [.. s_verbs.Where((verbs) => parts.Any(verbs.Contains)).SelectMany((verbs) => verbs)];
        int first = FirstOf(source + ':'), end = first;
        while (end < Math.Min(_sorted.Length, first + MaxOfSource) && _sorted[end].Name.StartsWith(source + ':', StringComparison.Ordinal)) end++;
        int[] siblings = [.. Enumerable.Range(first, end - first).Where((i) => _sorted[i].IsOpenTo(tenant))];
        foreach (int _ in siblings) meter?.Step();
        if (siblings.Length == 0) return null;
        Predicate<string> isLike = like.Contains;
        IEnumerable<string> ranked = like.Length == 0 ? Gentle(siblings, tenant)
            : Gentle(siblings.Where((i) => Array.Exists(_words[i], isLike)), tenant)
                .Concat(Gentle(siblings.Where((i) => !Array.Exists(_words[i], isLike)), tenant));
        string rest = siblings.Length > ShownOfSource ? $" and {siblings.Length - ShownOfSource} more" : "";
        return $"; the tools of {source} are {string.Join(", ", ranked.Take(ShownOfSource))}{rest}";
    }

    /// <summary>The source of tools that a name begins with; null if there is none of this name.</summary>
    private string? SourceOf(string name)
    {
        int end = name.IndexOfAny(s_separators);
        if (end <= 0) return null;
        string source = name[..end];
        int first = FirstOf(source + ':');
        return first < _sorted.Length && _sorted[first].Name.StartsWith(source + ':', StringComparison.Ordinal) ? source : null;
    }

    /// <summary>The first tool in the order of the names that does not stand before a text.</summary>
    private int FirstOf(string text)
    {
        (int low, int high) = (0, _sorted.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (string.CompareOrdinal(_sorted[middle].Name, text) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private string[] Near(string name, string? tenant, WorkMeter? meter) =>
        _names.Nearest(name, meter, _isOpenToAll ? null : (known) => _byName[known].IsOpenTo(tenant)) is { } nearest ? [nearest] : Related(name, tenant, meter);

    /// <summary>The tools whose names have most parts in common with a name, but not more than are shown.</summary>
    private string[] Related(string name, string? tenant, WorkMeter? meter)
    {
        int[] shared = ArrayPool<int>.Shared.Rent(_sorted.Length);
        shared.AsSpan(0, _sorted.Length).Clear();
        // Tools of one source have its name in common, which is no likeness.
        string? source = SourceOf(name);
        int highest = 0;
        foreach (string part in Parts(name[(source?.Length ?? 0)..]).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            foreach (int tool in _byPart.GetValueOrDefault(part) ?? [])
            {
                meter?.Step();
                highest = Math.Max(highest, ++shared[tool]);
            }
        }

        string[] most = [];
        // The highest count that a tool has which is open.
        for (int count = highest; count > 0 && most.Length == 0; count--)
        {
            most = [.. Gentle(Enumerable.Range(0, _sorted.Length).Where((i) => shared[i] == count), tenant).Take(ShownRelated)];
        }

        ArrayPool<int>.Shared.Return(shared);
        return most;
    }

    /// <summary>The words of a name: <c>listCustomers</c> and <c>list_customers</c> have the same two.</summary>
    private static IEnumerable<string> Parts(string name) => Hump().Replace(name, "_").ToLowerInvariant().Split(s_separators).Where((part) => part.Length > 2);

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex Hump();
}
