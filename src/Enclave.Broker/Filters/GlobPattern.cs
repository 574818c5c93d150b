namespace Enclave.Broker.Filters;

/// <summary>A glob. One that takes too long does not match.</summary>
/// <param name="Timeout">The CPU time for all patterns with steps on one event.</param>
internal sealed record GlobPattern(string Pattern, string Field, PatternCasing Casing, TimeSpan Timeout) : ContentPattern(Field, Casing)
{
    private readonly Glob _glob = new(InCasing(Pattern, Casing));

    protected override bool Matches(FilterText text, FilteredEvent filtered) =>
        text.IsWhole && filtered.Matches(Timeout, (meter) => _glob.Matches(text.Text, meter));
}
