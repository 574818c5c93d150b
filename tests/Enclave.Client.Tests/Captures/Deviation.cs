namespace Enclave.Client.Tests;

/// <summary>A place where our client does other than upstream's.</summary>
/// <param name="Upstream">Upstream's line; null where it has none.</param>
/// <param name="Ours">Our line; null where we have none.</param>
/// <param name="Reason">Why.</param>
internal sealed record Deviation(string? Upstream, string? Ours, string Reason);
