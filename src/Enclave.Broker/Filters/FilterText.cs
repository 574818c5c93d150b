namespace Enclave.Broker.Filters;

/// <summary>A text that patterns are matched against.</summary>
/// <param name="Text">The text, or its beginning.</param>
/// <param name="IsWhole">True if nothing was cut off.</param>
internal readonly record struct FilterText(string Text, bool IsWhole)
{
    public FilterText Lowered => this with { Text = Text.ToLowerInvariant() };
}
