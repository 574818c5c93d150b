using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Workers;

/// <summary>
/// The threads that serve the connections of all workers: a few more than cores, and others while some of them run the application's code or wait for the
/// kernel.
/// </summary>
/// <remarks>
/// A connection is reported to one thread, and to no other before <see cref="Rearm"/>. Threads that wait are woken last in, first out: under little load it is
/// always the same one.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static class ReaderThreads
{
    /// <summary>The most threads that the application's code may hold. Further handlers begin on <see cref="HandlerThreads"/>.</summary>
    private const int MaxAway = 64;

    /// <summary>How long a thread beyond the usual ones waits for work before it ends, in milliseconds.</summary>
    private const int Patience = 30_000;

    /// <summary>Two more than cores: usually one of them waits, so that no thread needs to watch for that.</summary>
    private static readonly int s_usual = Environment.ProcessorCount + 2;

    private static readonly ConcurrentDictionary<int, WorkerConnection> s_connections = new();
    private static readonly EventPoll s_ready = new();

    /// <summary>Tells when a connection is ready and no thread waits for it.</summary>
    private static readonly EventPoll s_unattended = new();
    private static int s_threads;
    private static int s_waiting;
    private static int s_away;

    private static readonly Lock s_starting = new();
    private static bool s_isStarted;

    /// <summary>True if the application's code holds the most threads that it may.</summary>
    public static bool AreScarce => Volatile.Read(ref s_away) >= MaxAway;

    /// <summary>Starts the usual threads, if they are not there. Before the first worker starts.</summary>
    /// <exception cref="OutOfMemoryException">A thread cannot be started. A later call starts the missing threads.</exception>
    public static void Start()
    {
        if (Volatile.Read(ref s_isStarted)) return;
        lock (s_starting)
        {
            if (s_isStarted) return;
            while (Volatile.Read(ref s_threads) < s_usual) StartOne();
            s_unattended.Add(s_ready.Descriptor, EventPoll.Once, 0);
            new Thread(Attend, 256 * 1024) { IsBackground = true, Name = "enclave-standby" }.UnsafeStart();
            Volatile.Write(ref s_isStarted, true);
        }
    }

    /// <summary>Serves a connection from now on.</summary>
    /// <param name="descriptor">Readable when the connection has something to do.</param>
    /// <param name="connection">The connection.</param>
    public static void Add(int descriptor, WorkerConnection connection)
    {
        s_connections[descriptor] = connection;
        s_ready.Add(descriptor, EventPoll.In | EventPoll.Once, descriptor);
    }

    /// <summary>The thread that serves the connection is done with it.</summary>
    public static void Rearm(int descriptor) => s_ready.Change(descriptor, EventPoll.In | EventPoll.Once, descriptor);

    /// <summary>Call it from the thread that serves the connection, before the descriptor is closed.</summary>
    public static void Remove(int descriptor)
    {
        if (s_connections.TryRemove(descriptor, out _)) s_ready.Remove(descriptor);
    }

    /// <summary>Runs the application's code, which may take any time, on a thread that serves no connection meanwhile.</summary>
    public static void Lend(IFrameWork work)
    {
        Interlocked.Increment(ref s_away);
        work.Run();
        Interlocked.Decrement(ref s_away);
    }

    private static void StartOne()
    {
        // Without the execution context of the first caller, which handlers would see.
        new Thread(Loop) { IsBackground = true, Name = "enclave-reader" }.UnsafeStart();
        Interlocked.Increment(ref s_threads);
    }

    private static void Loop()
    {
        Span<int> ready = stackalloc int[1];
        while (true)
        {
            Interlocked.Increment(ref s_waiting);
            int count = s_ready.Wait(ready, Patience);
            if (Interlocked.Decrement(ref s_waiting) == 0) s_unattended.Change(s_ready.Descriptor, EventPoll.In | EventPoll.Once, 0);
            if (count > 0)
            {
                if (s_connections.TryGetValue(ready[0], out WorkerConnection? connection)) Serve(connection);
            }
            else if (Interlocked.Decrement(ref s_threads) >= s_usual)
            {
                return;
            }
            else
            {
                Interlocked.Increment(ref s_threads);
            }
        }
    }

    private static void Serve(WorkerConnection connection)
    {
        try
        {
            connection.Serve();
        }
        catch (Exception fault) when (Scarcity.IsCauseOf(fault))
        {
            // The host does not trust a worker whose connection it cannot watch.
            connection.Abandon();
        }
    }

    /// <summary>Adds a thread when a connection is ready and all threads are busy.</summary>
    private static void Attend()
    {
        Span<int> ready = stackalloc int[1];
        while (true)
        {
            if (s_unattended.Wait(ready, Timeout.Infinite) == 0 || Volatile.Read(ref s_waiting) != 0 || s_threads >= s_usual + MaxAway) continue;
            try
            {
                StartOne();
            }
            catch (OutOfMemoryException)
            {
                // The connection waits until one of the existing threads is free.
            }
        }
    }
}
