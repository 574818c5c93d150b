namespace Enclave.Broker.Filters;

/// <summary>A rule of a filter. A rule without conditions matches every event.</summary>
/// <param name="Types">The event's type must be one of these; null for any.</param>
/// <param name="Patterns">The patterns for its content; null for any content.</param>
/// <param name="Match">How many of the patterns must match.</param>
internal sealed record FilterRule(IReadOnlySet<string>? Types, IReadOnlyList<ContentPattern>? Patterns = null, PatternMatch Match = PatternMatch.Any)
{
    public bool Matches(string type, FilteredEvent filtered)
    {
        if (Types is not null && !Types.Contains(type)) return false;
        if (Patterns is null) return true;
        foreach (ContentPattern pattern in Patterns)
        {
            if (pattern.Matches(filtered) != (Match == PatternMatch.All)) return Match == PatternMatch.Any;
        }

        return Match == PatternMatch.All;
    }
}
