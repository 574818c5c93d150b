using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>The names that a module exports, each once (ECMA-262 16.2.1.1).</summary>
internal sealed class ExportedNames : Arena
{
    private readonly List<string> _order = [];
    private readonly HashSet<string> _names = [];

    /// <summary>False if the name is exported already.</summary>
    public bool TryAdd(string name)
    {
        if (!_names.Add(name)) return false;
        _order.Add(name);
        Count = _order.Count;
        return true;
    }

    public override void Clear()
    {
        _order.Clear();
        _names.Clear();
        Count = 0;
    }

    protected override void Cut(int count)
    {
        for (int i = count; i < Count; i++) _names.Remove(_order[i]);
        _order.RemoveRange(count, Count - count);
        Count = count;
    }
}
