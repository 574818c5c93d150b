using System.Collections.Immutable;

namespace Enclave.OpenApi;

/// <summary>Everything about an operation that a call needs from the document.</summary>
internal sealed record OperationPlan
{
    /// <summary>The tool's name.</summary>
    public required string Tool { get; init; }

    public required HttpMethod Method { get; init; }

    public required PathTemplate Path { get; init; }

    public required ImmutableArray<ParameterPlan> Parameters { get; init; }

    public required BodyPlan? Body { get; init; }

    public required ImmutableArray<HttpCredential> Credentials { get; init; }

    public required ServiceAddress Address { get; init; }

    /// <summary>True if a server may confuse a query parameter with one that carries a secret.</summary>
    public bool IsOwnInQuery(string name) => HttpCredential.IsOwnInQuery(Credentials, name);

    public required long MaxResponseBytes { get; init; }
}
