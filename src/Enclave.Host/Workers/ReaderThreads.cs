namespace Enclave.Workers;

/// <summary>
/// The threads that listen to workers. A thread whose worker was taken over while it ran the application's code waits here for the next worker.
/// </summary>
internal static class ReaderThreads
{
    /// <summary>The most threads that the application's continuations may hold. Further ones use the thread pool, which grows slowly.</summary>
    private const int MaxAway = 64;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly Lock s_gate = new();
    private static readonly List<Seat> s_free = [];
    private static int s_away;

    /// <summary>True if the application holds so many threads that it gets no more.</summary>
    public static bool AreScarce => Volatile.Read(ref s_away) >= MaxAway;

    /// <summary>Listens on a free thread, or a new one.</summary>
    public static void Run(Action listen)
    {
        Seat? seat;
        lock (s_gate)
        {
            seat = s_free.Count > 0 ? s_free[^1] : null;
            if (seat is not null) s_free.RemoveAt(s_free.Count - 1);
        }

        if (seat is null) new Thread(() => Loop(listen)) { IsBackground = true, Name = "enclave-reader" }.Start();
        else seat.Take(listen);
    }

    /// <summary>The application holds a thread whose worker another thread listens to.</summary>
    public static void Left() => Interlocked.Increment(ref s_away);

    /// <summary>The application has returned the thread.</summary>
    public static void CameBack() => Interlocked.Decrement(ref s_away);

    private static void Loop(Action listen)
    {
        var seat = new Seat();
        for (Action? next = listen; next is not null; next = Next(seat)) next();
    }

    private static Action? Next(Seat seat)
    {
        lock (s_gate) s_free.Add(seat);
        if (seat.Wait(s_patience) is { } next) return next;
        lock (s_gate)
        {
            if (s_free.Remove(seat)) return null;
        }

        // The seat was taken meanwhile: work is on its way.
        return seat.Wait(Timeout.InfiniteTimeSpan);
    }

    private sealed class Seat
    {
        private readonly object _gate = new();
        private Action? _next;

        public void Take(Action listen)
        {
            lock (_gate)
            {
                _next = listen;
                Monitor.Pulse(_gate);
            }
        }

        public Action? Wait(TimeSpan patience)
        {
            lock (_gate)
            {
                if (_next is null) Monitor.Wait(_gate, patience);
                Action? next = _next;
                _next = null;
                return next;
            }
        }
    }
}
