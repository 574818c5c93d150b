namespace Enclave.Runs;

/// <summary>A run at the gate.</summary>
/// <param name="Options">Its options, as the caller gave them.</param>
/// <param name="RunId">The id that its options have when it begins.</param>
/// <param name="Host">The host that runs it.</param>
internal sealed record GateRequest(RunOptions Options, string RunId, IGateHost Host)
{
    /// <summary>True for a durable run that began before.</summary>
    public bool IsResumed { get; init; }
}
