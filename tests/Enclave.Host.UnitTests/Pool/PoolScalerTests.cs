using Enclave.Pool;

namespace Enclave.Host.Tests;

/// <summary>The wanted number of workers, computed without a worker.</summary>
public sealed class PoolScalerTests
{
    private const int Cores = 4;

    public static TheoryData<string, FakeLoad, string> Starts => new()
    {
        { "too few are there", new() { Total = 1, Idle = 1 }, "AtOnce" },
        { "enough are there", new() { Total = 2, Idle = 2 }, "-" },
        { "as many as allowed are there", new() { Total = 8, Active = 8, Queued = 5 }, "-" },
        { "a job waits", new() { Total = 2, Active = 2, Queued = 1 }, "AtOnce" },
        { "a job waits, and one starts for it", new() { Total = 3, Active = 2, Starting = 1, Queued = 1 }, "-" },
        { "a job waits, and one is idle in a moment", new() { Total = 2, Active = 2, Compared = 1, Queued = 1 }, "-" },
        { "more jobs wait than workers start", new() { Total = 3, Active = 2, Starting = 1, Queued = 2 }, "AtOnce" },
        { "every core computes, and one worker rests", new() { Total = 5, Active = 5, Computing = 4, Queued = 1 }, "-, again in 100 ms" },
        { "every core computes, and no worker rests", new() { Total = 4, Active = 4, Computing = 4, Queued = 1 }, "AtOnce" },
        { "the jobs on the cores are long", new() { Total = 5, Active = 5, Computing = 1, Queued = 1 }, "AtOnce" },
        { "too few are there, and one runs a job", new() { Total = 1, Active = 1 }, "Aside" },
        { "too few are there, and sixteen start", new() { Total = 17, Starting = 16, Idle = 1, Most = 40, Least = 30 }, "-" },
        { "none was ready yet, and a core is left to the host", new() { Total = 3, Starting = 3, HadWorker = false, Least = 6 }, "-" },
        { "starts failed a moment ago", new() { Total = 0, StartWait = TimeSpan.FromSeconds(1) }, "-, again in 1001 ms" },
        { "a start failed, and another one is under way", new() { Total = 1, Starting = 1, StartFailures = 1 }, "-" },
        { "one was just lost, and nobody waits", new() { Total = 1, Idle = 1, SinceLoss = TimeSpan.FromMilliseconds(1) }, "-, again in 2 ms" },
        { "one was just lost, and a job waits", new() { Total = 1, Active = 1, Queued = 1, SinceLoss = TimeSpan.FromMilliseconds(1) }, "AtOnce" },
    };

    public static TheoryData<string, FakeLoad, string> Spares => new()
    {
        { "all idle ones are bound", new() { Total = 3, Idle = 3, Unbound = 0 }, "AtOnce" },
        { "one is bound to nobody", new() { Total = 3, Idle = 3, Unbound = 1 }, "-" },
        { "all are bound, and every core computes", new() { Total = 6, Active = 6, Computing = 4, Queued = 1, Unbound = 0 }, "AtOnce, again in 100 ms" },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public void One_more_is_started_or_not(string when, FakeLoad load, string expected) =>
        Assert.Equal((when, expected), (when, Decide(load, oneTenant: false)));

    [Theory]
    [MemberData(nameof(Spares))]
    public void Where_workers_are_bound_one_is_kept_for_a_new_tenant(string when, FakeLoad load, string expected) =>
        Assert.Equal((when, expected), (when, Decide(load, oneTenant: true)));

    [Theory]
    [InlineData(false, 1, 0, 0, true)]
    [InlineData(false, 0, 0, 0, false)]
    [InlineData(false, 1, 2, 2, false)]
    [InlineData(true, 1, 2, 2, true)]
    public void Starts_speed_up_for_a_job_that_gains_by_it(bool oneTenant, int queued, int idle, int active, bool expected) =>
        Assert.Equal(expected, Scaler(new FakeLoad(), oneTenant).Hastens(new FakeLoad { Total = 5, Queued = queued, Idle = idle, Active = active }));

    public static TheoryData<string, FakeLoad, string> Rooms => new()
    {
        { "a tenant waits, and all idle ones are others'", new() { Total = 8, Idle = 4, Active = 4, Waiting = ["b"] }, "MakeRoom" },
        { "the pool is not full", new() { Total = 7, Idle = 4, Active = 3, Waiting = ["b"] }, "Keep" },
        { "one starts", new() { Total = 8, Idle = 4, Active = 3, Starting = 1, Waiting = ["b"] }, "Keep" },
        { "no tenant waits", new() { Total = 8, Idle = 4, Active = 4 }, "Keep" },
        { "nothing is idle", new() { Total = 8, Active = 8, Waiting = ["b"] }, "Keep" },
        { "a replacement is idle, and as many jobs run as may", new() { Total = 9, Idle = 1, Active = 8, Waiting = ["b"] }, "Keep" },
        { "a job began on every core just now", new() { Total = 8, Idle = 4, Active = 4, Computing = 4, Waiting = ["b"] }, "LookAgain" },
        { "the tenant that waits has all that it may have", new() { Total = 8, Idle = 4, Active = 4, Waiting = ["b"], ByTenant = { ["b"] = 8 } }, "Keep" },
    };

    [Theory]
    [MemberData(nameof(Rooms))]
    public void An_idle_worker_makes_room_for_a_tenant_that_waits(string when, FakeLoad load, string expected) =>
        Assert.Equal((when, expected), (when, Scaler(load, oneTenant: true).DecideRoom(load).ToString()));

    /// <summary>In every state the pool stays within its maximum. Below its minimum it starts a worker or names the time of its next check.</summary>
    [Fact]
    public void Any_load_is_decided_within_the_sizes()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            FakeLoad load = FakeLoad.Any(random);
            StartDecision decision = Scaler(load, oneTenant: random.Next(2) == 0).Decide(load);

            if (load.Total >= load.Most) Assert.Null(decision.Start);
            bool mayStart = load is { Starting: < 3, StartFailures: 0 } && load.Total < Math.Min(load.Least, load.Most);
            if (mayStart) Assert.True(decision.Start is not null || decision.LookAgain is not null, load.ToString());
            if (load.StartWait > TimeSpan.Zero) Assert.Null(decision.Start);
        }
    }

    private static string Decide(FakeLoad load, bool oneTenant)
    {
        StartDecision decision = Scaler(load, oneTenant).Decide(load);
        string start = decision.Start?.ToString() ?? "-";
        return decision.LookAgain is { } time ? $"{start}, again in {time.TotalMilliseconds:0} ms" : start;
    }

    private static PoolScaler Scaler(FakeLoad load, bool oneTenant) => new(
        new WorkerPoolOptions { MinWorkers = load.Least, MaxWorkers = load.Most, SpareWorkers = 1 }, oneTenant, Cores, new TenantScheduler(Cores));
}
