namespace Enclave.Streaming.Filters;

/// <summary>
/// The characters that match at one place of a regular expression: sorted, separate ranges, so that a look-up takes few steps for any pattern.
/// </summary>
internal sealed class CharacterSet
{
    private readonly (char First, char Last)[] _ranges;
    private readonly PatternCasing _casing;

    /// <param name="ranges">Any ranges, in any order.</param>
    /// <param name="negated">True for all other characters.</param>
    /// <param name="casing">Whether upper and lower case differ.</param>
    public CharacterSet(IEnumerable<(char First, char Last)> ranges, bool negated, PatternCasing casing)
    {
        (char First, char Last)[] merged = Merge(ranges);
        // With ignored case, a negated set has the characters of which no form is in the ranges.
        (_ranges, IsNegated, _casing) = (merged, negated, casing);
    }

    private bool IsNegated { get; }

    public bool Contains(char character) => IsNegated != (Find(character)
        || (_casing == PatternCasing.CaseInsensitive && (Find(char.ToUpperInvariant(character)) || Find(char.ToLowerInvariant(character)))));

    /// <summary>All characters outside of these ranges.</summary>
    public static IEnumerable<(char First, char Last)> Others(IEnumerable<(char First, char Last)> ranges)
    {
        int next = 0;
        foreach ((char first, char last) in Merge(ranges))
        {
            if (first > next) yield return ((char)next, (char)(first - 1));
            next = last + 1;
        }

        if (next <= char.MaxValue) yield return ((char)next, char.MaxValue);
    }

    private static (char First, char Last)[] Merge(IEnumerable<(char First, char Last)> ranges)
    {
        var merged = new List<(char First, char Last)>();
        foreach ((char first, char last) in ranges.OrderBy(static (range) => range.First))
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1) merged[^1] = (merged[^1].First, (char)Math.Max(merged[^1].Last, last));
            else merged.Add((first, last));
        }

        return [.. merged];
    }

    private bool Find(char character)
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
