namespace Enclave.Runtime.State;

/// <summary>The state that a runtime reports over HTTP.</summary>
internal interface IRuntimeState
{
    /// <summary>Why brokers cannot reach this running runtime; null if they can.</summary>
    string? Unreachable { get; }

    RuntimeWorkerStats GetStats();
}
