namespace Enclave;

/// <summary>A durable run cannot be started, read, answered or resumed.</summary>
public sealed class JournalException : Exception
{
    internal JournalException(JournalFault fault, string message, Exception? cause = null)
        : base(message, cause) => Fault = fault;

    /// <summary>The reason.</summary>
    public JournalFault Fault { get; }

    /// <summary>True if another host has the run, or may have it: this one was silent for too long.</summary>
    internal bool IsTaken { get; init; }
}
