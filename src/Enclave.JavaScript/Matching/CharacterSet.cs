namespace Enclave.JavaScript.Matching;

/// <summary>
/// The characters that match at one place of a regular expression: sorted, separate ranges, so that a look-up takes few steps for any pattern.
/// </summary>
internal sealed class CharacterSet
{
    private const int Last = 0x10FFFF;

    private readonly (int First, int Last)[] _ranges;
    private readonly bool _isNegated, _ignoresCase;

    /// <param name="ranges">Any ranges, in any order.</param>
    /// <param name="negated">True for all other characters.</param>
    /// <param name="options">The options: upper and lower case may be the same.</param>
    public CharacterSet(IEnumerable<(int First, int Last)> ranges, bool negated, RegularExpressionOptions options)
    {
        // With ignored case, a negated set has the characters of which no form is in the ranges.
        (_ranges, _isNegated) = (Merge(ranges), negated);
        _ignoresCase = options.HasFlag(RegularExpressionOptions.IgnoreCase);
    }

    public bool Contains(int character) => _isNegated != (Find(character) || (_ignoresCase && character <= char.MaxValue
        && (Find(char.ToUpperInvariant((char)character)) || Find(char.ToLowerInvariant((char)character)))));

    /// <summary>All characters outside of these ranges.</summary>
    public static IEnumerable<(int First, int Last)> Others(IEnumerable<(int First, int Last)> ranges)
    {
        int next = 0;
        foreach ((int first, int last) in Merge(ranges))
        {
            if (first > next) yield return (next, first - 1);
            next = last + 1;
        }

        if (next <= Last) yield return (next, Last);
    }

    private static (int First, int Last)[] Merge(IEnumerable<(int First, int Last)> ranges)
    {
        var merged = new List<(int First, int Last)>();
        foreach ((int first, int last) in ranges.OrderBy(static (range) => range.First))
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1) merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            else merged.Add((first, last));
        }

        return [.. merged];
    }

    private bool Find(int character)
    {
        int low = 0, high = _ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (character < _ranges[middle].First) high = middle - 1;
            else if (character > _ranges[middle].Last) low = middle + 1;
            else return true;
        }

        return false;
    }
}
