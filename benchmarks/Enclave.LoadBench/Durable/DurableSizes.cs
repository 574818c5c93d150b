namespace Enclave.LoadBench.Durable;

/// <summary>How much is measured.</summary>
internal sealed record DurableSizes
{
    /// <summary>Suspended runs in the store, if they can be started in <see cref="StartTime"/>.</summary>
    public int Suspended { get; private init; } = 1_000_000;

    public TimeSpan StartTime { get; private init; } = TimeSpan.FromMinutes(6);

    /// <summary>Pages to list.</summary>
    public int Pages { get; private init; } = 20;

    /// <summary>Recorded calls of runs that wake, and how many runs wake one after another.</summary>
    public IReadOnlyList<(int Calls, int Runs)> Wakes { get; private init; } = [(1, 50), (100, 50), (1000, 20)];

    /// <summary>Runs that are due at the same moment, if they can be started in <see cref="DueTime"/>.</summary>
    public int Due { get; private init; } = 10_000;

    /// <summary>The longest time to start them, and the longest to wait for their end.</summary>
    public TimeSpan DueTime { get; private init; } = TimeSpan.FromMinutes(5);

    /// <summary>Fresh runs alone.</summary>
    public int Fresh { get; private init; } = 2000;

    /// <summary>Runs at the same time that make steps.</summary>
    public IReadOnlyList<int> AtOnce { get; } = [1, 16, 64];

    public TimeSpan StepTime { get; private init; } = TimeSpan.FromSeconds(10);

    public static DurableSizes Of(bool quick) => !quick ? new() : new()
    {
        Suspended = 2000,
        StartTime = TimeSpan.FromMinutes(1),
        Pages = 5,
        Wakes = [(1, 5), (100, 5), (1000, 3)],
        Due = 200,
        Fresh = 200,
        StepTime = TimeSpan.FromSeconds(1),
    };
}
