namespace Enclave.Workers;

// Code of the application that a script causes to run (tools, approvals, secrets, stores, console lines) may block. It never begins on the application's
// thread pool: a script with 100 calls would hold each thread of it, and the pool grows by one or two threads a second. It runs on a thread that reads
// frames and has nothing else to read, or on one of these. They are bounded: for a run, so that its further calls wait in a queue of its own; for a
// tenant, so that others find a free thread; and for the process. Tenants take turns, and so do the runs of one. Code after an await continues wherever
// .NET continues it, usually on the thread pool.

/// <summary>The threads on which the application's handlers begin, and who has the next turn.</summary>
internal static class HandlerThreads
{
    /// <summary>Threads that one run may hold.</summary>
    public const int MaxOfRun = 16;

    /// <summary>Threads that the runs of one tenant may hold.</summary>
    public const int MaxOfTenant = 128;

    /// <summary>Threads that all handlers together may hold.</summary>
    public const int Max = 256;

    /// <summary>How long a thread waits for work before it ends, in milliseconds.</summary>
    private const int Patience = 30_000;

    private static readonly Lock s_gate = new();
    private static readonly Dictionary<string, HandlerTenant> s_known = new(StringComparer.Ordinal);
    private static readonly Queue<HandlerTenant> s_turns = new();

    /// <summary>Threads without work. The last one is woken first: under little load it is always the same one.</summary>
    private static readonly List<Standby> s_idle = [];
    private static int s_held;

    /// <summary>True from the moment at which a thread was woken or started up to its first look for work. That thread wakes the next one.</summary>
    private static bool s_isComing;

    /// <summary>The run for which this thread works, up to the first code of the application.</summary>
    [ThreadStatic]
    private static HandlerTurns? t_fresh;

    /// <summary>The work that this thread does next, without a new turn.</summary>
    [ThreadStatic]
    private static IThreadPoolWorkItem? t_next;

    /// <summary>True if code of the application may begin on this thread: the thread works for this run, and has not begun other code.</summary>
    public static bool TryBegin(HandlerTurns run)
    {
        if (t_fresh != run || t_next is not null) return false;
        t_fresh = null;
        return true;
    }

    /// <summary>Runs the host's part of a call on this thread, and what that posts first. If the run or its tenant holds too many threads, it waits.</summary>
    public static void RunHere(HandlerTurns run, IThreadPoolWorkItem work)
    {
        lock (s_gate)
        {
            HandlerTenant tenant = Enter_NeedsLock(run);
            if (run.Waiting.Count > 0 || run.Held >= MaxOfRun || tenant.Held >= MaxOfTenant || s_held >= Max)
            {
                run.Waiting.Enqueue(work);
                List_NeedsLock(run);
                return;
            }

            Hold_NeedsLock(run, 1);
        }

        Execute(run, work);
        bool isNeeded;
        lock (s_gate)
        {
            Leave_NeedsLock(run);
            isNeeded = IsNeeded_NeedsLock();
        }

        if (isNeeded) Bring();
    }

    /// <summary>Has one of the threads do this. From any thread; never waits.</summary>
    public static void Post(HandlerTurns run, IThreadPoolWorkItem work)
    {
        if (TryBegin(run))
        {
            t_next = work;
            return;
        }

        bool isNeeded;
        lock (s_gate)
        {
            Enter_NeedsLock(run);
            run.Waiting.Enqueue(work);
            List_NeedsLock(run);
            isNeeded = IsNeeded_NeedsLock();
        }

        if (isNeeded) Bring();
    }

    private static void Execute(HandlerTurns run, IThreadPoolWorkItem work)
    {
        t_fresh = run;
        work.Execute();
        while (t_next is { } next)
        {
            t_next = null;
            next.Execute();
        }

        t_fresh = null;
    }

    /// <summary>True if work waits and a thread has to be woken or started. The caller does that without the lock.</summary>
    private static bool IsNeeded_NeedsLock()
    {
        if (s_isComing || s_turns.Count == 0 || s_held >= Max) return false;
        s_isComing = true;
        return true;
    }

