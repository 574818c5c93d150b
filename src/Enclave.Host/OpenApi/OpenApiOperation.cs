namespace Enclave;

/// <summary>An operation of a service, for functions that choose among them.</summary>
public sealed record OpenApiOperation
{
    /// <summary>The document's own name of it; null when it has none.</summary>
    public string? OperationId { get; init; }

    /// <summary>Of HTTP, in capitals.</summary>
    public required string Method { get; init; }

    /// <summary>With its parameters in braces, as <c>/pets/{petId}</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The groups that the document puts it in.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>True if the document advises against it.</summary>
    public bool IsDeprecated { get; init; }

    /// <summary>Method and path.</summary>
    public override string ToString() => $"{Method} {Path}";
}
