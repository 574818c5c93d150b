using Enclave.Linux;

namespace Enclave.Workers;

/// <summary>
/// The threads that compare workers between two jobs. Their number bounds what all comparisons of the process take at a time: a core and a piece of memory
/// each.
/// </summary>
internal static class ComparisonThreads
{
    /// <summary>A worker's memory is read in pieces of this size.</summary>
    private const int PieceBytes = 1 << 20;

    private const int MaxThreads = 16;

    /// <summary>The time until a worker that has not reset itself yet is looked at again, in microseconds.</summary>
    private const long Again = 2_000;

    private static readonly int s_most = Math.Min(Environment.ProcessorCount, MaxThreads);
    private static readonly object s_gate = new();
    private static readonly PriorityQueue<Worker, long> s_due = new();
    private static int s_threads;
    private static int s_waiting;

    /// <summary>Compares the worker as soon as it waits for a job.</summary>
    public static void Add(Worker worker) => Add(worker, Clock.Microseconds);

    private static void Add(Worker worker, long due)
    {
        lock (s_gate)
        {
            s_due.Enqueue(worker, due);
            if (s_waiting > 0) Monitor.Pulse(s_gate);
            else if (s_threads < s_most) StartOne_NeedsLock();
        }
    }

    private static void StartOne_NeedsLock()
    {
        try
        {
            new Thread(Loop, 256 * 1024) { IsBackground = true, Name = "enclave-compare" }.UnsafeStart();
            s_threads++;
        }
        catch (OutOfMemoryException)
        {
            // The next worker tries again. A worker that is not compared gets no job, and the clock ends it.
        }
    }

    private static void Loop()
    {
        byte[] room = new byte[PieceBytes];
        while (true)
        {
            Worker worker = Next();
            bool isSettled = false;
            try
            {
                isSettled = worker.IsSettled(room);
            }
            catch (Exception fault) when (Scarcity.IsCauseOf(fault))
            {
                // The worker gets no job before it was compared.
            }

            if (!isSettled) Add(worker, Clock.Microseconds + Again);
        }
    }

    private static Worker Next()
    {
        lock (s_gate)
        {
            while (true)
            {
                bool any = s_due.TryPeek(out _, out long due);
                long left = any ? due - Clock.Microseconds : long.MaxValue;
                if (left <= 0) return s_due.Dequeue();
                s_waiting++;
                Monitor.Wait(s_gate, any ? (int)((left + 999) / 1000) : Timeout.Infinite);
                s_waiting--;
            }
        }
    }
}
