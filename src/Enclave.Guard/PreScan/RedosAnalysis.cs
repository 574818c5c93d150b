namespace Enclave.Guard.PreScan;

/// <summary>Estimates how slow a pattern can be to match, from its parts and the characters that they share.</summary>
/// <remarks>
/// A repetition is dangerous if a text can be divided among its rounds in more than one way. That is so if an inner part of varying length can match
/// everything that must stand between two rounds. A separator that the inner part cannot match leaves only one way, as in <c>(\d+,)*</c>.
/// Time is at most quadratic in the pattern, whose length is bounded.
/// </remarks>
internal static class RedosAnalysis
{
    /// <summary>The longest pattern that is analysed, in UTF-16 units.</summary>
    public const int MaxPatternLength = 1_000;

    /// <summary>A pattern with this score or above may not run.</summary>
    public const int FatalScore = 80;

    /// <summary>A pattern with this score or above gets a warning.</summary>
    public const int WarningScore = 50;

    // So many rounds make a repetition too slow: of an unbounded inner part, and of an inner part with few ways to match.
    private const int ManyRoundsOfEndless = 4;
    private const int ManyRounds = 10;

    /// <summary>The worst finding in a pattern; null if none reaches <see cref="WarningScore"/>.</summary>
    /// <param name="pattern">The text between the slashes, or the text given to RegExp.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="level">The kinds of backtracking to look for.</param>
    public static RedosFinding? Analyze(ReadOnlySpan<char> pattern, ReadOnlySpan<char> flags, RedosScope level)
    {
        // A pattern that cannot be analysed counts as dangerous.
        var unjudged = new RedosFinding(RedosShape.NotAnalysed, FatalScore, 0);
        if (pattern.Length > MaxPatternLength) return unjudged;
        if (new PatternReader(pattern, flags).Read() is not { } root) return unjudged;
        RedosFinding? worst = null;
        Visit(root, level, ref worst);
        return worst;
    }

    // The reader bounds the depth.
    private static void Visit(RegexNode node, RedosScope level, ref RedosFinding? worst)
    {
        switch (node.Kind)
        {
            case RegexNodeKind.Repeat:
                Keep(JudgeInner(node), ref worst);
                Keep(JudgeOptionalBody(node), ref worst);
                break;
            case RegexNodeKind.Alternation:
                Keep(JudgeAlternatives(node), ref worst);
                break;
            case RegexNodeKind.Sequence when level == RedosScope.Polynomial:
                Keep(PolynomialShapes.Judge(node), ref worst);
                break;
        }

        foreach (RegexNode child in node.Children) Visit(child, level, ref worst);
    }

    private static void Keep(RedosFinding? found, ref RedosFinding? worst)
    {
        if (found is { } finding && finding.Score > (worst?.Score ?? 0)) worst = finding;
    }

    /// <summary>Judges a part of varying length and the repetitions around it.</summary>
    private static RedosFinding? JudgeInner(RegexNode inner)
    {
        if (inner.Min == inner.Max) return null;
        bool shares = false;
        for (RegexNode node = inner; node.Parent is { } outer; node = outer)
        {
            if (outer.Kind == RegexNodeKind.Lookaround) return null;
            if (outer.Kind == RegexNodeKind.Sequence)
            {
                Fit fit = FitOfOthers(outer, node, inner.Characters);
                if (fit == Fit.Blocked) return null;
                shares |= fit == Fit.Shares;
            }
            else if (outer.Kind == RegexNodeKind.Repeat && JudgePair(inner, outer, shares ? Fit.Shares : Fit.Skippable) is { } finding)
            {
                return finding;
            }
        }

        return null;
    }

    private static RedosFinding? JudgePair(RegexNode inner, RegexNode outer, Fit others)
    {
        if (inner.IsUnbounded)
        {
            int score = inner.Characters.IsWildcard ? 95 : 90;
            if (outer.IsUnbounded) return new RedosFinding(RedosShape.NestedQuantifier, score, outer.Offset);
            return outer.Max >= ManyRoundsOfEndless ? new RedosFinding(RedosShape.StarInRepetition, 85, outer.Offset) : null;
        }

        // A single optional part cannot divide a text in another way: its round consumes it once or not at all.
        if (outer.Max < ManyRounds || (inner.Max == 1 && others != Fit.Shares)) return null;
        return new RedosFinding(RedosShape.RepetitionInStar, 85, outer.Offset);
    }

