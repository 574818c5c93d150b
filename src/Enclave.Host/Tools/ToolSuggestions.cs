using System.Buffers;
using Enclave.Guard.Rules;
using Enclave.JavaScript.Text;

namespace Enclave.Tools;

/// <summary>The names of all tools of a run, sorted and indexed once, to suggest some of them instead of an unknown name.</summary>
internal sealed class ToolSuggestions
{
    private const int ShownNames = 5, ShownRelated = 3;

    private static readonly char[] s_separators = [':', '-', '_'];

    private readonly IReadOnlyList<ToolDefinition>[] _lists;
    private readonly ToolDefinition[] _sorted;
    private readonly Dictionary<string, ToolDefinition> _byName;
    private readonly Dictionary<string, List<int>> _byPart = new(StringComparer.OrdinalIgnoreCase);
    private readonly NameIndex _names;
    private readonly bool _isOpenToAll;

    private ToolSuggestions(IReadOnlyList<ToolDefinition>[] lists, ToolCollection tools, ToolCollection? own)
    {
        _lists = lists;
        _sorted = [.. tools.And(own).OrderBy((tool) => tool.Name, StringComparer.Ordinal)];
        _byName = _sorted.ToDictionary((tool) => tool.Name, StringComparer.Ordinal);
        _names = new NameIndex(_byName.Keys);
        _isOpenToAll = Array.TrueForAll(_sorted, (tool) => tool.Options.AllowedTenants is null);
        for (int i = 0; i < _sorted.Length; i++)
        {
            foreach (string part in Parts(_sorted[i].Name))
            {
                if (!_byPart.TryGetValue(part, out List<int>? with)) _byPart.Add(part, with = []);
                with.Add(i);
            }
        }
    }

    /// <summary>The names of these tools and a run's own: the earlier ones if no source has changed its tools since.</summary>
    public static ToolSuggestions Of(ToolCollection tools, ToolCollection? own, ToolSuggestions? earlier)
    {
        IReadOnlyList<ToolDefinition>[] lists = [.. tools.Sources.Concat(own?.Sources ?? []).Select((source) => source.Tools)];
        // A change replaces the whole list of its source.
        return earlier is not null && earlier._lists.AsSpan().SequenceEqual(lists) ? earlier : new ToolSuggestions(lists, tools, own);
    }

    /// <summary>Names to use instead of an unknown one: the one with a typing error less, else those with most common parts, else the first of all.</summary>
    public string For(string name, string? tenant, WorkMeter? meter)
    {
        int open = _isOpenToAll ? _sorted.Length : _sorted.Count((tool) => tool.IsOpenTo(tenant));
        if (open == 0) return ": no tool is open to this run";
        string[] near = name.Length > ToolCollection.MaxNameCharacters ? [] : Near(name, tenant, meter);
        if (near.Length > 0) return $"; did you mean {string.Join(" or ", near)}?";
        string first = string.Join(", ", _sorted.Where((tool) => tool.IsOpenTo(tenant)).Take(ShownNames).Select((tool) => tool.Name));
        if (open > ShownNames) return $"; there are {first} and {open - ShownNames} more";
        return $"; there {(open == 1 ? "is" : "are")} {first}";
    }

    private string[] Near(string name, string? tenant, WorkMeter? meter) =>
        _names.Nearest(name, meter, _isOpenToAll ? null : (known) => _byName[known].IsOpenTo(tenant)) is { } nearest ? [nearest] : Related(name, tenant, meter);

    /// <summary>The tools whose names have most parts in common with a name, but not more than are shown.</summary>
    private string[] Related(string name, string? tenant, WorkMeter? meter)
    {
        int[] shared = ArrayPool<int>.Shared.Rent(_sorted.Length);
        shared.AsSpan(0, _sorted.Length).Clear();
        int highest = 0;
        foreach (string part in Parts(name).Distinct(StringComparer.OrdinalIgnoreCase))
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
            most = [.. _sorted.Where((tool, i) => shared[i] == count && tool.IsOpenTo(tenant)).Take(ShownRelated).Select((tool) => tool.Name)];
        ArrayPool<int>.Shared.Return(shared);
        return most;
    }

    private static IEnumerable<string> Parts(string name) => name.Split(s_separators).Where((part) => part.Length > 2);
}