    private static void Bring()
    {
        Standby? idle = null;
        lock (s_gate)
        {
            if (s_idle.Count > 0)
            {
                idle = s_idle[^1];
                s_idle.RemoveAt(s_idle.Count - 1);
            }
        }

        if (idle is not null)
        {
            idle.Wake();
            return;
        }

        try
        {
            // Without the execution context of the call that starts the thread.
            new Thread(() => Loop(stays: true)) { IsBackground = true, Name = "enclave-handler" }.UnsafeStart();
        }
        catch (OutOfMemoryException)
        {
            // The process may start no more threads. The waiting calls continue on the thread pool.
            ThreadPool.UnsafeQueueUserWorkItem(static (_) => Loop(stays: false), null);
        }
    }

    private static void Loop(bool stays)
    {
        var standby = new Standby();
        bool isCalled = true;
        while (true)
        {
            HandlerTurns? run;
            IThreadPoolWorkItem? work;
            bool isNeeded;
            lock (s_gate)
            {
                if (isCalled) s_isComing = false;
                isCalled = false;
                (run, work) = Next_NeedsLock();
                isNeeded = run is not null && IsNeeded_NeedsLock();
                if (run is null && stays) s_idle.Add(standby);
            }

            if (isNeeded) Bring();
            if (run is not null)
            {
                Execute(run, work!);
                lock (s_gate) Leave_NeedsLock(run);
                continue;
            }

            if (!stays) return;
            if (!standby.Wait(Patience))
            {
                lock (s_gate)
                {
                    if (s_idle.Remove(standby)) return;
                }

                // This thread was chosen for work at the last moment.
                standby.Wait(Timeout.Infinite);
            }

            isCalled = true;
        }
    }

    private static (HandlerTurns? Run, IThreadPoolWorkItem? Work) Next_NeedsLock()
    {
        if (s_held >= Max) return (null, null);
        HandlerTenant? tenant;
        do
        {
            if (!s_turns.TryDequeue(out tenant)) return (null, null);
            tenant.IsListed = false;
        }
        // Threads that read frames may have begun work of this tenant meanwhile. The tenant gets a turn again when one of its threads is free.
        while (tenant.Held >= MaxOfTenant);

        HandlerTurns run = tenant.Listed.Dequeue();
        run.IsListed = false;
        IThreadPoolWorkItem work = run.Waiting.Dequeue();
        Hold_NeedsLock(run, 1);
        List_NeedsLock(run);
        List_NeedsLock(tenant);
        return (run, work);
    }

    private static HandlerTenant Enter_NeedsLock(HandlerTurns run)
    {
        if (run.Place is { } place) return place;
        if (!s_known.TryGetValue(run.Tenant, out HandlerTenant? tenant)) s_known.Add(run.Tenant, tenant = new HandlerTenant());
        tenant.Runs++;
        return run.Place = tenant;
    }

    private static void Hold_NeedsLock(HandlerTurns run, int threads)
    {
        run.Held += threads;
        run.Place!.Held += threads;
        s_held += threads;
    }

    private static void Leave_NeedsLock(HandlerTurns run)
    {
        HandlerTenant tenant = run.Place!;
        Hold_NeedsLock(run, -1);
        List_NeedsLock(run);
        List_NeedsLock(tenant);
        if (run.Held > 0 || run.Waiting.Count > 0) return;
        run.Place = null;
        if (--tenant.Runs == 0) s_known.Remove(run.Tenant);
    }

    private static void List_NeedsLock(HandlerTurns run)
    {
        if (run.IsListed || run.Waiting.Count == 0 || run.Held >= MaxOfRun) return;
        run.IsListed = true;
        run.Place!.Listed.Enqueue(run);
        List_NeedsLock(run.Place);
    }

    private static void List_NeedsLock(HandlerTenant tenant)
    {
        if (tenant.IsListed || tenant.Listed.Count == 0 || tenant.Held >= MaxOfTenant) return;
        tenant.IsListed = true;
        s_turns.Enqueue(tenant);
    }

    /// <summary>The wait of one thread for work.</summary>
#pragma warning disable CA1001 // Its wait handle is never created, so it holds nothing to dispose.
    private sealed class Standby
#pragma warning restore CA1001
    {
        private readonly ManualResetEventSlim _called = new();

        public void Wake() => _called.Set();

        public bool Wait(int milliseconds)
        {
            if (!_called.Wait(milliseconds)) return false;
            _called.Reset();
            return true;
        }
    }
}
