namespace Enclave;

/// <summary>A service's document is not available, cannot be read, or exceeds a limit. The message says which, and where.</summary>
public sealed class OpenApiException : Exception
{
    /// <summary>Creates a fault with this message.</summary>
    public OpenApiException(string message)
        : base(message)
    {
    }

    /// <summary>Creates a fault with this message, caused by another one.</summary>
    public OpenApiException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates a fault without a message of its own.</summary>
    public OpenApiException()
        : base("the document cannot be read")
    {
    }
}
