namespace Enclave.Streaming;

/// <summary>Encryption failed. The message contains no key and no content.</summary>
public sealed class EncryptionException : Exception
{
    /// <summary>Creates the exception without a cause.</summary>
    /// <param name="code">One of <see cref="EncryptionCodes"/>.</param>
    /// <param name="message">The message.</param>
    public EncryptionException(string code, string message)
        : base(message) => Code = code;

    /// <summary>Creates the exception with a cause.</summary>
    /// <param name="code">One of <see cref="EncryptionCodes"/>.</param>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public EncryptionException(string code, string message, Exception innerException)
        : base(message, innerException) => Code = code;

    /// <summary>One of <see cref="EncryptionCodes"/>.</summary>
    public string Code { get; }
}
