namespace Enclave.Pool;

/// <summary>A pool at one moment, as decisions about it see it. Each figure is counted when it is asked for: some take a look at every worker.</summary>
internal interface IPoolLoad
{
    /// <summary>Workers, starting ones included.</summary>
    int Total { get; }

    /// <summary>Workers that are not ready yet.</summary>
    int Starting { get; }

    /// <summary>Workers that wait for a job.</summary>
    int Idle { get; }

    /// <summary>Workers that hold a job.</summary>
    int Active { get; }

    /// <summary>Workers that are idle in a moment, when their memory has been compared.</summary>
    int Compared { get; }

    /// <summary>Workers that serve no tenant yet, starting ones included.</summary>
    int Unbound { get; }

    /// <summary>Jobs that wait for a worker.</summary>
    int Queued { get; }

    /// <summary>Tenants whose jobs wait, the one whose turn it is first.</summary>
    IEnumerable<string> Turns { get; }

    /// <summary>True if any worker was ever ready.</summary>
    bool HadWorker { get; }

    /// <summary>Starts that failed since the last one that did not.</summary>
    int StartFailures { get; }

    /// <summary>How long no worker may be started, after failures.</summary>
    TimeSpan StartWait { get; }

    /// <summary>How long ago a worker was lost; null when none was.</summary>
    TimeSpan? SinceLoss { get; }

    /// <summary>Workers that hold a job of this tenant.</summary>
    int ActiveOf(string tenant);

    /// <summary>Workers whose job computes, or is about to, and has not run for this long yet.</summary>
    int Computing(TimeSpan time);
}
