namespace Enclave.Runtime.State;

/// <summary>What a runtime says of itself to those who ask over HTTP.</summary>
internal interface IRuntimeState
{
    /// <summary>Why brokers cannot reach a runtime that runs; null when they can.</summary>
    string? Unreachable { get; }

    RuntimeWorkerStats GetStats();
}
