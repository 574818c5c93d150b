namespace Enclave.Streaming.Filters;

/// <summary>One way for an event to match a filter. A rule without conditions is matched by every event.</summary>
/// <param name="Types">The types of one of which the event must be; null for any.</param>
/// <param name="Patterns">What its content must match; null for anything.</param>
/// <param name="Match">How many of the patterns.</param>
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
