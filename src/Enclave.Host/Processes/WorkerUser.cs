using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Enclave.Linux;

namespace Enclave.Processes;

/// <summary>
/// A user id for one worker's life. No two workers of a machine share one, whichever host they belong to: whoever holds an id holds a socket of that name in
/// the abstract namespace, which the kernel gives once and takes back when its holder dies.
/// </summary>
internal sealed unsafe class WorkerUser : IDisposable
{
    /// <summary>Above every id that distributions give to people, services and containers' sub-ranges on their own.</summary>
    public const int First = 62_000, Count = 3_000;

    private const int UnixDomain = 1, Datagram = 2;

    private static int s_next = Environment.ProcessId % Count;

    private int _socket;

    private WorkerUser(int id, int socket) => (Id, _socket) = (id, socket);

    public int Id { get; }

    /// <summary>The next free one; null when all are taken, or the system is out of descriptors.</summary>
    public static WorkerUser? TryTake() => TryTake("enclave-worker-user");

    /// <param name="family">What the sockets are named: whoever uses another name does not meet the others.</param>
    public static WorkerUser? TryTake(string family)
    {
        int socket = Libc.socket(UnixDomain, Datagram | Libc.CloseOnExec, 0);
        if (socket < 0) return null;
        for (int tries = 0; tries < Count; tries++)
        {
            int id = First + (int)((uint)Interlocked.Increment(ref s_next) % Count);
            if (Bind(socket, $"{family}-{id.ToString(CultureInfo.InvariantCulture)}")) return new WorkerUser(id, socket);
        }

        _ = Libc.close(socket);
        return null;
    }

    public void Dispose()
    {
        int socket = Interlocked.Exchange(ref _socket, -1);
        if (socket >= 0) _ = Libc.close(socket);
    }

    private static bool Bind(int socket, string name)
    {
        // sockaddr_un (unix(7)): the family, a zero for the abstract namespace, the name without an end.
        Span<byte> address = stackalloc byte[64];
        address.Clear();
        BinaryPrimitives.WriteInt16LittleEndian(address, UnixDomain);
        int length = 3 + Encoding.ASCII.GetBytes(name, address[3..]);
        fixed (byte* at = address) return Libc.bind(socket, at, length) == 0;
    }
}
