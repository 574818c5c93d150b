namespace Enclave;

/// <summary>A service's document cannot be had, cannot be read, or is beyond a bound. The message says which, and where.</summary>
public sealed class OpenApiException : Exception
{
    /// <summary>A fault with this message.</summary>
    public OpenApiException(string message)
        : base(message)
    {
    }

    /// <summary>A fault with this message, caused by another one.</summary>
    public OpenApiException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault without a message of its own.</summary>
    public OpenApiException()
        : base("the document cannot be read")
    {
    }
}
