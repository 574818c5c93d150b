namespace Enclave.Streaming;

/// <summary>A channel could not do what it was asked for.</summary>
public sealed class RuntimeChannelException : Exception
{
    /// <summary>Without a message of its own.</summary>
    public RuntimeChannelException()
        : this("Channel is closed")
    {
    }

    /// <summary>With a message of its own.</summary>
    public RuntimeChannelException(string message)
        : base(message)
    {
    }

    /// <summary>With a message of its own and a cause.</summary>
    public RuntimeChannelException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal RuntimeChannelException(RuntimeChannelFault fault, string message, Exception? cause = null)
        : base(message, cause) => Fault = fault;

    /// <summary>Why.</summary>
    public RuntimeChannelFault Fault { get; }

    internal static RuntimeChannelException IsClosed() => new(RuntimeChannelFault.Closed, "Channel is closed");
}
