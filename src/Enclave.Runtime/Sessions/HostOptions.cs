using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Runtime.Sessions;

/// <summary>Derives the host's options from a runtime's.</summary>
internal static class HostOptions
{
    private const int MaxWorkers = 2_000;

    public static EnclaveOptions Of(SecurityLevel level, int sessions, long? memory, ToolHandler? tools, TimeProvider clock, Action<EnclaveOptions>? configure)
    {
        WorkerPoolOptions pool = WorkerPoolPresets.For(level);
        int workers = Math.Clamp(sessions, 1, MaxWorkers);
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Adapter = EnclaveAdapter.WorkerPool,
            ToolHandler = tools ?? Refuse,
            TimeProvider = clock,
            // A session keeps its worker while it waits for tools: with fewer workers sessions would wait for each other.
            WorkerPool = pool with
            {
                MinWorkers = Math.Min(pool.MinWorkers, workers),
                MaxWorkers = workers,
                SpareWorkers = Math.Min(pool.SpareWorkers, workers),
                MemoryLimitPerWorker = Math.Max(pool.MemoryLimitPerWorker, memory ?? 0),
            },
        };
        configure?.Invoke(options);
        options.WorkerPool ??= WorkerPoolPresets.For(options.SecurityLevel);
        return options;
    }

    private static ValueTask<object?> Refuse(string name, ScriptValue args, ToolContext context) =>
        throw new ToolException($"no tool handler is set (ToolHandler), so the tool {name} cannot be called") { Code = ToolCode.NoHandler };
}
