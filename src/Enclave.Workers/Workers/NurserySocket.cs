using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Protocol;

namespace Enclave.Workers;

/// <summary>
/// The host's end of the control socket of a nursery or a branch (docs/protocol.md, "The nursery"): an order with descriptors, a reply with the new process's
/// pidfd.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class NurserySocket : IDisposable
{
    // AF_UNIX, SOCK_SEQPACKET, SOL_SOCKET, SCM_RIGHTS, SO_RCVTIMEO, SO_SNDTIMEO; MSG_NOSIGNAL, MSG_CMSG_CLOEXEC.
    private const int UnixDomain = 1, Packets = 5, SocketLevel = 1, Rights = 1, ReceiveTimeout = 20, SendTimeout = 21;

    private const int NoSignal = 0x4000, CloseReceived = 0x40000000;

    /// <summary>Far longer than a fork takes.</summary>
    private const int PatienceSeconds = 2;

    /// <summary>struct cmsghdr: length 8, level 4, type 4; the descriptors follow.</summary>
    private const int ControlHeader = 16, ControlBytes = 32;

    private uint _orders;
    private int _host;
    private int _child;

    private NurserySocket(int host, int child) => (_host, _child) = (host, child);

    /// <summary>The nursery's end, until <see cref="CloseChild"/>.</summary>
    public int Child => _child;

    /// <summary>Creates a pair of sockets. Null if the system refuses.</summary>
    public static NurserySocket? TryOpen()
    {
        int* ends = stackalloc int[2];
        if (Libc.socketpair(UnixDomain, Packets | Libc.CloseOnExec, 0, ends) != 0) return null;
        Libc.TimeSpec patience = new() { Seconds = PatienceSeconds };
        _ = Libc.setsockopt(ends[0], SocketLevel, ReceiveTimeout, &patience, sizeof(Libc.TimeSpec));
        _ = Libc.setsockopt(ends[0], SocketLevel, SendTimeout, &patience, sizeof(Libc.TimeSpec));
        return new NurserySocket(ends[0], ends[1]);
    }

    /// <summary>Closes the host's copy of the nursery's end.</summary>
    public void CloseChild() => Close(ref _child);

    /// <summary>Orders a cell with these pipes. Null if the nursery did not answer in time or could not fork: <paramref name="fault"/> says which.</summary>
    /// <returns>The cell's id in the nursery's pid namespace, and its pidfd.</returns>
    public (int Process, int PidFd)? Order(PipeEnds pipes, out string? fault) =>
        Order([pipes.WorkerIn, pipes.WorkerOut, pipes.WorkerLog], out fault);

    /// <summary>Orders a branch that takes its orders on the other end of this socket.</summary>
    /// <inheritdoc cref="Order(PipeEnds, out string?)"/>
    public (int Process, int PidFd)? Order(NurserySocket branch, out string? fault) => Order([branch.Child], out fault);

    private (int Process, int PidFd)? Order(ReadOnlySpan<int> descriptors, out string? fault)
    {
        uint number = ++_orders;
        fault = null;
        if (!Send(number, descriptors)) fault = $"the nursery takes no order: {Error()}";
        else if (Receive() is not { } reply) fault = "the nursery does not answer";
        else if (reply.Number != number) fault = "the nursery answered another order";
        else if (reply.Process <= 0 || reply.PidFd < 0) fault = $"the nursery could not fork: {Marshal.GetPInvokeErrorMessage(-reply.Process)}";
        else return (reply.Process, reply.PidFd);
        return null;
    }

    public void Dispose()
    {
        Close(ref _host);
        Close(ref _child);
    }

    private static void Close(ref int end)
    {
        int closed = Interlocked.Exchange(ref end, -1);
        if (closed >= 0) _ = Libc.close(closed);
    }

    private static string Error() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    private bool Send(uint number, ReadOnlySpan<int> descriptors)
    {
        byte* control = stackalloc byte[ControlBytes];
        int length = ControlHeader + (descriptors.Length * sizeof(int));
        *(long*)control = length;
        *(int*)(control + 8) = SocketLevel;
        *(int*)(control + 12) = Rights;
        descriptors.CopyTo(new Span<int>(control + ControlHeader, descriptors.Length));
        var part = new Libc.IoVector { Base = &number, Length = NurseryMessages.OrderBytes };
        // The kernel requires whole words of control data.
        var message = new Libc.Message { Parts = &part, PartCount = 1, Control = control, ControlLength = (length + 7) & ~7 };
        return Libc.sendmsg(_host, &message, NoSignal) == NurseryMessages.OrderBytes;
    }

    private (uint Number, int Process, int PidFd)? Receive()
    {
        byte* control = stackalloc byte[ControlBytes];
        int* reply = stackalloc int[2];
        var part = new Libc.IoVector { Base = reply, Length = NurseryMessages.ReplyBytes };
        var message = new Libc.Message { Parts = &part, PartCount = 1, Control = control, ControlLength = ControlBytes };
        nint n;
        do
        {
            n = Libc.recvmsg(_host, &message, CloseReceived);
        }
        while (n < 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted);
        if (n != NurseryMessages.ReplyBytes) return null;
        bool hasPidFd = message.ControlLength >= ControlHeader + sizeof(int) && *(int*)(control + 12) == Rights;
        return ((uint)reply[0], reply[1], hasPidFd ? *(int*)(control + ControlHeader) : -1);
    }
}
