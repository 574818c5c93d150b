namespace Enclave.Pool;

/// <summary>The state of a pool, for decisions. Each figure is computed when it is read; some visit every worker.</summary>
internal interface IPoolLoad
{
    /// <summary>Workers, starting ones included.</summary>
    int Total { get; }

    /// <summary>Workers that are not ready yet.</summary>
    int Starting { get; }

    /// <summary>Workers that wait for a job.</summary>
    int Idle { get; }

    /// <summary>Workers with a job.</summary>
    int Active { get; }

    /// <summary>Workers that will be idle in a moment, when their memory has been compared.</summary>
    int Compared { get; }

    /// <summary>Workers that serve no tenant yet, starting ones included.</summary>
    int Unbound { get; }

    /// <summary>Jobs that wait for a worker.</summary>
    int Queued { get; }

    /// <summary>Tenants with waiting jobs, in the order of their turns.</summary>
    IEnumerable<string> Turns { get; }

    /// <summary>True if any worker has ever been ready.</summary>
    bool HadWorker { get; }

    /// <summary>Failed starts since the last successful one.</summary>
    int StartFailures { get; }

    /// <summary>The remaining pause after failed starts.</summary>
    TimeSpan StartWait { get; }

    /// <summary>The time since a worker was last lost; null if none was.</summary>
    TimeSpan? SinceLoss { get; }

    /// <summary>Workers with a job of this tenant.</summary>
    int ActiveOf(string tenant);

    /// <summary>Workers that will be idle in a moment, after a job of this tenant.</summary>
    int ComparedOf(string tenant);

    /// <summary>Jobs of this tenant that wait for a worker.</summary>
    int QueuedOf(string tenant);

    /// <summary>Workers whose job computes, or is about to, and has run for less than this time.</summary>
    int Computing(TimeSpan time);
}
