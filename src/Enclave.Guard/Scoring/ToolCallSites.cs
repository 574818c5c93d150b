using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Scoring;

/// <summary>A place that calls a tool, or passes the tool function on.</summary>
/// <param name="Node">The call. If there is none, the name.</param>
/// <param name="Region">The region of the place.</param>
internal readonly record struct ToolCallSite(Node Node, Region Region);

/// <summary>Finds the calls of the tool function, under any name.</summary>
internal sealed class ToolCallSites(ScopeTree scopes, ScriptWalk walk, Bindings bindings)
{
    private readonly List<ToolCallSite> _sites = [];
    private readonly Queue<Binding> _aliases = [];
    private readonly HashSet<Binding> _seen = [];

    /// <summary>All places in order of evaluation: calls in arguments come before the call that takes them.</summary>
    public List<ToolCallSite> Find()
    {
        foreach ((CallExpression call, Region region) in walk.MemberCalls) _sites.Add(new(call, region));
        foreach (Reference reference in scopes.Free)
        {
            if (ToolNames.IsToolFunction(reference.Identifier.Name)) Follow(reference);
        }

        foreach (Identifier picked in walk.PickedTools) Enqueue(picked);
        while (_aliases.TryDequeue(out Binding? alias))
        {
            foreach (Reference reference in alias.References) Follow(reference);
        }

        _sites.Sort((a, b) => a.Node.End != b.Node.End ? a.Node.End.CompareTo(b.Node.End) : b.Node.Start.CompareTo(a.Node.Start));
        return _sites;
    }

    private void Follow(Reference reference)
    {
        // Assigning the name or asking for its type does not call the function.
        if (!reference.IsRead || reference.IsTypeOfOperand) return;
        Identifier name = reference.Identifier;
        if (walk.NamedCalls.TryGetValue(name, out (CallExpression Call, Region Region) call)) _sites.Add(new(call.Call, call.Region));
        else if (walk.Aliases.TryGetValue(name, out Identifier? alias)) Enqueue(alias);
        // A receiver of the function may call any tool. A callback does so once for each element.
        else if (walk.Callbacks.TryGetValue(name, out Entry entry)) _sites.Add(new(name, CallbackRegion(name, entry)));
        else _sites.Add(new(name, RegionAt(name.Start)));
    }

    private void Enqueue(Identifier declared)
    {
        if (bindings.Of(declared) is { } binding && _seen.Add(binding)) _aliases.Enqueue(binding);
    }

    private static Region CallbackRegion(Node name, Entry entry)
    {
        var region = new Region(entry.From, name);
        region.Add(entry);
        return region;
    }

    private Region RegionAt(int offset)
    {
        (int low, int high) = (0, walk.Regions.Count - 1);
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (walk.Regions[middle].Node.Start <= offset) low = middle;
            else high = middle - 1;
        }

        Region region = walk.Regions[low];
        while (region.Parent is not null && offset >= region.Node.End) region = region.Parent;
        return region;
    }
}
