namespace Enclave.LoadBench.Durable;

/// <summary>Opens the measured hosts. Runs that wait give their worker back at once.</summary>
internal static class DurableHosts
{
    /// <summary>Adds 1. A call is durable before it, and its answer after it.</summary>
    public const string Once = "increment";

    /// <summary>The same; it may be called again after a failure, and only its answer is durable, with the call.</summary>
    public const string Repeatable = "incrementAgain";

    /// <param name="store">Its store.</param>
    /// <param name="workers">Its workers.</param>
    /// <param name="wakes">True if it looks for runs that are due.</param>
    /// <param name="clock">Its clock; null for the system's.</param>
    public static async Task<EnclaveHost> OpenAsync(MeasuredStore store, int workers = 4, bool wakes = false, TimeProvider? clock = null)
    {
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with
            {
                MinWorkers = workers,
                MaxWorkers = workers,
                MaxExecutionsPerWorker = 1_000_000,
                MaxMessagesPerSecond = 1_000_000,
                MaxQueueSize = 1000,
            },
            MaxToolCalls = 10_000,
            MaxIterations = 1_000_000,
            Timeout = TimeSpan.FromMinutes(2),
            TimeProvider = clock ?? TimeProvider.System,
            Durable = new DurableOptions
            {
                Store = store.Store,
                Keys = store.Keys,
                Grace = TimeSpan.Zero,
                Wakes = wakes,
                MaxRunsPerTenant = 10_000_000,
                MaxBytesPerTenant = 1L << 50,
            },
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        };
        options.Tools
            .Add(Once, (int x) => x + 1)
            .Add(Repeatable, (int x) => x + 1, new ToolOptions { Idempotent = true });
        var host = new EnclaveHost(options);
        await host.WarmUpAsync();
        return host;
    }

    /// <summary>A script that calls a tool so many times, one call after another.</summary>
    public static string Calls(int count, string tool = Once) => $"let x = 0; for (let i = 0; i < {count}; i++) x = await callTool('{tool}', {{ x }});";

    /// <summary>Starts a run that has to be put aside.</summary>
    /// <exception cref="BenchException">It ended, or it waits for something else.</exception>
    public static async Task<DurableRun> SuspendAsync(EnclaveHost host, string name, string code, Dictionary<string, object?>? globals = null)
    {
        DurableRun run = await host.StartAsync(code, new RunOptions { Durable = name, Globals = globals });
        if (run is { State: DurableRunState.Suspended, Waits.Count: 1 }) return run;
        throw new BenchException($"{name} is not suspended: {run.State}, {run.Outcome}");
    }
}
