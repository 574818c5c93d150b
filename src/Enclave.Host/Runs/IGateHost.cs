using Enclave.Guard;

namespace Enclave.Runs;

/// <summary>The facts of a host by which a gate judges runs.</summary>
internal interface IGateHost
{
    /// <summary>The host's level.</summary>
    SecurityLevel Level { get; }

    /// <summary>The limits of a run with these options on this host: all are set.</summary>
    LimitOptions LimitsOf(RunOptions run);

    /// <summary>The rules for the script of a run with these options.</summary>
    GuardPreset PresetOf(RunOptions run);
}
