using System.Collections.Concurrent;
using Enclave.Tests;
using Enclave.Workers.Comparison;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>A host with one worker, whose memory it compares.</summary>
internal sealed class WatchedHost : IAsyncDisposable
{
    private readonly EnclaveHost _host;
    private Func<int, Planted>? _plant;
    private Planted? _planted;
    private long _told;

    public WatchedHost(SecurityLevel level, ResetComparison comparison, string listing)
    {
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Adapter = EnclaveAdapter.WorkerPool,
            ResetComparison = comparison,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0, MaxExecutionsPerWorker = 1_000_000 },
            OnSecurityEvent = (told) =>
            {
                Events.Enqueue(told);
                Interlocked.Increment(ref _told);
            },
            ToolHandler = (_, _, _) =>
            {
                _planted = _plant!(Pid);
                return new ValueTask<object?>(1);
            },
        };
        _host = new EnclaveHost(options.WithoutGuard(), null, TestLauncher.Listing(level, Enum.Parse<PageListing>(listing)));
    }

    public ConcurrentQueue<SecurityEvent> Events { get; } = new();

    /// <summary>Its worker.</summary>
    public int Pid => Assert.Single(_host.GetIsolationReport().Workers).ProcessId;

    /// <summary>The number of workers that were ended for changes that no honest worker makes.</summary>
    public long Accused => _host.GetSnapshot().RecycledBy.GetValueOrDefault(RecycleReason.Violation);

    public long Recycled => _host.GetSnapshot().Recycled;

    /// <summary>Runs a job in the middle of which the change is made, and one more job after it.</summary>
    public async Task<Planted> Plant(Func<int, Planted> plant)
    {
        Planted planted = await PlantDuringJob(plant);
        // The worker takes it after its memory was compared, or another worker does.
        ExecutionResult next = await Run("return 1");
        Assert.True(next.Success, next.Error?.Message);
        return planted;
    }

    /// <summary>
    /// Runs a job in the middle of which the change is made, and then jobs until the host finds it. Returns the number of runs after which it was found,
    /// one more than <paramref name="most"/> if it was not, and null if the change ended the worker by itself.
    /// </summary>
    public async Task<int?> RunsUntilFound(Func<int, Planted> plant, int most)
    {
        int pid = (await PlantDuringJob(plant)).Pid;
        for (int runs = 1; runs <= most; runs++)
        {
            // Answered after the comparison that followed the run before, by this worker or by another one.
            ExecutionResult next = await Run("return 1");
            // The pool knows at once; the application's own code is called a little later. Each worker that the pool accuses has an event at least.
            await Within.Becomes(() => Volatile.Read(ref _told) >= Accused, "each accusation was told");
            while (Events.TryDequeue(out SecurityEvent? told))
            {
                if (told.ProcessId == pid) return told.Kind == SecurityEventKind.MemoryMismatch ? runs : null;
            }

            if (!next.Success) return null;
        }

        return most + 1;
    }

    private async Task<Planted> PlantDuringJob(Func<int, Planted> plant)
    {
        _plant = plant;
        _ = await Run("return await callTool('plant', {})");
        _plant = Planted.Nothing;
        return _planted!;
    }

    private Task<ExecutionResult> Run(string code) =>
        Within.Deadline(_host.RunAsync(code, new RunOptions { Timeout = TimeSpan.FromSeconds(2) }), "answer of a job");

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
