namespace Enclave.Limits;

/// <summary>The host's memory for values that tools work on, and for answers that a worker has not taken yet. Tenants share it.</summary>
/// <remarks>
/// A tenant may hold three times the amount that is then left for others (a dynamic threshold, after Choudhury and Hahne). One tenant alone gets three
/// quarters. Memory that it releases goes to tenants with less, until all have the same. Requests without room wait; within a tenant the first comes first.
/// </remarks>
internal sealed class HostMemory(long limit, long perRun)
{
    /// <summary>The result of a call may always take this much, and more where a run may hold more.</summary>
    public const long LeastOfResult = 64 << 20;

    private const int Share = 3;

    /// <summary>The default with small messages: all values of STRICT, twice.</summary>
    private const long LeastPerRun = 8L << 20;

    private readonly Lock _gate = new();
    private readonly ByteTotals _held = new();
    private readonly List<Request> _waiting = [];
    private long _journals;

    /// <summary>The most that all runs may hold together, beside <see cref="RunMemory.Free"/> for each.</summary>
    public long Limit => limit;

    /// <summary>The most that one run may hold.</summary>
    public long PerRun => perRun;

    /// <summary>
    /// The most that journals may hold together. It leaves room for the largest request of a run. So a run on a worker never waits for the journal of a run
    /// that waits for a worker.
    /// </summary>
    public long MostOfJournals => Math.Max(0, (Share * limit / (Share + 1)) - perRun);

    /// <summary>The turns of journals that are larger than <see cref="MostOfJournals"/>: one of them is in memory at a time.</summary>
    public FairTurns JournalTurns { get; } = new(1);

    /// <summary>The turns of results that have no room beside the memory of runs: one of them is in memory at a time.</summary>
    public FairTurns Turns { get; } = new(1);

    /// <summary>Bytes that runs hold now.</summary>
    public long Held
    {
        get
        {
            lock (_gate) return _held.All;
        }
    }

    /// <summary>Runs that wait for room.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <param name="pool">The options.</param>
    /// <param name="largestResolved">Bytes of the largest value that may replace references, which can be larger than messages; 0 without a sidecar.</param>
    public static HostMemory Of(WorkerPoolOptions pool, long largestResolved = 0)
    {
        // A character takes two bytes in .NET, and one in a message.
        long usual = Math.Max(Math.Max(LeastPerRun, 4L * pool.MaxMessageBytes), 2 * largestResolved);
        long perRun = pool.HostMemoryLimitPerRun ?? Math.Min(usual, pool.HostMemoryLimit / 2 ?? long.MaxValue);
        return new HostMemory(pool.HostMemoryLimit ?? 4 * perRun, perRun);
    }

    /// <summary>Reserves these bytes for the run if there is room now.</summary>
    public bool TryTake(RunMemory run, long bytes)
    {
        lock (_gate)
        {
            if (FindObstacle(run, bytes) != Obstacle.None) return false;
            Change(run, bytes);
            return true;
        }
    }

    /// <summary>
    /// Reserves these bytes for the run now, or as soon as there is room: then <see cref="RunMemory.Granted"/> has them. A run waits for one request at a time.
    /// </summary>
    /// <param name="run">The run that asks.</param>
    /// <param name="bytes">At most <see cref="PerRun"/>.</param>
    /// <param name="granted">Called once if this method returned false: when the bytes are reserved, or when the run has ended.</param>
    public bool TakeOrWait(RunMemory run, long bytes, Action granted)
    {
        lock (_gate)
        {
            // A run that has ended drops its memory.
            if (run.HasEnded || (!HasEarlier(run.Tenant) && FindObstacle(run, bytes) == Obstacle.None))
            {
                Change(run, bytes);
                return true;
            }

            _waiting.Add(new Request(run, bytes, granted));
            return false;
        }
    }

    public void Give(RunMemory run, long bytes)
    {
        List<Request>? granted;
        lock (_gate)
        {
            Change(run, -bytes);
            granted = Grant();
        }

        Tell(granted);
    }

    /// <summary>Ends the run's waiting.</summary>
    public void Withdraw(RunMemory run)
    {
        List<Request>? told = null;
        lock (_gate)
        {
            run.HasEnded = true;
            int at = _waiting.FindIndex((request) => request.Run == run);
            if (at >= 0)
            {
                told = [_waiting[at]];
                _waiting.RemoveAt(at);
            }

            if (run.Granted > 0)
            {
                Change(run, -run.Granted);
                run.Granted = 0;
            }

            // Later requests of the tenant may have waited for this one.
            if (Grant() is { } granted) told = [.. told ?? [], .. granted];
        }

        Tell(told);
    }

    /// <summary>Collects the bytes that were reserved while the run waited; 0 if there are none. The run must release them.</summary>
    public long Collect(RunMemory run)
    {
        lock (_gate)
        {
            long granted = run.Granted;
            run.Granted = 0;
            return granted;
        }
    }

    private List<Request>? Grant()
    {
        if (_waiting.Count == 0) return null;
        List<Request>? granted = null;
        var passedOver = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < _waiting.Count;)
        {
            Request request = _waiting[i];
            Obstacle obstacle = passedOver.Contains(request.Run.Tenant) ? Obstacle.Host : FindObstacle(request.Run, request.Bytes);
            if (obstacle != Obstacle.None)
            {
                // A run that is blocked by its own limit does not block the other runs of its tenant.
                if (obstacle == Obstacle.Host) passedOver.Add(request.Run.Tenant);
                i++;
                continue;
            }

            Change(request.Run, request.Bytes);
            request.Run.Granted = request.Bytes;
            _waiting.RemoveAt(i);
            (granted ??= []).Add(request);
        }

        return granted;
    }

    private static void Tell(List<Request>? requests)
    {
        if (requests is null) return;
        foreach (Request request in requests) request.Granted();
    }

    private bool HasEarlier(string tenant)
    {
        foreach (Request request in _waiting)
        {
            if (request.Run.Tenant == tenant && FindObstacle(request.Run, request.Bytes) == Obstacle.Host) return true;
        }

        return false;
    }

    private Obstacle FindObstacle(RunMemory run, long bytes)
    {
        bool isTooMuch = run.IsJournal ? _journals + bytes > MostOfJournals : run.Held + bytes > perRun;
        if (isTooMuch) return Obstacle.Run;
        long left = limit - _held.All - bytes;
        if (_held.Of(run.Tenant) + bytes <= Share * left) return Obstacle.None;
        // Runs that have a worker do not wait behind a journal.
        return run.IsJournal ? Obstacle.Run : Obstacle.Host;
    }

    private void Change(RunMemory run, long bytes)
    {
        if (run.IsJournal) _journals += bytes;
        run.Held += bytes;
        _held.Add(run.Tenant, bytes);
    }

    private enum Obstacle
    {
        None,
        Run,
        Host,
    }

    private readonly record struct Request(RunMemory Run, long Bytes, Action Granted);
}
