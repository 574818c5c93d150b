using System.Diagnostics.CodeAnalysis;

namespace Enclave;

/// <summary>Tools that may change while a host runs: those of a service or of a server. Add it to <see cref="EnclaveOptions.Tools"/>; it may be in several.</summary>
/// <remarks>A host reads it for each call, from any thread: a change replaces all that it gives at once. Calls under way end as they began.</remarks>
public abstract class ToolSource
{
    /// <summary>What all names of its tools begin with, before a colon. Range: as a tool's name, without a colon.</summary>
    public abstract string Name { get; }

    /// <summary>The tools as they are at the moment, in their order.</summary>
    public abstract IReadOnlyList<ToolDefinition> Tools { get; }

    /// <summary>Looks a tool up, as it is at the moment.</summary>
    /// <returns>True if there is one of exactly this name.</returns>
    protected internal abstract bool TryGet(string name, [NotNullWhen(true)] out ToolDefinition? tool);
}
