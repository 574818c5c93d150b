namespace Enclave.Runtime;

/// <summary>A runtime could not start or run. The message says what to do.</summary>
public sealed class RuntimeWorkerException : InvalidOperationException
{
    /// <summary>Creates the exception with a general message.</summary>
    public RuntimeWorkerException()
        : this("the runtime failed")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public RuntimeWorkerException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public RuntimeWorkerException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal RuntimeWorkerException(RuntimeFault fault, string message, Exception? cause = null)
        : base(message, cause) => Fault = fault;

    /// <summary>The kind of fault.</summary>
    public RuntimeFault Fault { get; }
}
