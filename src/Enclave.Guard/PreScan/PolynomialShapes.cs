namespace Enclave.Guard.PreScan;

/// <summary>Finds unbounded repetitions in one sequence that can match the same characters.</summary>
internal static class PolynomialShapes
{
    private const int Adjacent = 75;
    private const int Wildcards = 70;
    private const int Separated = 50;

    /// <summary>The worst pair of a sequence; null if there is none.</summary>
    public static RedosFinding? Judge(RegexNode sequence)
    {
        RedosFinding? worst = null;
        for (int i = 0; i < sequence.Children.Count; i++)
        {
            if (!sequence.Children[i].IsUnbounded) continue;
            if (JudgeFrom(sequence, i) is { } finding && finding.Score > (worst?.Score ?? 0)) worst = finding;
        }

        return worst;
    }

    private static RedosFinding? JudgeFrom(RegexNode sequence, int index)
    {
        RegexNode first = sequence.Children[index];
        bool separated = false;
        for (int i = index + 1; i < sequence.Children.Count; i++)
        {
            RegexNode next = sequence.Children[i];
            if (next.IsUnbounded && CanTakeFromEachOther(first, next))
            {
                if (first.Characters.IsWildcard && next.Characters.IsWildcard) return new RedosFinding(RedosShape.MultipleGreedy, Wildcards, first.Offset);
                return separated
                    ? new RedosFinding(RedosShape.OverlappingClasses, Separated, first.Offset)
                    : new RedosFinding(RedosShape.GreedyBacktracking, Adjacent, first.Offset);
            }

            Fit fit = SetFit.Of(next, first.Characters);
            if (fit == Fit.Blocked) return null;
            separated |= fit == Fit.Shares && !next.IsNullable;
        }

        return null;
    }

    // True if each of the two can match what one round of the other matches. (,\d+)*\d+ can be read in one way only, because a digit is never a comma.
    private static bool CanTakeFromEachOther(RegexNode first, RegexNode next) =>
        SetFit.Of(first.Children[0], next.Characters) == Fit.Shares && SetFit.Of(next.Children[0], first.Characters) == Fit.Shares;
}
