namespace Enclave;

/// <summary>A durable run cannot be started, read, answered or resumed.</summary>
public sealed class JournalException : Exception
{
    internal JournalException(JournalFault fault, string message, Exception? cause = null)
        : base(message, cause) => Fault = fault;

    /// <summary>The reason.</summary>
    public JournalFault Fault { get; }
}
