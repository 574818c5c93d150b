using System.Collections.Immutable;

namespace Enclave;

/// <summary>A service that an OpenAPI document describes, and how its operations become tools (docs/openapi.md).</summary>
public sealed record OpenApiOptions
{
    /// <summary>
    /// The part of the tools' names before the colon, and the service's name in the broker's catalogue. Range: a letter, then letters, digits, <c>_</c>
    /// and <c>-</c>, at most 64 characters; not <c>default</c>.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The document: the path of a file, or an address that begins with <c>https://</c>. OpenAPI 3.0, 3.1 or 3.2, as JSON.</summary>
    public required string Document { get; init; }

    /// <summary>
    /// The beginning of every call's address: scheme, host, and optionally a path. Default: null, the first of the
    /// document's <c>servers</c>, which must not change with a refresh.
    /// </summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>True if the document and the service may be reached without TLS. Default: false.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Chooses the operations that become tools. Default: null, all operations that can become tools.</summary>
    public Func<OpenApiOperation, bool>? Include { get; init; }

    /// <summary>
    /// Changes the limits and declarations of a tool, given those that follow from the document: description,
    /// <see cref="Timeout"/>, effects by method, secrets. Default: null, no change.
    /// </summary>
    public Func<OpenApiOperation, ToolOptions, ToolOptions>? Tool { get; init; }

    /// <summary>
    /// The secret for each of the document's security schemes, by the scheme's name. Operations that require a scheme carry its secret. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// The secret for operations that require no scheme of <see cref="Secrets"/>: for documents that do not describe their security. Default: none.
    /// </summary>
    public HttpCredential? Credential { get; init; }

    /// <summary>Longest time of a call, and of reading the document. Range: 1 ms to 24 h. Default: 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Most operations that become tools. A document with more is refused. Range: 1 to 2,000. Default: 200, which is more than a model can choose from.
    /// </summary>
    public int MaxOperations { get; init; } = 200;

    /// <summary>Largest document. Range: 1 KB to 64 MB. Default: 8 MB.</summary>
    public long MaxDocumentBytes { get; init; } = 8 << 20;

    /// <summary>Largest answer. Range: 1 to 64 MB. Default: 1 MB. A larger one is <c>TOOL_RESULT_TOO_LARGE</c>.</summary>
    public long MaxResponseBytes { get; init; } = 1 << 20;

    /// <summary>
    /// How often the document is read again, in an application with <c>AddEnclaveOpenApi</c>. Elsewhere call <see cref="OpenApiService.RefreshAsync"/>.
    /// Range: 1 s to 30 days. Default: null, never.
    /// </summary>
    public TimeSpan? RefreshInterval { get; init; }

    /// <summary>
    /// The address of the document in a broker's catalogue, for clients. Default: null, none, because <see cref="Document"/> is internal to the operator.
    /// </summary>
    public Uri? SpecUrl { get; init; }

    /// <summary>
    /// Creates the client of a request, for example from an <c>IHttpClientFactory</c>. Its handler must not follow
    /// redirects or keep cookies. Default: null, the service's own client.
    /// </summary>
    public Func<HttpClient>? HttpClient { get; init; }

    /// <summary>The clock for refreshes and their times.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Converts a document in another form to JSON of at most this many bytes. Null if only JSON is supported.</summary>
    public Func<ReadOnlyMemory<byte>, long, ReadOnlyMemory<byte>>? ToJson { get; init; }
}
