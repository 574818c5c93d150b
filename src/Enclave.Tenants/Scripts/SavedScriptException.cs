using Enclave.Guard;

namespace Enclave.Tenants;

/// <summary>Something cannot be done with a saved script. The message says what to do instead.</summary>
public sealed class SavedScriptException : Exception
{
    internal SavedScriptException(SavedScriptFault fault, string message, Exception? cause = null)
        : base(message, cause) => Fault = fault;

    /// <summary>The reason.</summary>
    public SavedScriptFault Fault { get; }

    /// <summary>The problems of a refused script; otherwise none.</summary>
    public IReadOnlyList<GuardIssue> Issues { get; internal init; } = [];
}
