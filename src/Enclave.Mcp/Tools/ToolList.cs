using System.Collections.Frozen;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tools;

/// <summary>A server's tools at one time.</summary>
/// <param name="Tools">In the server's order.</param>
/// <param name="ByName">The same, by the name that scripts use.</param>
/// <param name="Fingerprints">A hash of each tool as the server described it, by the name that scripts use.</param>
/// <param name="Skipped">The tools that scripts cannot call, and why.</param>
internal sealed record ToolList(IReadOnlyList<ToolDefinition> Tools, FrozenDictionary<string, ToolDefinition> ByName, IReadOnlyDictionary<string,
    string> Fingerprints, IReadOnlyList<string> Skipped)
{
    public static ToolList None { get; } = new([], FrozenDictionary<string, ToolDefinition>.Empty, new Dictionary<string, string>(), []);
}
