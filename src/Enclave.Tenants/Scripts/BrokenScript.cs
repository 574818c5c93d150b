using Enclave.Guard;

namespace Enclave.Tenants;

/// <summary>A version that runs can get, and that would fail with the tools and policies of this moment.</summary>
/// <param name="Tenant">The tenant of the script; null for a shared one.</param>
/// <param name="Name">The name of the script.</param>
/// <param name="Version">The number of the version.</param>
/// <param name="Issues">The reasons, with their lines.</param>
public sealed record BrokenScript(string? Tenant, string Name, int Version, IReadOnlyList<GuardIssue> Issues);
