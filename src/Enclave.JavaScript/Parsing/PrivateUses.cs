using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>The uses of private names that no class has declared yet (ECMA-262 15.7.1).</summary>
internal sealed class PrivateUses : Arena
{
    private readonly Dictionary<string, int> _lastUses = [];
    private readonly List<Use> _uses = [];

    /// <summary>A use of a private name, and the previous use of the same name, counted from 1.</summary>
    private record struct Use(string Name, int Offset, int Before, bool Declared);

    public void Add(string name, int offset)
    {
        _lastUses.TryGetValue(name, out int before);
        _uses.Add(new Use(name, offset, before, false));
        _lastUses[name] = Count = _uses.Count;
    }

    /// <summary>Marks the uses since the mark as those of a name that is declared. Each is marked once, by the innermost class that declares it.</summary>
    public void Declare(string name, int mark)
    {
        if (!_lastUses.TryGetValue(name, out int at)) return;
        for (; at > mark; at = _uses[at - 1].Before) _uses[at - 1] = _uses[at - 1] with { Declared = true };
        _lastUses[name] = at;
    }

    /// <summary>The first use of a name that no class around it declares.</summary>
    public (string Name, int Offset)? FirstUndeclared()
    {
        foreach (Use use in _uses)
        {
            if (!use.Declared) return (use.Name, use.Offset);
        }

        return null;
    }

    public override void Clear()
    {
        _uses.Clear();
        _lastUses.Clear();
        Count = 0;
    }

    protected override void Cut(int count)
    {
        for (int i = Count - 1; i >= count; i--) _lastUses[_uses[i].Name] = _uses[i].Before;
        _uses.RemoveRange(count, Count - count);
        Count = count;
    }
}
