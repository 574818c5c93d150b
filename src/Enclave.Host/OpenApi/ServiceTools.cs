using System.Collections.Frozen;

namespace Enclave.OpenApi;

/// <summary>What a service's document came to, at one time.</summary>
/// <param name="Tools">In the document's order.</param>
/// <param name="ByName">The same, by name.</param>
/// <param name="Fingerprints">Of each, by name.</param>
/// <param name="Version">Changes with anything that is told of them.</param>
/// <param name="Skipped">The operations that could not become tools, and why.</param>
/// <param name="Address">What all calls begin with; null before the document was read.</param>
/// <param name="Updated">When the document first said so.</param>
internal sealed record ServiceTools(
    IReadOnlyList<ToolDefinition> Tools, FrozenDictionary<string, ToolDefinition> ByName, IReadOnlyDictionary<string, string> Fingerprints, string Version, IReadOnlyList<string> Skipped, ServiceAddress? Address, DateTimeOffset Updated)
{
    public static ServiceTools None { get; } = new([], FrozenDictionary<string, ToolDefinition>.Empty, FrozenDictionary<string, string>.Empty, "", [], null, DateTimeOffset.UnixEpoch);
}
