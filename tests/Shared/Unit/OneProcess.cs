using System.Diagnostics.Tracing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Enclave.Tests;

// One process. A unit project (Enclave.*.UnitTests) starts no process, speaks to no other program and does not sleep, so that it takes seconds and gives the
// same result on every machine. Its process enforces that: the kernel refuses to start programs, and a connection to a socket of another process ends the
// run. Sleeping is found in the compiled code (TierTests in Enclave.Architecture.UnitTests).
internal static partial class OneProcess
{
    // A listener that nobody holds would be collected, and hear nothing.
    private static SocketWatch? s_watch;

    // The runtime calls it before the first test.
    [ModuleInitializer]
    internal static void Hold()
    {
        RefusePrograms();
        s_watch = new SocketWatch();
    }

    /// <summary>Makes <c>execve</c> and <c>execveat</c> fail with EPERM for all threads of this process, for good.</summary>
    private static unsafe void RefusePrograms()
    {
        const int SetNoNewPrivileges = 38, SetModeFilter = 1, AllThreads = 1, Seccomp = 317, Execve = 59, Execveat = 322;
        const uint Allow = 0x7fff0000, RefuseWithEperm = 0x00050001;
        ReadOnlySpan<Instruction> program =
        [
            new(0x20, 0, 0, 0), // The number of the call.
            new(0x15, 2, 0, Execve),
            new(0x15, 1, 0, Execveat),
            new(0x06, 0, 0, Allow),
            new(0x06, 0, 0, RefuseWithEperm),
        ];
        if (Control(SetNoNewPrivileges, 1, 0, 0, 0) != 0) throw new InvalidOperationException($"prctl failed with {Marshal.GetLastPInvokeError()}");
        fixed (Instruction* first = program)
        {
            var all = new Program { Length = (ushort)program.Length, First = first };
            if (SystemCall(Seccomp, SetModeFilter, AllThreads, &all) != 0)
                throw new InvalidOperationException($"seccomp failed with {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial nint SystemCall(nint number, nint operation, nint flags, Program* program);

    /// <summary>An instruction of a filter: <c>struct sock_filter</c>.</summary>
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary><c>struct sock_fprog</c>.</summary>
    private unsafe struct Program
    {
        public ushort Length;
        public Instruction* First;
    }

    /// <summary>Ends the process when it connects to a socket that another process listens on.</summary>
    private sealed class SocketWatch : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "System.Net.Sockets") EnableEvents(eventSource, EventLevel.Informational);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName == "ConnectStart" && eventData.Payload?[0] is string address && Listeners.Foreign(address) is { } other)
                Environment.FailFast($"a unit test connected to {other}: move it to a project that is not called UnitTests (CONTRIBUTING.md)");
        }
    }
}
