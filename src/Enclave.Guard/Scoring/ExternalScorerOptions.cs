namespace Enclave.Guard;

/// <summary>Where an external scorer is, and how patiently it is asked.</summary>
public sealed record ExternalScorerOptions
{
    /// <summary>Where features are sent: https, or http to this machine. Without user name or fragment.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Sent as <c>Authorization: Bearer</c>; printable ASCII. Default: null, which sends none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Longest time of one attempt, its body included. Range: above zero, to 5 min. Default: 5 s, the documented one.</summary>
    /// <remarks>An attempt that takes longer is not repeated: whoever is slow would be asked to be slow again.</remarks>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts after the first, for 408, 429, 5xx and broken connections. Range: 0 to 10. Default: 1, the documented one.</summary>
    /// <remarks>100 ms before the first, twice as long before each further one, 10 s at most.</remarks>
    public int MaxRetries { get; init; } = 1;

    /// <summary>Whether http to another machine is allowed: features and key are then readable on the way. Default: false.</summary>
    public bool AllowInsecureEndpoint { get; init; }

    /// <summary>Throws if a setting is out of its range.</summary>
    internal void Validate()
    {
        if (Endpoint is not { IsAbsoluteUri: true }) throw new ArgumentException("Endpoint has to be an absolute URL");
        bool isSecure = Endpoint.Scheme == Uri.UriSchemeHttps || (Endpoint.Scheme == Uri.UriSchemeHttp && (Endpoint.IsLoopback || AllowInsecureEndpoint));
        if (!isSecure) throw new ArgumentException("Endpoint has to be https, unless it is http to this machine or AllowInsecureEndpoint is set");
        if (Endpoint.UserInfo.Length > 0 || Endpoint.Fragment.Length > 0) throw new ArgumentException("Endpoint may have neither user name nor fragment: the key goes into ApiKey");
        bool isSendable = ApiKey is null || (ApiKey.Length is > 0 and <= 4_096 && !ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~'));
        if (!isSendable) throw new ArgumentException("ApiKey has to be 1 to 4096 printable ASCII characters without blanks, or null");
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(5)) throw new ArgumentException($"Timeout is {Timeout}: it has to be above zero and at most 5 min");
        if (MaxRetries is < 0 or > 10) throw new ArgumentException($"MaxRetries is {MaxRetries}: it has to be between 0 and 10");
    }
}
