namespace Enclave.Guard.PreScan;

/// <summary>What a part of a pattern is.</summary>
internal enum RegexNodeKind : byte
{
    /// <summary>One character out of a set.</summary>
    Set,

    /// <summary>Parts one behind the other.</summary>
    Sequence,

    /// <summary>One of several parts.</summary>
    Alternation,

    /// <summary>A part, several times.</summary>
    Repeat,

    /// <summary>A part that is looked at, and not consumed.</summary>
    Lookaround,

    /// <summary>An anchor or a word boundary.</summary>
    Anchor,

    /// <summary>What a group matched before.</summary>
    BackReference,
}

/// <summary>A part of a pattern.</summary>
internal sealed class RegexNode(RegexNodeKind kind, int offset)
{
    /// <summary>What it is.</summary>
    public RegexNodeKind Kind { get; } = kind;

    /// <summary>Where in the pattern it begins.</summary>
    public int Offset { get; } = offset;

    /// <summary>Its parts.</summary>
    public List<RegexNode> Children { get; } = [];

    /// <summary>The part that holds it; null at the root.</summary>
    public RegexNode? Parent { get; private set; }

    /// <summary>Every character that it can consume.</summary>
    public CharSet Characters { get; private set; }

    /// <summary>Fewest rounds of a repetition.</summary>
    public int Min { get; init; } = 1;

    /// <summary>Most rounds of a repetition; <see cref="int.MaxValue"/> if there is no bound.</summary>
    public int Max { get; init; } = 1;

    /// <summary>Whether it is a repetition without an upper bound.</summary>
    public bool IsUnbounded => Kind == RegexNodeKind.Repeat && Max == int.MaxValue;

    /// <summary>A node for one character out of a set.</summary>
    public static RegexNode OfSet(in CharSet set, int offset) => new(RegexNodeKind.Set, offset) { Characters = set };

    /// <summary>Tells the parts who holds them, and gathers what they can consume. The reader bounds the depth.</summary>
    public void Link()
    {
        if (Kind == RegexNodeKind.BackReference) Characters = CharSet.All;
        foreach (RegexNode child in Children)
        {
            child.Parent = this;
            child.Link();
            if (child.Kind != RegexNodeKind.Lookaround) Characters = Characters.Union(child.Characters);
        }
    }

    /// <summary>Whether it can match without consuming anything.</summary>
    public bool IsNullable => Kind switch
    {
        RegexNodeKind.Set => false,
        RegexNodeKind.Sequence => Children.TrueForAll((child) => child.IsNullable),
        RegexNodeKind.Alternation => Children.Exists((child) => child.IsNullable),
        RegexNodeKind.Repeat => Min == 0 || Children[0].IsNullable,
        _ => true,
    };
}
