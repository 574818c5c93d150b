using Enclave.Linux;

namespace Enclave.Workers;

/// <summary>A thread that ends overdue jobs. It does not use the thread pool, so a host that starves its own pool still kills in time.</summary>
internal sealed class DeadlineClock : IDisposable
{
    /// <summary>The interval of memory checks while jobs run, and how long a started job keeps the clock awake.</summary>
    private const long SampleInterval = 25_000, Linger = 1_000_000;

    private readonly object _gate = new();
    private readonly Thread _thread;
    private Worker[] _workers = [];
    private long _nextLook = long.MaxValue;
    private long _lastStart;
    private bool _disposed;

    public DeadlineClock()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = "enclave-clock" };
        _thread.UnsafeStart();
    }

    public void Add(Worker worker)
    {
        lock (_gate)
        {
            _workers = [.. _workers, worker];
            Monitor.Pulse(_gate);
        }
    }

    public void Remove(Worker worker)
    {
        lock (_gate) _workers = [.. _workers.Where((w) => w != worker)];
    }

    /// <summary>Registers a deadline. Wakes the thread only if it would sleep past it.</summary>
    public void Arm(long due)
    {
        long now = Clock.Microseconds;
        Volatile.Write(ref _lastStart, now);
        // The loop writes and reads the two fields in the opposite order. Without the barriers each side could miss the other's write.
        Interlocked.MemoryBarrier();
        if (Math.Min(due, now + SampleInterval) >= Volatile.Read(ref _nextLook)) return;
        lock (_gate) Monitor.Pulse(_gate);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Checks one worker. Returns the time of its next check.</summary>
    private static long Tick(Worker worker, long now)
    {
        try
        {
            return worker.Tick(now);
        }
        catch (Exception fault) when (Scarcity.IsCauseOf(fault))
        {
            return now + SampleInterval;
        }
    }

    private void Loop()
    {
        while (true)
        {
            Worker[] workers;
            lock (_gate)
            {
                if (_disposed) return;
                workers = _workers;
            }

            long now = Clock.Microseconds, next = long.MaxValue;
            foreach (Worker worker in workers) next = Math.Min(next, Tick(worker, now));
            lock (_gate)
            {
                if (_disposed) return;
                if (workers != _workers) continue;
                if (now - Volatile.Read(ref _lastStart) < Linger) next = Math.Min(next, now + SampleInterval);
                Volatile.Write(ref _nextLook, next);
                Interlocked.MemoryBarrier();
                // A deadline came between the check and here: check again instead of sleeping past it.
                if (Volatile.Read(ref _lastStart) > now && next > now + SampleInterval) continue;
                long left = next == long.MaxValue ? -1 : Math.Max(0, (next - Clock.Microseconds + 999) / 1000);
                if (left != 0) Monitor.Wait(_gate, left < 0 ? Timeout.Infinite : (int)Math.Min(left, int.MaxValue));
                // While the thread checks, no caller needs to wake it.
                Volatile.Write(ref _nextLook, 0);
            }
        }
    }
}
