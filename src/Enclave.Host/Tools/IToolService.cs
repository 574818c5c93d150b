using System.Diagnostics.CodeAnalysis;

namespace Enclave.Tools;

/// <summary>A service whose operations are tools. What it has may change.</summary>
internal interface IToolService
{
    /// <summary>What the names of its tools begin with, before a colon.</summary>
    string Name { get; }

    /// <summary>The tools as they are at the moment.</summary>
    IReadOnlyList<ToolDefinition> Tools { get; }

    /// <summary>Looks one of its tools up, by its whole name.</summary>
    bool TryGet(string name, [NotNullWhen(true)] out ToolDefinition? tool);
}
