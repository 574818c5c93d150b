using System.Collections.Concurrent;
using System.Threading.Channels;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>A host with one worker at a time, whose native code the test controls call by call. After each attack the next job must find a worker.</summary>
internal sealed class InjectedHost : IAsyncDisposable
{
    private readonly TestLauncher _launcher;
    private readonly EnclaveHost _host;
    private readonly Channel<RecycleReason> _lost = Channel.CreateUnbounded<RecycleReason>();
    private bool _hasWorker;
    private Func<Task>? _inTool;

    /// <param name="plan">The isolation of the worker.</param>
    /// <param name="workerMemory">The memory limit of a worker and of each of its runs, in bytes; null for 256 MB and 64 MB.</param>
    public InjectedHost(IsolationPlan plan, long? workerMemory = null)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        _launcher = new TestLauncher(TestLauncher.Real(plan));
        var pool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 1, SpareWorkers = 0, StartTimeout = TimeSpan.FromSeconds(20) };
        var options = new EnclaveOptions
        {
            SecurityLevel = plan.Level,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = workerMemory is { } limit ? pool with { MemoryLimitPerWorker = limit } : pool,
            MemoryLimit = workerMemory ?? (64L << 20),
            // The launcher's plan applies, not the plan that the host would make for this machine.
            AllowDegradedIsolation = [.. IsolationTable.Layers],
            OnWorkerRecycled = (reason) => _lost.Writer.TryWrite(reason),
            OnSecurityEvent = Events.Enqueue,
            ToolHandler = async (_, _, _) =>
            {
                await _inTool!();
                return 1;
            },
            // The injector leaves traces in the worker, which a comparison of its memory would find.
            ResetComparison = ResetComparison.Off,
        };
        _host = new EnclaveHost(options, null, _launcher);
    }

    public ConcurrentQueue<SecurityEvent> Events { get; } = [];

    /// <summary>The worker that took the last job and waits for the next one, as this machine sees it.</summary>
    public async Task<int> Worker()
    {
        if (!_hasWorker) await RunNextJob();
        _hasWorker = true;
        return _launcher.Pids[^1];
    }

    /// <summary>The host's report on its worker.</summary>
    public async Task<IReadOnlyList<LayerReport>> Layers()
    {
        _ = await Worker();
        return Assert.Single(_host.GetIsolationReport().Workers).Layers;
    }

    /// <summary>Waits for the end of a worker, unless one has ended since the last call, and returns its reason.</summary>
    public Task<RecycleReason> NextLostAsync() => _lost.Reader.ReadAsync().AsTask();

    /// <summary>Makes one attack from inside the worker. If the worker dies of it, the host notices, and the next job gets another worker.</summary>
    public async Task<CallOutcome> Attack(Func<Tracee, CallOutcome> attack)
    {
        int pid = await Worker();
        (CallOutcome outcome, bool spent) = await Injector.Inside(pid, (tracee) => (attack(tracee), tracee.IsSpent));
        if (spent) ProcessTable.Signal(pid, ProcessTable.Kill);
        if (spent || outcome.Signal != 0)
        {
            await Within.Deadline(NextLostAsync(), "notice of the worker's death");
            await ProcessTable.Gone(pid, "the worker");
        }

        await RunNextJob();
        Assert.Equal(spent || outcome.Signal != 0, _launcher.Pids[^1] != pid);
        return outcome;
    }

    /// <summary>Makes one attack while a job of the worker waits for a tool. Returns the attack's last call and the job's result.</summary>
    public async Task<(CallOutcome Last, ExecutionResult Result)> AttackDuringJob(Func<Tracee, CallOutcome> attack)
    {
        int pid = await Worker();
        CallOutcome last = default;
        _inTool = async () => last = await Injector.Inside(pid, attack);
        var patient = new RunOptions { Timeout = TimeSpan.FromSeconds(60) };
        ExecutionResult result = await Within.Deadline(_host.RunAsync("return await callTool('wait', {})", patient), "answer to the job of the attack");
        return (last, result);
    }

    /// <summary>The call ends the worker, and the host reports the reason.</summary>
    public async Task AssertForbidden(string what, Func<Tracee, CallOutcome> attack)
    {
        Events.Clear();
        CallOutcome outcome = await Attack(attack);
        Assert.True(outcome.IsForbidden, $"{what}: {outcome}");
        Assert.Equal(SecurityEventKind.ForbiddenSystemCall, Assert.Single(Events).Kind);
    }

    /// <summary>The call fails with one of these errors, and the worker continues.</summary>
    public async Task AssertRefused(string what, string[] errors, Func<Tracee, CallOutcome> attack)
    {
        CallOutcome outcome = await Attack(attack);
        Assert.True(errors.Contains(outcome.Error), $"{what}: {outcome}");
    }

    public async ValueTask DisposeAsync()
    {
        await Within.Deadline(_host.DisposeAsync().AsTask(), "end of the host");
        await _launcher.AssertNoneLeft();
    }

    private async Task RunNextJob()
    {
        ExecutionResult next = await Within.Deadline(_host.RunAsync("return 1 + 1"), "answer to the next job");
        Assert.True(next.Success, $"the next job: {next.Error?.Code} {next.Error?.Message}");
        Assert.Equal(2, next.Value.AsInt32());
    }
}
