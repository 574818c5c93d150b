using Enclave.JavaScript.Matching;
using Enclave.JavaScript.Text;

namespace Enclave.Broker.Filters;

/// <summary>
/// A regular expression. One that is invalid or refers to groups never matches, nor does one that takes too long.
/// </summary>
/// <param name="RegularExpression">The expression; null for one that never matches.</param>
/// <param name="Timeout">The CPU time for all patterns with steps on one event.</param>
internal sealed record RegexPattern(RegularExpression? RegularExpression, string Field, PatternCasing Casing, TimeSpan Timeout) : ContentPattern(Field, Casing)
{
    protected override bool Matches(FilterText text, FilteredEvent filtered)
    {
        if (RegularExpression is null || !text.IsWhole || text.Text.Length > FilterLimits.RegexText) return false;
        try
        {
            WorkMeter meter = filtered.Meter(Timeout);
            meter.CheckLimits();
            return RegularExpression.IsIn(text.Text, meter);
        }
        catch (WorkLimitException)
        {
            return false;
        }
    }
}
