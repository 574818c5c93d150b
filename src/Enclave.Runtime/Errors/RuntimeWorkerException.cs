namespace Enclave.Runtime;

/// <summary>A runtime could not do what it was asked for; the message says what to do.</summary>
public sealed class RuntimeWorkerException : InvalidOperationException
{
    /// <summary>Without a message of its own.</summary>
    public RuntimeWorkerException()
        : this("the runtime could not do it")
    {
    }

    /// <summary>With a message of its own.</summary>
    public RuntimeWorkerException(string message)
        : base(message)
    {
    }

    /// <summary>With a message of its own and a cause.</summary>
    public RuntimeWorkerException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal RuntimeWorkerException(RuntimeFault fault, string message, Exception? cause = null)
        : base(message, cause) => Fault = fault;

    /// <summary>Why.</summary>
    public RuntimeFault Fault { get; }
}
