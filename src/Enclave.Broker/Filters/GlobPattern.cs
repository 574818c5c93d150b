namespace Enclave.Broker.Filters;

internal sealed record GlobPattern(string Pattern, string Field, PatternCasing Casing) : ContentPattern(Field, Casing)
{
    private readonly Glob _glob = new(InCasing(Pattern, Casing));

    protected override bool Matches(FilterText text, FilteredEvent filtered) => text.IsWhole && _glob.Matches(text.Text);
}
