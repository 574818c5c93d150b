using System.Collections.Immutable;

namespace Enclave;

/// <summary>A service that an OpenAPI document describes, and how its operations become tools (docs/openapi.md).</summary>
public sealed record OpenApiOptions
{
    /// <summary>What the tools' names begin with, before a colon, and what the broker's catalogue calls the service. Range: a letter, then letters, digits, <c>_</c> and <c>-</c>, at most 64 characters; not <c>default</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The document: the path of a file, or an address that begins with <c>https://</c>. OpenAPI 3.0, 3.1 or 3.2, as JSON.</summary>
    public required string Document { get; init; }

    /// <summary>What every call's address begins with: scheme, host, and a path if need be. Default: null, the first of the document's <c>servers</c>, which must not change with a refresh.</summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>True if the document and the service may be asked without TLS. Default: false.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Chooses the operations that become tools. Default: null, all that can.</summary>
    public Func<OpenApiOperation, bool>? Include { get; init; }

    /// <summary>Changes the limits and declarations of a tool, given those that follow from the document: description, <see cref="Timeout"/>, effects by method, secrets. Default: null, they stay.</summary>
    public Func<OpenApiOperation, ToolOptions, ToolOptions>? Tool { get; init; }

    /// <summary>The secret for each of the document's security schemes, by the scheme's name: an operation that demands the scheme carries it. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What calls carry whose operation demands no scheme of <see cref="Secrets"/>: for documents that do not describe their security. Default: none.</summary>
    public OpenApiCredential? Credential { get; init; }

    /// <summary>Longest time of a call, and of the way to the document. Range: 1 ms to 24 h. Default: 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most operations that become tools; a document with more is refused. Range: 1 to 2,000. Default: 200, which is more than a model can choose from.</summary>
    public int MaxOperations { get; init; } = 200;

    /// <summary>Size of the document. Range: 1 KB to 64 MB. Default: 8 MB.</summary>
    public long MaxDocumentBytes { get; init; } = 8 << 20;

    /// <summary>Size of an answer. Range: 1 to 64 MB. Default: 1 MB. A larger one is <c>TOOL_RESULT_TOO_LARGE</c>.</summary>
    public long MaxResponseBytes { get; init; } = 1 << 20;

    /// <summary>How often the document is read again, in an application with <c>AddEnclaveOpenApi</c>; elsewhere call <see cref="OpenApiService.RefreshAsync"/>. Range: 1 s to 30 days. Default: null, never.</summary>
    public TimeSpan? RefreshInterval { get; init; }

    /// <summary>Where clients of a broker may read the document, as its catalogue tells them. Default: null: they are not told, since <see cref="Document"/> is the operator's own affair.</summary>
    public Uri? SpecUrl { get; init; }

    /// <summary>Gives the client of a request, for example an <c>IHttpClientFactory</c>'s. Its handler must not follow redirects nor keep cookies. Default: null, one of the service's own.</summary>
    public Func<HttpClient>? HttpClient { get; init; }

    /// <summary>The clock of refreshes and of their time.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Makes JSON of a document in another form, of at most this many bytes. Null where there is none but JSON.</summary>
    public Func<ReadOnlyMemory<byte>, long, ReadOnlyMemory<byte>>? ToJson { get; init; }
}
