using Enclave.Guard;

namespace Enclave.Cli.Options;

/// <summary>The limits and the preset of rules for scripts, and their engine, from the command line. Null means the level's, or the host's default.</summary>
internal sealed record LimitSettings : LimitOptions
{
    public GuardPreset? Preset { get; init; }

    public ScriptEngine? Engine { get; init; }

    /// <summary>Sets them in a host's options.</summary>
    public void ApplyTo(EnclaveOptions options)
    {
        // A preset that is set is a choice, even if it is the default: code of models then has no other rules.
        if (Preset is { } preset) options.Preset = preset;
        options.Engine = Engine ?? options.Engine;
        options.Limits = Over(options.Limits);
        if (MemoryLimit is not { } memory) return;
        // The user who sets a run's memory limit also owns the machine, so the worker's limit follows it.
        WorkerPoolOptions pool = options.WorkerPool ?? WorkerPoolPresets.For(options.SecurityLevel);
        // Embedded has one worker; the level's pool has more.
        if (options.WorkerPool is null && options.Adapter == EnclaveAdapter.Embedded) pool = pool with { MinWorkers = 0, MaxWorkers = 1 };
        EnclaveAdapter adapter = options.Adapter;
        options.WorkerPool = pool with { MemoryLimitPerWorker = Math.Max(pool.MemoryLimitPerWorker, memory) };
        options.Adapter = adapter;
    }
}
