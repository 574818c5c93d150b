namespace Enclave.Guard;

/// <summary>Says if a script runs that could not be scored.</summary>
public enum FailureMode
{
    /// <summary>It runs: the gate fails open.</summary>
    Allow,

    /// <summary>It does not run: the gate fails closed.</summary>
    Block,
}
