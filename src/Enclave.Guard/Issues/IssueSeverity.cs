namespace Enclave.Guard;

/// <summary>Whether an issue keeps a script from running.</summary>
public enum IssueSeverity
{
    /// <summary>It does not run.</summary>
    Error,

    /// <summary>It runs; whoever wrote it may want to know.</summary>
    Warning,

    /// <summary>It runs.</summary>
    Info,
}
