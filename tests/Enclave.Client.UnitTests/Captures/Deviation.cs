namespace Enclave.Client.UnitTests;

/// <summary>An intended difference between our client and upstream's.</summary>
/// <param name="Upstream">Upstream's line; null where it has none.</param>
/// <param name="Ours">Our line; null where we have none.</param>
/// <param name="Reason">The reason.</param>
internal sealed record Deviation(string? Upstream, string? Ours, string Reason);
