namespace Enclave.Guard.PreScan;

/// <summary>How a part of a pattern relates to a set of characters.</summary>
internal enum Fit : byte
{
    /// <summary>It must consume a character outside of the set.</summary>
    Blocked,

    /// <summary>It can match without consuming anything, and consumes no character of the set.</summary>
    Skippable,

    /// <summary>It can consume characters of the set and no others.</summary>
    Shares,
}

/// <summary>Says if a part of a pattern can match a text made of a set's characters.</summary>
internal static class SetFit
{
    /// <summary>How a part relates to a set.</summary>
    public static Fit Of(RegexNode node, in CharSet set) => node.Kind switch
    {
        RegexNodeKind.Set => node.Characters.Intersects(set) ? Fit.Shares : Fit.Blocked,
        RegexNodeKind.Sequence => OfSequence(node, set),
        RegexNodeKind.Alternation => OfAlternation(node, set),
        RegexNodeKind.Repeat => OfRepeat(node, set),
        RegexNodeKind.BackReference => Fit.Shares,
        _ => Fit.Skippable,
    };

    private static Fit OfSequence(RegexNode node, in CharSet set)
    {
        Fit fit = Fit.Skippable;
        foreach (RegexNode child in node.Children)
        {
            Fit one = Of(child, set);
            if (one == Fit.Blocked) return Fit.Blocked;
            if (one == Fit.Shares) fit = Fit.Shares;
        }

        return fit;
    }

    private static Fit OfAlternation(RegexNode node, in CharSet set)
    {
        Fit best = Fit.Blocked;
        foreach (RegexNode child in node.Children)
        {
            Fit one = Of(child, set);
            if (one > best) best = one;
        }

        return best;
    }

    private static Fit OfRepeat(RegexNode node, in CharSet set)
    {
        Fit inner = Of(node.Children[0], set);
        return node.Min == 0 && inner == Fit.Blocked ? Fit.Skippable : inner;
    }
}
