namespace Enclave.Guard.PreScan;

/// <summary>The kind of a pattern's part.</summary>
internal enum RegexNodeKind : byte
{
    /// <summary>One character out of a set.</summary>
    Set,

    /// <summary>Parts in a row.</summary>
    Sequence,

    /// <summary>One of several parts.</summary>
    Alternation,

    /// <summary>A repeated part.</summary>
    Repeat,

    /// <summary>A lookahead or lookbehind: it consumes nothing.</summary>
    Lookaround,

    /// <summary>An anchor or a word boundary.</summary>
    Anchor,

    /// <summary>The text that a group matched before.</summary>
    BackReference,
}

/// <summary>A part of a pattern.</summary>
internal sealed class RegexNode(RegexNodeKind kind, int offset)
{
    /// <summary>Its kind.</summary>
    public RegexNodeKind Kind { get; } = kind;

    /// <summary>Its offset in the pattern.</summary>
    public int Offset { get; } = offset;

    /// <summary>Its parts.</summary>
    public List<RegexNode> Children { get; } = [];

    /// <summary>The part that contains it; null at the root.</summary>
    public RegexNode? Parent { get; private set; }

    /// <summary>All characters that it can consume.</summary>
    public CharSet Characters { get; private set; }

    /// <summary>Fewest rounds of a repetition.</summary>
    public int Min { get; init; } = 1;

    /// <summary>Most rounds of a repetition; <see cref="int.MaxValue"/> if there is no bound.</summary>
    public int Max { get; init; } = 1;

    /// <summary>True if it is a repetition without an upper bound.</summary>
    public bool IsUnbounded => Kind == RegexNodeKind.Repeat && Max == int.MaxValue;

    /// <summary>A node for one character out of a set.</summary>
    public static RegexNode OfSet(in CharSet set, int offset) => new(RegexNodeKind.Set, offset) { Characters = set };

    /// <summary>Sets the parents, and collects the characters that each part can consume. The reader bounds the depth.</summary>
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

    /// <summary>True if it can match without consuming anything.</summary>
    public bool IsNullable => Kind switch
    {
        RegexNodeKind.Set => false,
        RegexNodeKind.Sequence => Children.TrueForAll((child) => child.IsNullable),
        RegexNodeKind.Alternation => Children.Exists((child) => child.IsNullable),
        RegexNodeKind.Repeat => Min == 0 || Children[0].IsNullable,
        _ => true,
    };
}
