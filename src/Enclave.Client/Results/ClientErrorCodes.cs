namespace Enclave.Client;

/// <summary>The codes that the client itself sets. All other codes come from the script's last event.</summary>
public static class ClientErrorCodes
{
    /// <summary>The broker could not be reached, or the connection broke and stayed broken.</summary>
    public const string NetworkError = "NETWORK_ERROR";

    /// <summary>The session, or the request, took longer than <see cref="EnclaveClientOptions.Timeout"/>.</summary>
    public const string Timeout = "TIMEOUT";

    /// <summary>The response was not a valid session: it ended without a last event, a line was too long, or the JSON was invalid.</summary>
    public const string ParseError = "PARSE_ERROR";

    /// <summary>The broker refused.</summary>
    public const string SessionError = "SESSION_ERROR";

    /// <summary>The caller cancelled.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>The broker answered, but the stream could not be resumed.</summary>
    public const string ReconnectFailed = "RECONNECT_FAILED";
}
