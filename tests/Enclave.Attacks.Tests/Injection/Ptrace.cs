using System.Runtime.InteropServices;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>ptrace(2) and its neighbours, as far as the injector needs them. Numbers of x86-64 (sys/ptrace.h, bits/waitflags.h).</summary>
internal static unsafe partial class Ptrace
{
    public const int PeekText = 1, PokeText = 4, Continue = 7, SingleStep = 9, GetRegisters = 12, SetRegisters = 13, Detach = 17, ToSystemCall = 24;
    public const int GetEventMessage = 0x4201, Seize = 0x4206, Interrupt = 0x4207, GetCallInfo = 0x420e;

    /// <summary>PTRACE_O_TRACESYSGOOD: a stop at a system call has a signal number of its own.</summary>
    public const int MarkSystemCalls = 1;

    /// <summary>PTRACE_O_TRACEFORK, VFORK, CLONE, EXEC: a new process stops before its first instruction.</summary>
    public const int StopWhoIsMade = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4;

    /// <summary>PTRACE_O_TRACEEXIT: an ending process stops before anyone is notified. Otherwise its parent might reap it first.</summary>
    public const int StopWhoEnds = 1 << 6;

    public const int EventExit = 6;

    public const int EventFork = 1, EventVfork = 2, EventClone = 3, EventExec = 4;

    /// <summary>__WALL: also threads.</summary>
    public const int WaitAll = 0x40000000;

    public const int SignalTrap = 5;

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    public static partial nint Request(int request, int thread, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    public static partial int Wait(int thread, int* status, int options);

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    public static partial nint Read(int pid, Block* local, nuint locals, Block* remote, nuint remotes, nuint flags);

    [LibraryImport("libc", EntryPoint = "process_vm_writev", SetLastError = true)]
    public static partial nint Write(int pid, Block* local, nuint locals, Block* remote, nuint remotes, nuint flags);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Signal(int pid, int signal);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Block
    {
        public nint Start;
        public nint Length;
    }

    /// <summary>struct user_regs_struct (sys/user.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Registers
    {
        public long R15, R14, R13, R12, Rbp, Rbx, R11, R10, R9, R8, Rax, Rcx, Rdx, Rsi, Rdi, OriginalRax, Rip, Cs, Flags, Rsp, Ss, FsBase, GsBase, Ds,
            Es, Fs, Gs;
    }

    /// <summary>struct ptrace_syscall_info (linux/ptrace.h), as far as it is needed.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 88)]
    public struct CallInfo
    {
        [FieldOffset(0)]
        public byte Kind;

        [FieldOffset(24)]
        public long Number;

        [FieldOffset(32)]
        public long A;

        [FieldOffset(40)]
        public long B;

        public readonly bool IsEntry => Kind == 1;

        public readonly bool IsExit => Kind == 2;
    }
}
