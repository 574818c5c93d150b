using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Runtime.Tests;

/// <summary>Runtimes on a free port, with few workers.</summary>
internal static class TestRuntime
{
    public static async Task<RuntimeWorker> StartAsync(RuntimeWorkerOptions? options = null)
    {
        RuntimeWorker runtime = Create(options);
        await Within.Deadline(runtime.StartAsync(), "start of the runtime");
        return runtime;
    }

    public static RuntimeWorker Create(RuntimeWorkerOptions? options = null)
    {
        options ??= new RuntimeWorkerOptions();
        return RuntimeWorkerFactory.CreateRuntimeWorker(options with
        {
            Port = 0,
            DrainTimeout = options.DrainTimeout == new RuntimeWorkerOptions().DrainTimeout ? TimeSpan.Zero : options.DrainTimeout,
            ConfigureHost = (host) =>
            {
                host.WorkerPool = host.WorkerPool! with { MinWorkers = 1 };
                options.ConfigureHost?.Invoke(host);
            },
        });
    }

    /// <summary>An <c>execute</c> as brokers send it.</summary>
    public static string Execute(string session, string code, SessionLimits? limits = null) =>
        new ChannelExecute(code) { SessionId = session, Limits = limits }.ToJsonString();

    /// <summary>Waits until there is no session, no job and no worker in use.</summary>
    public static Task BecomesIdle(RuntimeWorker runtime) => Within.Becomes(
        () => runtime.GetStats().ActiveSessions == 0 && runtime.GetPool() is not { ActiveWorkers: > 0 } and not { QueueDepth: > 0 },
        "no session runs and no worker is held",
        () => $"{runtime.GetStats().ActiveSessions} sessions, {runtime.GetPool()?.ActiveWorkers} workers");
}
