namespace Enclave.Client;

/// <summary>A request other than running a session failed. Failures of a session are in its <see cref="SessionResult"/>.</summary>
public sealed class EnclaveClientException : Exception
{
    /// <summary>Creates the exception.</summary>
    public EnclaveClientException(string code, string message, int? statusCode = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        StatusCode = statusCode;
    }

    /// <summary>One of <see cref="ClientErrorCodes"/>.</summary>
    public string Code { get; }

    /// <summary>The HTTP status of a refusal; null otherwise.</summary>
    public int? StatusCode { get; }
}
