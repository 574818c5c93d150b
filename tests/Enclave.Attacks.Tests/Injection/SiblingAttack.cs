namespace Enclave.Attacks.Tests.Injection;

/// <summary>One attack by native code in a worker on another process of its jail.</summary>
/// <param name="Name">For people.</param>
/// <param name="Make">Makes the calls. The number is the target's process id as the attacker sees it. The last call decides the outcome.</param>
internal sealed record SiblingAttack(string Name, Func<Tracee, int, CallOutcome> Make)
{
    // linux/ptrace.h, asm-generic/siginfo.h, linux/resource.h.
    private const int Seize = 0x4206, SentByQueue = -1, SignalInfoBytes = 128, OpenFiles = 7;

    /// <summary>The descriptor on which a worker writes its frames.</summary>
    private const int Frames = 4;

    /// <summary>The ways to trace a process, to reach its memory, and to take its descriptors.</summary>
    public static IReadOnlyList<SiblingAttack> Intrusions { get; } =
    [
        new("ptrace", (tracee, id) => tracee.Call(SystemCall.Ptrace, Seize, id)),
        new("process_vm_readv", (tracee, id) => Copy(tracee, SystemCall.ProcessVmReadv, id)),
        new("process_vm_writev", (tracee, id) => Copy(tracee, SystemCall.ProcessVmWritev, id)),
        new("pidfd_getfd", (tracee, id) => ThroughPidFd(tracee, id, (fd) => tracee.Call(SystemCall.PidFdGetFd, fd, Frames))),
    ];

    /// <summary>The ways to change a process from outside.</summary>
    public static IReadOnlyList<SiblingAttack> Settings { get; } =
    [
        new("prlimit64", (tracee, id) => tracee.Call(SystemCall.PrLimit64, id, OpenFiles, tracee.PutNumbers(0, 0))),
        new("setpriority", (tracee, id) => tracee.Call(SystemCall.SetPriority, 0, id, 19)),
        new("sched_setaffinity", (tracee, id) => tracee.Call(SystemCall.SchedSetAffinity, id, sizeof(long), tracee.PutNumbers(1))),
    ];

    /// <summary>The ways to send a signal. With signal 0 the kernel only checks the permission.</summary>
    public static IReadOnlyList<SiblingAttack> Signals(int signal) =>
    [
        new("kill", (tracee, id) => tracee.Call(SystemCall.Kill, id, signal)),
        new("tkill", (tracee, id) => tracee.Call(SystemCall.Tkill, id, signal)),
        new("tgkill", (tracee, id) => tracee.Call(SystemCall.TgKill, id, id, signal)),
        new("rt_sigqueueinfo", (tracee, id) => tracee.Call(SystemCall.RtSigQueueInfo, id, signal, tracee.Put(Queued(signal)))),
        new("rt_tgsigqueueinfo", (tracee, id) => tracee.Call(SystemCall.RtTgSigQueueInfo, id, id, signal, tracee.Put(Queued(signal)))),
        new("pidfd_send_signal", (tracee, id) => ThroughPidFd(tracee, id, (fd) => tracee.Call(SystemCall.PidFdSendSignal, fd, signal))),
    ];

    public override string ToString() => Name;

    /// <summary>Workers of one nursery have the same address layout, so the attacker's own address exists in the target.</summary>
    private static CallOutcome Copy(Tracee tracee, SystemCall call, int id)
    {
        long here = tracee.PutNumbers(0);
        return tracee.Call(call, id, tracee.PutNumbers(here, sizeof(long)), 1, tracee.PutNumbers(here, sizeof(long)), 1);
    }

    private static CallOutcome ThroughPidFd(Tracee tracee, int id, Func<long, CallOutcome> use)
    {
        CallOutcome found = tracee.Call(SystemCall.PidFdOpen, id);
        return found.IsDone ? use(found.Value) : found;
    }

    /// <summary>A siginfo_t as sigqueue(3) makes it: number, errno, code. The kernel refuses other codes for a foreign process.</summary>
    private static byte[] Queued(int signal)
    {
        var info = new byte[SignalInfoBytes];
        BitConverter.TryWriteBytes(info, signal);
        BitConverter.TryWriteBytes(info.AsSpan(2 * sizeof(int)), SentByQueue);
        return info;
    }
}
