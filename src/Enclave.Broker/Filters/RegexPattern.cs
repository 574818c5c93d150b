using Enclave.JavaScript.Matching;

namespace Enclave.Broker.Filters;

/// <summary>
/// A regular expression. One that is invalid or refers to groups never matches, nor does one that takes too long.
/// </summary>
/// <param name="RegularExpression">The expression; null for one that never matches.</param>
/// <param name="Timeout">The CPU time for all patterns with steps on one event.</param>
internal sealed record RegexPattern(RegularExpression? RegularExpression, string Field, PatternCasing Casing, TimeSpan Timeout) : ContentPattern(Field, Casing)
{
    protected override bool Matches(FilterText text, FilteredEvent filtered) =>
        RegularExpression is not null && text.IsWhole && text.Text.Length <= FilterLimits.RegexText
        && filtered.Matches(Timeout, (meter) => RegularExpression.IsIn(text.Text, meter));
}
