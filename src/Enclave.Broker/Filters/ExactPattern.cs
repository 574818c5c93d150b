namespace Enclave.Broker.Filters;

internal sealed record ExactPattern(string Pattern, string Field, PatternCasing Casing) : ContentPattern(Field, Casing)
{
    private readonly string _pattern = InCasing(Pattern, Casing);

    protected override bool Matches(FilterText text, FilteredEvent filtered) => text.IsWhole && text.Text == _pattern;
}