    /// <summary>Judges several optional parts that form a round: each can be a round of its own, or share one.</summary>
    private static RedosFinding? JudgeOptionalBody(RegexNode repeat)
    {
        RegexNode body = repeat.Children[0];
        if (repeat.Max < ManyRounds || body.Kind != RegexNodeKind.Sequence || !body.IsNullable) return null;
        int consuming = body.Children.Count((child) => child.Kind is not (RegexNodeKind.Anchor or RegexNodeKind.Lookaround));
        return consuming < 2 ? null : new RedosFinding(RedosShape.RepetitionInStar, 85, repeat.Offset);
    }

    private static RedosFinding? JudgeAlternatives(RegexNode alternation)
    {
        RegexNode? loop = alternation.Parent;
        while (loop is not null && loop.Kind != RegexNodeKind.Lookaround && !(loop.Kind == RegexNodeKind.Repeat && loop.Max >= ManyRounds)) loop = loop.Parent;
        if (loop is not { Kind: RegexNodeKind.Repeat }) return null;
        List<List<RegexNode>> fixedBranches = [];
        CharSet single = default;
        foreach (RegexNode branch in alternation.Children)
        {
            if (FixedCharacters(branch) is not { } characters) continue;
            fixedBranches.Add(characters);
            if (characters.Count == 1) single = single.Union(characters[0].Characters);
        }

        bool overlaps = AnyPairMatchesTheSame(fixedBranches)
            || (fixedBranches.Exists((branch) => branch.Count > 1 && branch.TrueForAll((part) => part.Characters.Intersects(single)))
                && IsFree(alternation, loop, single));
        return overlaps ? new RedosFinding(RedosShape.OverlappingAlternation, 80, loop.Offset) : null;
    }

    private static bool AnyPairMatchesTheSame(List<List<RegexNode>> branches)
    {
        for (int i = 0; i < branches.Count; i++)
        {
            for (int j = i + 1; j < branches.Count; j++)
            {
                if (branches[i].Count == branches[j].Count && MatchTheSame(branches[i], branches[j])) return true;
            }
        }

        return false;
    }

    private static bool MatchTheSame(List<RegexNode> one, List<RegexNode> other)
    {
        for (int i = 0; i < one.Count; i++)
        {
            if (!one[i].Characters.Intersects(other[i].Characters)) return false;
        }

        return one.Count > 0;
    }

    /// <summary>The sets of a branch that consumes exactly one character for each. Null for any other branch.</summary>
    private static List<RegexNode>? FixedCharacters(RegexNode branch)
    {
        if (branch.Kind == RegexNodeKind.Set) return [branch];
        return branch.Kind == RegexNodeKind.Sequence && branch.Children.TrueForAll((child) => child.Kind == RegexNodeKind.Set) ? branch.Children : null;
    }

    /// <summary>True if every part between the inner part and the repetition around it can match characters of the set.</summary>
    private static bool IsFree(RegexNode part, RegexNode loop, in CharSet set)
    {
        for (RegexNode node = part; node != loop && node.Parent is { } outer; node = outer)
        {
            if (outer.Kind == RegexNodeKind.Sequence && FitOfOthers(outer, node, set) == Fit.Blocked) return false;
        }

        return true;
    }

    private static Fit FitOfOthers(RegexNode sequence, RegexNode part, in CharSet set)
    {
        Fit fit = Fit.Skippable;
        foreach (RegexNode child in sequence.Children)
        {
            if (child == part) continue;
            Fit one = SetFit.Of(child, set);
            if (one == Fit.Blocked) return Fit.Blocked;
            if (one == Fit.Shares) fit = Fit.Shares;
        }

        return fit;
    }
}
