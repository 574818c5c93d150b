namespace Enclave.Client;

/// <summary>A request other than a session failed. What befalls a session is in its <see cref="SessionResult"/>.</summary>
public sealed class EnclaveClientException : Exception
{
    /// <summary>Makes one.</summary>
    public EnclaveClientException(string code, string message, int? statusCode = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        StatusCode = statusCode;
    }

    /// <summary>One of <see cref="ClientErrorCodes"/>.</summary>
    public string Code { get; }

    /// <summary>The HTTP status of a refusal; null for everything else.</summary>
    public int? StatusCode { get; }
}
