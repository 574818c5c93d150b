using Enclave.Protocol;

namespace Enclave.Runtime.Sessions;

/// <summary>The host's options, as they follow from a runtime's.</summary>
internal static class HostOptions
{
    private const int MaxWorkers = 256;

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
            // A session holds its worker while it waits for tools: with fewer workers sessions would wait for sessions.
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
        throw new ToolException($"there is nobody here to answer the tool {name}") { Code = "NO_TOOL_HANDLER" };
}
