namespace Enclave.Streaming.Filters;

/// <summary>
/// A regular expression on an engine that reads every character once. Expressions that this engine or JavaScript does not support never match.
/// </summary>
/// <param name="RegularExpression">The expression; null for one that never matches.</param>
/// <param name="Timeout">The time for all regular expressions on one event.</param>
internal sealed record RegexPattern(RegularExpression? RegularExpression, string Field, PatternCasing Casing, TimeSpan Timeout) : ContentPattern(Field, Casing)
{
    protected override bool Matches(FilterText text, FilteredEvent filtered) =>
        RegularExpression is not null && text.IsWhole && text.Text.Length <= FilterLimits.RegexText
            && !filtered.RegexTimeIsOver(Timeout) && RegularExpression.Matches(text.Text, () => filtered.RegexTimeIsOver(Timeout), out _);
}
