namespace Enclave.Streaming;

/// <summary>Encryption failed. The message names no key and no content.</summary>
public sealed class EncryptionException : Exception
{
    /// <summary>A failure without a cause in .NET.</summary>
    /// <param name="code">One of <see cref="EncryptionCodes"/>.</param>
    /// <param name="message">In words.</param>
    public EncryptionException(string code, string message)
        : base(message) => Code = code;

    /// <summary>A failure with its cause.</summary>
    /// <param name="code">One of <see cref="EncryptionCodes"/>.</param>
    /// <param name="message">In words.</param>
    /// <param name="innerException">The cause.</param>
    public EncryptionException(string code, string message, Exception innerException)
        : base(message, innerException) => Code = code;

    /// <summary>One of <see cref="EncryptionCodes"/>.</summary>
    public string Code { get; }
}
