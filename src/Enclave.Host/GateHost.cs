using Enclave.Guard;
using Enclave.Runs;

namespace Enclave;

/// <summary>A host as its gate sees it.</summary>
/// <param name="settings">The host's options.</param>
internal sealed class GateHost(ResolvedOptions settings) : IGateHost
{
    // The limits of runs without limits of their own, by preset. Most runs are such runs.
    private readonly LimitOptions?[] _usual = new LimitOptions?[Enum.GetValues<GuardPreset>().Length];

    /// <inheritdoc/>
    public SecurityLevel Level => settings.Options.SecurityLevel;

    /// <inheritdoc/>
    public LimitOptions LimitsOf(RunOptions run)
    {
        bool isUsual = run is
        {
            Timeout: null, CpuTimeout: null, MemoryLimit: null, MaxToolCalls: null, MaxIterations: null, MaxConsoleCalls: null,
            MaxConsoleBytes: null
        };
        int preset = (int)PresetOf(run);
        if (!isUsual || (uint)preset >= (uint)_usual.Length) return RunOptions.Of(settings.Limits.Of(run));
        return _usual[preset] ??= RunOptions.Of(settings.Limits.Of(run));
    }

    /// <inheritdoc/>
    public GuardPreset PresetOf(RunOptions run) => settings.Options.PresetOf(run);
}
