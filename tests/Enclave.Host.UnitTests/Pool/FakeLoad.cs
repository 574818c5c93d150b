using Enclave.Pool;

namespace Enclave.Host.Tests;

/// <summary>The figures of a pool, without workers and processes.</summary>
public sealed record FakeLoad : IPoolLoad
{
    public int Total { get; init; }

    public int Starting { get; init; }

    public int Idle { get; init; }

    public int Active { get; init; }

    public int Compared { get; init; }

    public int Unbound { get; init; } = 1;

    public int Queued { get; init; }

    public bool HadWorker { get; init; } = true;

    public int StartFailures { get; init; }

    public TimeSpan StartWait { get; init; }

    public TimeSpan? SinceLoss { get; init; }

    /// <summary>Workers whose job has just begun.</summary>
    public int Computing { get; init; }

    /// <summary>Waiting tenants, the next one first.</summary>
    public string[] Waiting { get; init; } = [];

    /// <summary>Workers that hold a job, by tenant.</summary>
    public Dictionary<string, int> ByTenant { get; } = [];

    /// <summary>The pool's sizes.</summary>
    public int Least { get; init; } = 2;

    public int Most { get; init; } = 8;

    IEnumerable<string> IPoolLoad.Turns => Waiting;

    int IPoolLoad.ActiveOf(string tenant) => ByTenant.GetValueOrDefault(tenant);

    int IPoolLoad.ComparedOf(string tenant) => 0;

    int IPoolLoad.QueuedOf(string tenant) => Waiting.Count((each) => each == tenant);

    int IPoolLoad.Computing(TimeSpan time) => Computing;

    /// <summary>Possible figures of a pool.</summary>
    public static FakeLoad Any(Random random)
    {
        int idle = random.Next(5), active = random.Next(5), starting = random.Next(4), most = 1 + random.Next(12);
        return new FakeLoad
        {
            Idle = idle,
            Active = active,
            Starting = starting,
            Total = idle + active + starting,
            Computing = random.Next(active + 1),
            Compared = random.Next(2),
            Unbound = random.Next(3),
            Queued = random.Next(4),
            StartFailures = random.Next(3),
            StartWait = TimeSpan.FromMilliseconds(random.Next(3) == 0 ? 100 : 0),
            SinceLoss = random.Next(2) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(4)),
            HadWorker = random.Next(4) > 0,
            Most = most,
            Least = random.Next(most + 1),
        };
    }
}
