namespace Enclave;

/// <summary>How much a level wants a layer.</summary>
public enum LayerRequirement
{
    /// <summary>Not used.</summary>
    Off = 0,

    /// <summary>Used where the machine can; its absence is reported.</summary>
    BestEffort = 1,

    /// <summary>Without it no script runs, unless <see cref="EnclaveOptions.AllowDegradedIsolation"/> names it.</summary>
    Mandatory = 2,
}
