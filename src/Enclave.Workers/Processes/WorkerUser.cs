using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Enclave.Linux;

namespace Enclave.Processes;

/// <summary>
/// A user id for one worker's life. No two workers of a machine share one, whatever host they belong to. The holder of an id holds a socket of that name in
/// the abstract namespace. The kernel gives the name once and takes it back when its holder dies.
/// </summary>
internal sealed unsafe class WorkerUser : IDisposable
{
    /// <summary>Above every id that distributions assign to people, services and sub-ranges of containers.</summary>
    public const int First = 62_000, Count = 3_000;

    private const int UnixDomain = 1, Datagram = 2;

    private static int s_next = Environment.ProcessId % Count;

    private int _socket;

    private WorkerUser(int id, int socket) => (Id, _socket) = (id, socket);

    public int Id { get; }

    /// <summary>The next free id; null if all are taken, or no more descriptors are available.</summary>
    [SupportedOSPlatform("linux")]
    public static WorkerUser? TryTake() => TryTake("enclave-worker-user");

    /// <param name="family">The prefix of the sockets' names. Users of another prefix do not conflict.</param>
    [SupportedOSPlatform("linux")]
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

    [SupportedOSPlatform("linux")]
    public void Dispose()
    {
        int socket = Interlocked.Exchange(ref _socket, -1);
        if (socket >= 0) _ = Libc.close(socket);
    }

    [SupportedOSPlatform("linux")]
    private static bool Bind(int socket, string name)
    {
        // sockaddr_un (unix(7)): the family, a zero for the abstract namespace, the name without a terminator.
        Span<byte> address = stackalloc byte[64];
        address.Clear();
        BinaryPrimitives.WriteInt16LittleEndian(address, UnixDomain);
        int length = 3 + Encoding.ASCII.GetBytes(name, address[3..]);
        fixed (byte* at = address) return Libc.bind(socket, at, length) == 0;
    }
}
