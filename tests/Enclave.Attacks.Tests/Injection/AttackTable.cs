using System.Buffers.Binary;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>
/// The first attacks that native code in a worker would try. None does harm if it succeeds: signals
/// have number 0, mounts name a file system that does not exist.
/// </summary>
internal static class AttackTable
{
    // asm-generic/fcntl.h, bits/socket.h, linux/sched.h, asm-generic/mman.h, linux/ptrace.h.
    private const int AtWorkingDirectory = -100, ReadWrite = 2, TemporaryFile = 0x410000;
    private const int Inet = 2, Stream = 1;
    private const long NewUser = 0x10000000, NewNet = 0x40000000, Thread = 0x50f00, ChildSignal = 17;
    private const long ProtRead = 1, ProtWrite = 2, ProtExec = 4, PrivateAnonymous = 0x22, Populate = 0x8000;
    private const long PtraceSeize = 0x4206;
    private const long HalfGigabyte = 512L << 20, Page = 4096;

    /// <summary>At least two layers stop each of these.</summary>
    public static IReadOnlyList<Attack> HeldTwice { get; } =
    [
        new("read a file of the machine", (tracee, _) => tracee.Call(SystemCall.OpenAt, AtWorkingDirectory, tracee.Put("/etc/passwd"))),
        new("make a file in /tmp", (tracee, _) => tracee.Call(SystemCall.OpenAt, AtWorkingDirectory, tracee.Put("/tmp"), TemporaryFile | ReadWrite, 0x180)),
        new("connect to a TCP service of the host", Connect),
        new("execute /bin/sh", (tracee, _) => tracee.Call(SystemCall.Execve, tracee.Put("/bin/sh"), tracee.PutNumbers(0), tracee.PutNumbers(0))),
        new("fork", (tracee, _) => tracee.Call(SystemCall.Fork)),
        new("start a thread", (tracee, _) => tracee.Call(SystemCall.Clone, Thread, tracee.Put(new byte[256]) + 256)),
        new("start a process in a user namespace", (tracee, _) => tracee.Call(SystemCall.Clone, NewUser | ChildSignal)),
        new("signal the host", (tracee, target) => tracee.Call(SystemCall.Kill, target.Host, 0)),
        new("trace the host", (tracee, target) => tracee.Call(SystemCall.Ptrace, PtraceSeize, target.Host)),
        new("read the host's memory", ReadSecret),
        new("take a descriptor of the host", TakeDescriptor),
        new("mount", (tracee, _) =>
            tracee.Call(SystemCall.Mount, tracee.Put("none"), tracee.Put("/"), tracee.Put("enclave-no-such-type"))) { AsGoodAsDone = "ENODEV" },
        new("leave the network namespace", (tracee, _) => tracee.Call(SystemCall.Unshare, NewNet)),
        new("become root", (tracee, _) => tracee.Call(SystemCall.SetUid, 0)),
        new("make a BPF map", (tracee, _) => tracee.Call(SystemCall.Bpf, 0, tracee.PutNumbers(4L << 32 | 2, 1L << 32 | 4), 16)),
        new("count the processor's events", (tracee, _) => tracee.Call(
            SystemCall.PerfEventOpen, tracee.PutNumbers(64L << 32 | 1, 0, 0, 0, 0, 0x60, 0, 0), 0, -1, -1)),
        new("set up io_uring", (tracee, _) => tracee.Call(SystemCall.IoUringSetup, 1, tracee.Put(new byte[120]))),
        new("make a file in memory", (tracee, _) => tracee.Call(SystemCall.MemfdCreate, tracee.Put("m"))),
        new("handle its own page faults", (tracee, _) => tracee.Call(SystemCall.UserFaultFd, 1)),
        new("fill half a gigabyte", (tracee, _) => tracee.Call(SystemCall.Mmap, 0, HalfGigabyte, ProtRead | ProtWrite, PrivateAnonymous | Populate, -1)),
        new("map memory to execute", (tracee, _) => tracee.Call(SystemCall.Mmap, 0, Page, ProtRead | ProtWrite | ProtExec, PrivateAnonymous, -1)),
        new("make written memory executable", MakeExecutable),
    ];

    /// <summary>A single layer stops each of these.</summary>
    public static IReadOnlyList<Attack> HeldOnce { get; } =
    [
        // Memory that is filled piece by piece and then made unwritable is no data any more. Only its addresses count.
        new("take a gigabyte of addresses", (tracee, _) => tracee.Call(SystemCall.Mmap, 0, 2 * HalfGigabyte, ProtRead, PrivateAnonymous, -1)),
        new("keep a key in the kernel", (tracee, _) => tracee.Call(SystemCall.AddKey, tracee.Put("user"), tracee.Put("enclave"), tracee.Put("k"), 1, -2)),
        new("ask for the machine's memory and load", (tracee, _) => tracee.Call(SystemCall.SysInfo, tracee.Put(new byte[128]))),
        new("become readable for its user's other processes", (tracee, _) => tracee.Call(SystemCall.Prctl, 4, 1)),
    ];

    private static CallOutcome Connect(Tracee tracee, AttackTarget target)
    {
        CallOutcome socket = tracee.Call(SystemCall.Socket, Inet, Stream);
        return socket.IsDone ? tracee.Call(SystemCall.Connect, socket.Value, tracee.Put(Loopback(target.Port)), 16) : socket;
    }

    private static CallOutcome ReadSecret(Tracee tracee, AttackTarget target)
    {
        long found = tracee.PutNumbers(0);
        CallOutcome read = tracee.Call(SystemCall.ProcessVmReadv, target.Host, tracee.PutNumbers(found, 8), 1, tracee.PutNumbers(target.Secret, 8), 1);
        if (read.IsDone) Assert.Equal(AttackTarget.SecretValue, BitConverter.ToInt64(tracee.Get(found, 8)));
        return read;
    }

    private static CallOutcome TakeDescriptor(Tracee tracee, AttackTarget target)
    {
        CallOutcome host = tracee.Call(SystemCall.PidFdOpen, target.Host);
        return host.IsDone ? tracee.Call(SystemCall.PidFdGetFd, host.Value, 2) : host;
    }

    private static CallOutcome MakeExecutable(Tracee tracee, AttackTarget target)
    {
        CallOutcome page = tracee.Call(SystemCall.Mmap, 0, Page, ProtRead | ProtWrite, PrivateAnonymous, -1);
        return page.IsDone ? tracee.Call(SystemCall.Mprotect, page.Value, Page, ProtRead | ProtExec) : page;
    }

    /// <summary>struct sockaddr_in of 127.0.0.1.</summary>
    private static byte[] Loopback(int port)
    {
        var address = new byte[16];
        address[0] = Inet;
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), (ushort)port);
        (address[4], address[7]) = (127, 1);
        return address;
    }
}
