namespace Enclave.Broker.Filters;

/// <summary>A pattern of an unknown kind, which never matches.</summary>
internal sealed record NeverPattern() : ContentPattern("", PatternCasing.CaseSensitive)
{
    protected override bool Matches(FilterText text, FilteredEvent filtered) => false;
}
