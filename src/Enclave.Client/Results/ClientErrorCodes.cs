namespace Enclave.Client;

/// <summary>The codes that a client gives itself. Every other code is the script's, from its last event.</summary>
public static class ClientErrorCodes
{
    /// <summary>The broker could not be reached, or the connection broke and stayed broken.</summary>
    public const string NetworkError = "NETWORK_ERROR";

    /// <summary>The session, or the request, took longer than <see cref="EnclaveClientOptions.Timeout"/>.</summary>
    public const string Timeout = "TIMEOUT";

    /// <summary>What came is not a session: it ended without a last event, a line was too long, or an answer is no JSON.</summary>
    public const string ParseError = "PARSE_ERROR";

    /// <summary>The broker refused.</summary>
    public const string SessionError = "SESSION_ERROR";

    /// <summary>The caller cancelled.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>The broker answered, but the stream could not be taken up again.</summary>
    public const string ReconnectFailed = "RECONNECT_FAILED";
}
