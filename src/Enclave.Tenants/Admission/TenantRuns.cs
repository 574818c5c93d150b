namespace Enclave.Tenants.Admission;

/// <summary>The runs of one tenant at this moment: the running ones, and the ones that wait at the gate, in the order in which they came.</summary>
#pragma warning disable CA1001 // A source without timers and wait handles holds nothing, and runs that read its token may still have it.
internal sealed class TenantRuns
#pragma warning restore CA1001
{
    /// <summary>Runs of a tenant that may wait at the gate. Each holds its script.</summary>
    private const int MaxWaiting = 1000;

    /// <summary>A waiting run checks for room this often, even if no other run wakes it: room also appears with time.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _line = new();
    private CancellationTokenSource _ending = new();
    private int _running;

    /// <summary>The number of running runs.</summary>
    public int Running
    {
        get
        {
            lock (_gate) return _running;
        }
    }

    /// <summary>The number of runs that wait at the gate.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _line.Count;
        }
    }

    /// <summary>Cancelled when all present runs are to end. Read it before the policy, so that a suspension between the two reads ends the run too.</summary>
    public CancellationToken Ending
    {
        get
        {
            lock (_gate) return _ending.Token;
        }
    }

    /// <summary>The number of calls that use this object.</summary>
    public int Users { get; set; }

    /// <summary>Enters a run. False if the maximum number of runs is running.</summary>
    public bool TryEnter(int? most)
    {
        lock (_gate)
        {
            if (_running >= (most ?? int.MaxValue)) return false;
            _running++;
            return true;
        }
    }

    /// <summary>Takes back the entry of a run that does not begin. Wakes no waiting run: the run would wake itself, again and again.</summary>
    public void Withdraw()
    {
        lock (_gate) _running--;
    }

    /// <summary>Counts a run that has left, and wakes the first waiting run.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _running--;
            Wake_NeedsLock(_line.First);
        }
    }

    /// <summary>Joins the line; null if it is full.</summary>
    public Waiter? TryJoin(string? key)
    {
        lock (_gate)
        {
            if (_line.Count >= MaxWaiting) return null;
            var waiter = new Waiter(key);
            waiter.Node = _line.AddLast(waiter);
            return waiter;
        }
    }

    /// <summary>True if a run of this key came before and waits: a new one does not overtake it.</summary>
    public bool IsBehind(string? key)
    {
        lock (_gate) return _line.Any((waiter) => waiter.Key == key);
    }

    /// <summary>Waits until something has changed, or it is time to look again.</summary>
    public async ValueTask WaitAsync(Waiter waiter, TimeSpan most, TimeProvider clock, CancellationToken cancellationToken)
    {
        TimeSpan time = most < s_look ? most : s_look;
        try
        {
            await waiter.Changed.WaitAsync(time, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Time may have given room.
        }

        lock (_gate) waiter.Reset();
    }

    /// <summary>A run that was woken still has no room: the next one may need another.</summary>
    public void WakeNext(Waiter waiter)
    {
        lock (_gate) Wake_NeedsLock(waiter.Node!.Next);
    }

    /// <summary>Leaves the line, and lets the next one look.</summary>
    public void Leave(Waiter waiter)
    {
        lock (_gate)
        {
            Wake_NeedsLock(waiter.Node!.Next);
            _line.Remove(waiter.Node!);
        }
    }

    /// <summary>The policy has changed: all that wait look again.</summary>
    public void WakeAll()
    {
        lock (_gate)
        {
            foreach (Waiter waiter in _line) waiter.Wake();
        }
    }

    /// <summary>Ends all runs of this moment.</summary>
    public void EndAll()
    {
        CancellationTokenSource ending;
        lock (_gate) (ending, _ending) = (_ending, new CancellationTokenSource());
        // Cancel on another thread, because the callbacks that end the runs take time.
        _ = ending.CancelAsync();
        WakeAll();
    }

    private static void Wake_NeedsLock(LinkedListNode<Waiter>? node) => node?.Value.Wake();

    /// <summary>A run that waits at the gate.</summary>
    /// <param name="key">Its key.</param>
    internal sealed class Waiter(string? key)
    {
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? Key => key;

        public LinkedListNode<Waiter>? Node { get; set; }

        public Task Changed => _changed.Task;

        public void Wake() => _changed.TrySetResult();

        public void Reset()
        {
            if (_changed.Task.IsCompleted) _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
