using System.Diagnostics.CodeAnalysis;

namespace Enclave;

/// <summary>
/// Tools that may change while a host runs: those of a service or of a server. Add it to <see cref="EnclaveOptions.Tools"/> of one or several hosts.
/// </summary>
/// <remarks>A host reads the tools for each call, from any thread. A change replaces all its tools at once. Running calls end with the old ones.</remarks>
public abstract class ToolSource
{
    /// <summary>The part of its tools' names before the colon. Range: a tool's name without a colon.</summary>
    public abstract string Name { get; }

    /// <summary>The present tools, in their order: the same list until they change.</summary>
    public abstract IReadOnlyList<ToolDefinition> Tools { get; }

    /// <summary>Looks up a present tool.</summary>
    /// <returns>True if there is a tool of exactly this name.</returns>
    protected internal abstract bool TryGet(string name, [NotNullWhen(true)] out ToolDefinition? tool);
}
