namespace Enclave.Guard;

/// <summary>The endpoint of an external scorer, and the limits for requests.</summary>
public sealed record ExternalScorerOptions
{
    /// <summary>The URL that receives the features: https, or http to this machine. Without user name and fragment.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Sent as <c>Authorization: Bearer</c>; printable ASCII. Default: null, which sends no such header.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Longest time of one attempt, its body included. Range: above zero, to 5 min. Default: 5 s, as in the JavaScript product.</summary>
    /// <remarks>An attempt that times out is not repeated: a slow service would only be slow again.</remarks>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts after the first, for 408, 429, 5xx and broken connections. Range: 0 to 10. Default: 1, as in the JavaScript product.</summary>
    /// <remarks>The pause is 100 ms before the first repetition and doubles each time, up to 10 s.</remarks>
    public int MaxRetries { get; init; } = 1;

    /// <summary>True if http to another machine is allowed. Features and key are then readable on the way. Default: false.</summary>
    public bool AllowInsecureEndpoint { get; init; }

    /// <summary>Throws if a setting is out of its range.</summary>
    internal void Validate()
    {
        if (Endpoint is not { IsAbsoluteUri: true }) throw new ArgumentException("Endpoint has to be an absolute URL");
        bool isSecure = Endpoint.Scheme == Uri.UriSchemeHttps || (Endpoint.Scheme == Uri.UriSchemeHttp && (Endpoint.IsLoopback || AllowInsecureEndpoint));
        if (!isSecure) throw new ArgumentException("Endpoint has to be https, unless it is http to this machine or AllowInsecureEndpoint is set");
        if (Endpoint.UserInfo.Length > 0 || Endpoint.Fragment.Length > 0)
            throw new ArgumentException("Endpoint may have neither user name nor fragment: the key goes into ApiKey");
        bool isSendable = ApiKey is null || (ApiKey.Length is > 0 and <= 4_096 && !ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~'));
        if (!isSendable) throw new ArgumentException("ApiKey has to be 1 to 4096 printable ASCII characters without blanks, or null");
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(5))
            throw new ArgumentException($"Timeout is {Timeout}: it has to be above zero and at most 5 min");
        if (MaxRetries is < 0 or > 10) throw new ArgumentException($"MaxRetries is {MaxRetries}: it has to be between 0 and 10");
    }
}
