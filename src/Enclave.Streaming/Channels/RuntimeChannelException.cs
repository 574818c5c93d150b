namespace Enclave.Streaming;

/// <summary>A channel failed.</summary>
public sealed class RuntimeChannelException : Exception
{
    /// <summary>Creates the exception with a general message.</summary>
    public RuntimeChannelException()
        : this("Channel is closed")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public RuntimeChannelException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public RuntimeChannelException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal RuntimeChannelException(RuntimeChannelFault fault, string message, Exception? cause = null)
        : base(message, cause) => Fault = fault;

    /// <summary>The kind of fault.</summary>
    public RuntimeChannelFault Fault { get; }

    internal static RuntimeChannelException IsClosed() => new(RuntimeChannelFault.Closed, "Channel is closed");
}
