namespace Enclave;

/// <summary>An operation of a service, for functions that choose operations.</summary>
public sealed record OpenApiOperation
{
    /// <summary>The document's own name for it; null if it has none.</summary>
    public string? OperationId { get; init; }

    /// <summary>The HTTP method, in capitals.</summary>
    public required string Method { get; init; }

    /// <summary>The path with its parameters in braces, as in <c>/pets/{petId}</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The groups of the operation in the document.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>True if the document marks it as deprecated.</summary>
    public bool IsDeprecated { get; init; }

    /// <summary>Method and path.</summary>
    public override string ToString() => $"{Method} {Path}";
}
