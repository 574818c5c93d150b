using System.Net;

namespace Enclave;

/// <summary>Gives scripts <c>fetch</c>, for the origins that are listed (docs/fetch.md). Each request is a call of the tool <c>fetch</c>.</summary>
public sealed record FetchOptions
{
    /// <summary>The origins that scripts may ask. The first that fits a request counts. Range: 1 to 200.</summary>
    public required IReadOnlyCollection<FetchOrigin> Origins { get; init; }

    /// <summary>Largest body of a request. Range: 0 to 64 MB. Default: 1 MB.</summary>
    public long MaxRequestBytes { get; init; } = 1 << 20;

    /// <summary>Largest body of a response, decompressed. Range: 1 to 64 MB. Default: 1 MB. A larger one is <c>TOOL_RESULT_TOO_LARGE</c>.</summary>
    public long MaxResponseBytes { get; init; } = 1 << 20;

    /// <summary>Bodies of all requests and responses of one run together. Range: 1 to 1 GB. Default: 16 MB.</summary>
    public long MaxBytesPerRun { get; init; } = 16 << 20;

    /// <summary>Redirects that one request follows. Range: 0 to 20, as in the standard. Default: 5.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>Longest time of a request with its redirects and its whole response. Range: 1 ms to 24 h. Default: 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Changes the limits and declarations of the tool <c>fetch</c>, given those that follow from these options: <see cref="Timeout"/>, effects
    /// (<see cref="ToolEffects.Reads"/> and <see cref="ToolEffects.Sends"/>, and those of the allowed methods), secrets. Default: null, no change.
    /// </summary>
    public Func<ToolOptions, ToolOptions>? Tool { get; init; }

    /// <summary>Resolves names.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
