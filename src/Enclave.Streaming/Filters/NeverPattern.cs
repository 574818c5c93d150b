namespace Enclave.Streaming.Filters;

/// <summary>A pattern of a kind that nobody knows.</summary>
internal sealed record NeverPattern() : ContentPattern("", PatternCasing.Matters)
{
    protected override bool Matches(FilterText text, FilteredEvent filtered) => false;
}
