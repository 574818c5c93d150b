namespace Enclave.Mcp;

/// <summary>A tool as its server describes it, bounded; for choosing among them.</summary>
public sealed record McpTool
{
    /// <summary>The name that the server knows it by.</summary>
    public required string Name { get; init; }

    /// <summary>The name that scripts call it by, without the source's.</summary>
    public required string ScriptName { get; init; }

    /// <summary>The description, in one line of at most 1,000 characters; null when the server does not say.</summary>
    public string? Description { get; init; }

    /// <summary>True if the server declares that the tool only reads.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>True unless the tool declares that it only reads, or that it destroys nothing: the protocol's default.</summary>
    public bool IsDestructive { get; init; }

    /// <summary>True if the tool declares neither whether it only reads nor whether it destroys something. Many servers declare nothing.</summary>
    public bool IsUnannotated { get; init; }

    /// <summary>True if the tool declares that it reaches nothing beyond its server's own data.</summary>
    public bool IsClosedWorld { get; init; }
}
