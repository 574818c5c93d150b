using System.Runtime.InteropServices;

namespace Enclave.JavaScript.RegExp;

/// <summary>The names of a pattern's groups: the declared ones, the referenced ones, and those that may not be declared again.</summary>
/// <remarks>
/// A name may be declared again only where both groups cannot take part in the same match: in another alternative of the same disjunction
/// (ECMA-262 22.2.1.1 and 22.2.1.4, MightBothParticipate). So a name is closed from its declaration to the end of the alternative, open in the
/// alternatives beside it, and closed again behind the disjunction. A declaration changes at most twice per level of nesting, which is
/// bounded, so the work stays linear.
/// </remarks>
internal sealed class GroupNames
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<State> _states = [];
    private readonly List<int> _declarations = [];

    /// <summary>The number of declarations so far.</summary>
    public int Count => _declarations.Count;

    /// <summary>Declares a group's name. False if an earlier group may take part in the same match.</summary>
    public bool TryDeclare(ReadOnlySpan<char> name)
    {
        int id = IdOf(name);
        ref State state = ref CollectionsMarshal.AsSpan(_states)[id];
        if (state.Use == NameUse.Closed) return false;
        state = state with { Declared = true, Use = NameUse.Closed };
        _declarations.Add(id);
        return true;
    }

    /// <summary>Records a reference, which may stand before its group.</summary>
    public void Refer(ReadOnlySpan<char> name, int offset)
    {
        int id = IdOf(name);
        ref State state = ref CollectionsMarshal.AsSpan(_states)[id];
        if (state.FirstReference < 0) state = state with { FirstReference = offset };
    }

    /// <summary>Begins another alternative: the names declared since <paramref name="from"/> may be declared again.</summary>
    public void Reopen(int from) => Mark(from, Count, NameUse.Open);

    /// <summary>Ends a disjunction: names that its alternatives declared between the two counts may not be declared again behind it.</summary>
    public void Close(int from, int to) => Mark(from, to, NameUse.Closed);

    /// <summary>Offset of the first reference without a group, or -1.</summary>
    public int FirstMissing()
    {
        int first = -1;
        foreach (State state in _states)
        {
            if (!state.Declared && (first < 0 || state.FirstReference < first)) first = state.FirstReference;
        }

        return first;
    }

    private void Mark(int from, int to, NameUse use)
    {
        Span<State> states = CollectionsMarshal.AsSpan(_states);
        foreach (int id in CollectionsMarshal.AsSpan(_declarations)[from..to]) states[id] = states[id] with { Use = use };
    }

    private int IdOf(ReadOnlySpan<char> name)
    {
        ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids.GetAlternateLookup<ReadOnlySpan<char>>(), name, out bool known);
        if (known) return id;
        id = _states.Count;
        _states.Add(new State(Declared: false, NameUse.Open, FirstReference: -1));
        return id;
    }

    private enum NameUse : byte
    {
        Open,
        Closed,
    }

    private readonly record struct State(bool Declared, NameUse Use, int FirstReference);
}
