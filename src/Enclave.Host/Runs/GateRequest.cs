namespace Enclave.Runs;

/// <summary>A run at the gate.</summary>
/// <param name="Options">Its options. A run that begins has an id.</param>
/// <param name="LimitsOf">Returns the limits of a run with these options on this host: all are set.</param>
/// <param name="Level">The host's level.</param>
/// <param name="PresetOf">Returns the rules for the script of a run with these options.</param>
internal sealed record GateRequest(
    RunOptions Options, Func<RunOptions, LimitOptions> LimitsOf, SecurityLevel Level, Func<RunOptions, Guard.GuardPreset> PresetOf)
{
    /// <summary>True for a durable run that began before.</summary>
    public bool IsResumed { get; init; }
}
