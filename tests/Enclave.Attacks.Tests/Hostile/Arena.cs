using System.Collections.Concurrent;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>A host on which an honest job waits on a real worker while the next job meets a fake one. All later jobs get real workers.</summary>
internal sealed class Arena : IAsyncDisposable
{
    /// <summary>Job ids count from one for each host.</summary>
    public const ulong Neighbour = 1, Attacked = 2;

    /// <summary>The fake worker's behaviour until it has the job from which it attacks.</summary>
    public static readonly string[] UntilJob = ["hello", "ready", "job"];

    private readonly TestGate _gate = new();
    private readonly Task<ExecutionResult> _neighbour;

    private Arena(string[] steps, Action<EnclaveOptions>? change)
    {
        Launcher = new TestLauncher(TestLauncher.Real(), TestLauncher.Fake(steps), TestLauncher.Real());
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 2, StartTimeout = TimeSpan.FromSeconds(20) },
            ToolHandler = _gate.Handle,
            OnWorkerRecycled = Recycled.Enqueue,
        };
        change?.Invoke(options);
        Host = new EnclaveHost(options.WithoutGuard(), null, Launcher);
        _neighbour = Host.RunAsync(TestGate.Script, new RunOptions { Timeout = TimeSpan.FromMinutes(2) });
    }

    public TestLauncher Launcher { get; }

    public EnclaveHost Host { get; }

    public ConcurrentQueue<RecycleReason> Recycled { get; } = [];

    public static async Task<Arena> Open(string[] steps, Action<EnclaveOptions>? change = null)
    {
        var arena = new Arena(steps, change);
        await arena._gate.Arrival("neighbour at its gate");
        return arena;
    }

    /// <summary>Runs one attack from a job. Checks its outcome, and everything that must hold afterwards.</summary>
    public static async Task<ExecutionResult> Attack(ErrorCode expected, string[] steps, Action<EnclaveOptions>? change = null, RunOptions? run = null)
    {
        await using Arena arena = await Open(steps, change);
        ExecutionResult result = await arena.Run("return 1", run);
        Assert.True(result.Error?.Code == expected, $"{string.Join(' ', steps)}: {result.Error?.Code} {result.Error?.Message} {result.Value}");
        await arena.AssertUnharmed();
        return result;
    }

    /// <summary>Runs one attack from a job that sends these bytes and then keeps listening.</summary>
    public static async Task<ExecutionResult> Send(ErrorCode expected, byte[] bytes, Action<EnclaveOptions>? change = null, RunOptions? run = null)
    {
        using var file = new BytesFile(bytes);
        return await Attack(expected, [.. UntilJob, $"send:{file.Path}", "read-on"], change, run);
    }

    public Task<ExecutionResult> Run(string code, RunOptions? run = null) => Within.Deadline(Host.RunAsync(code, run), $"answer to {code}");

    /// <summary>Checks that the fake worker is dead and reaped, that another job runs, and that the neighbour did not notice.</summary>
    public async Task AssertUnharmed()
    {
        await ProcessTable.Gone(Launcher.Pids[1], "the fake worker");
        ExecutionResult next = await Run("return 1 + 1");
        Assert.True(next.Success, $"the next job: {next.Error?.Code} {next.Error?.Message}");
        Assert.Equal(2, next.Value.AsInt32());
        _gate.Open();
        ExecutionResult neighbour = await Within.Deadline(_neighbour, "answer to the neighbour");
        Assert.True(neighbour.Success, $"the neighbour: {neighbour.Error?.Code} {neighbour.Error?.Message}");
        Assert.Equal("through", neighbour.Value.AsString());
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await Within.Deadline(Host.DisposeAsync().AsTask(), "end of the host");
        await Launcher.AssertNoneLeft();
    }
}
