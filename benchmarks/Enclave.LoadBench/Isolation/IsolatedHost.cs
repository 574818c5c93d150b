using System.Diagnostics;
using System.Threading.Channels;
using Enclave.Engine;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.LoadBench.Isolation;

/// <summary>A host of one level with its isolation, or without any.</summary>
internal sealed class IsolatedHost : IAsyncDisposable
{
    private readonly RecordingLauncher _launcher;
    private readonly Channel<long> _lost = Channel.CreateUnbounded<long>();

    public IsolatedHost(SecurityLevel level, Side side, int workers)
    {
        WorkerPoolOptions pool = WorkerPoolPresets.For(level) with { MinWorkers = workers, MaxWorkers = workers };
        IsolationPlan plan = PlanFor(level, side);
        _launcher = new RecordingLauncher(new JailedLauncher(
            EngineFiles.Find(null), IsolationTable.EngineFlags(level), plan, WorkerBudget.For(
                pool.Bounds, IsolationTable.Requirement(level, IsolationLayer.Jitless) != LayerRequirement.Off)));
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = pool,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            OnWorkerRecycled = (_) => _lost.Writer.TryWrite(Stopwatch.GetTimestamp()),
        };
        Host = new EnclaveHost(options, null, _launcher);
    }

    public EnclaveHost Host { get; }

    /// <summary>The worker that was started last.</summary>
    public ForkedProcess Process => _launcher.Last;

    public static IsolationPlan PlanFor(SecurityLevel level, Side side)
    {
        IsolationPlan plan = IsolationPlan.For(level, Machine.This, Enum.GetValues<IsolationLayer>());
        return side == Side.Isolated ? plan : plan.Without(Enum.GetValues<IsolationLayer>()) with { Form = JailForm.None };
    }

    /// <summary>The milliseconds from creating a host with one worker until the worker is ready.</summary>
    public static async Task<(IsolatedHost Host, double Milliseconds)> StartAsync(SecurityLevel level, Side side)
    {
        long start = Stopwatch.GetTimestamp();
        var host = new IsolatedHost(level, side, workers: 1);
        await host.Host.WarmUpAsync();
        return (host, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>The milliseconds from the signal until the pool has reaped the process and released its resources.</summary>
    public async Task<double> KillAsync()
    {
        long start = Stopwatch.GetTimestamp();
        Process.Kill();
        long end = await _lost.Reader.ReadAsync();
        return Stopwatch.GetElapsedTime(start, end).TotalMilliseconds;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
