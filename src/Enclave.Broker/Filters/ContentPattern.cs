namespace Enclave.Broker.Filters;

/// <summary>One condition on the text of an event.</summary>
/// <param name="Field">Dotted path from the event; empty for the payload as JSON.</param>
/// <param name="Casing">Whether upper and lower case differ.</param>
internal abstract record ContentPattern(string Field, PatternCasing Casing)
{
    public bool Matches(FilteredEvent filtered)
    {
        if (filtered.Find(Field) is not { } text) return false;
        return Matches(Casing == PatternCasing.CaseInsensitive ? text.Lowered : text, filtered);
    }

    protected abstract bool Matches(FilterText text, FilteredEvent filtered);

    protected static string InCasing(string pattern, PatternCasing casing) => casing == PatternCasing.CaseInsensitive ? pattern.ToLowerInvariant() : pattern;
}
