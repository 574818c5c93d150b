using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Enclave.Linux;

namespace Enclave.Workers;

/// <summary>
/// A thread that watches the workers whose readers run the application's code. When such a worker sends something, another reader takes over at once. A reader
/// that returns before its worker sends wakes nobody.
/// </summary>
internal static unsafe class IdleReaderMonitor
{
    private const int EventsAtOnce = 16;

    /// <summary>epoll_event is packed on x86-64 only.</summary>
    private static readonly int s_dataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private static readonly ConcurrentDictionary<int, WorkerConnection> s_connections = new();
    private static readonly int s_epoll = Libc.epoll_create1(Libc.CloseOnExec);

    static IdleReaderMonitor() => new Thread(Loop, 256 * 1024) { IsBackground = true, Name = "enclave-standby" }.Start();

    /// <summary>Registers a connection without watching it yet.</summary>
    /// <param name="fd">The descriptor that the worker sends on.</param>
    public static void Add(int fd, WorkerConnection connection)
    {
        s_connections[fd] = connection;
        Control(Libc.EpollAdd, fd, Libc.EpollOneShot);
    }

    /// <summary>Call it before the descriptor is closed.</summary>
    public static void Remove(int fd)
    {
        if (s_connections.TryRemove(fd, out _)) Control(Libc.EpollDelete, fd, 0);
    }

    public static void Watch(int fd) => Control(Libc.EpollModify, fd, Libc.EpollOneShot | Libc.EpollIn);

    public static void Ignore(int fd) => Control(Libc.EpollModify, fd, Libc.EpollOneShot);

    private static void Control(int operation, int fd, uint events)
    {
        byte* change = stackalloc byte[16];
        *(uint*)change = events;
        *(int*)(change + s_dataAt) = fd;
        _ = Libc.epoll_ctl(s_epoll, operation, fd, change);
    }

    private static void Loop()
    {
        int size = s_dataAt + sizeof(long);
        byte* events = stackalloc byte[EventsAtOnce * 16];
        while (true)
        {
            int count = Libc.epoll_wait(s_epoll, events, EventsAtOnce, -1);
            for (int i = 0; i < count; i++)
            {
                // The descriptor's number may belong to another worker by now. A connection that is not lent ignores the event.
                if (s_connections.TryGetValue(*(int*)(events + (i * size) + s_dataAt), out WorkerConnection? connection)) connection.TakeOver();
            }
        }
    }
}
