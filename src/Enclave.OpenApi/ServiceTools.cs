using System.Collections.Frozen;

namespace Enclave.OpenApi;

/// <summary>The result of reading a service's document at one time.</summary>
/// <param name="Tools">The tools in the document's order.</param>
/// <param name="ByName">The same tools by name.</param>
/// <param name="Fingerprints">The fingerprint of each, by name.</param>
/// <param name="Version">Changes with every visible change of the tools.</param>
/// <param name="Skipped">The operations that could not become tools, and why.</param>
/// <param name="WhySkipped">The reasons with their numbers, those first that hold for most; empty if every operation is a tool.</param>
/// <param name="Address">The beginning of all calls' addresses; null before the document was read.</param>
/// <param name="Updated">The time of the last change.</param>
internal sealed record ServiceTools(
    IReadOnlyList<ToolDefinition> Tools, FrozenDictionary<string, ToolDefinition> ByName, IReadOnlyDictionary<string, string> Fingerprints, string Version,
    IReadOnlyList<string> Skipped, string WhySkipped, ServiceAddress? Address, DateTimeOffset Updated)
{
    public static ServiceTools None { get; } = new(
        [], FrozenDictionary<string, ToolDefinition>.Empty, FrozenDictionary<string, string>.Empty, "", [], "", null, DateTimeOffset.UnixEpoch);
}
