namespace Enclave.Broker.Filters;

internal sealed record PrefixPattern(string Pattern, string Field, PatternCasing Casing) : ContentPattern(Field, Casing)
{
    private readonly string _pattern = InCasing(Pattern, Casing);

    protected override bool Matches(FilterText text, FilteredEvent filtered) => text.Text.StartsWith(_pattern, StringComparison.Ordinal);
}
