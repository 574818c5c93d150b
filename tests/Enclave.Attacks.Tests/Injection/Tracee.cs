using System.ComponentModel;
using System.Runtime.InteropServices;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>A thread of a worker, stopped before its own system call, that makes others instead: the power of native code in there.</summary>
/// <remarks>Use it only on the thread that created it: the kernel accepts one tracer.</remarks>
internal sealed unsafe class Tracee : IDisposable
{
    /// <summary>The size of the area below its stack pointer that a function may use by the ABI.</summary>
    private const int RedZone = 128, Room = 4096, NoSuchProcess = 3;

    // Both instructions have the same length, so one can replace the other.
    private const ushort Syscall = 0x050f, Interrupt80 = 0x80cd;

    private readonly int _pid;
    private readonly int _thread;
    private readonly Ptrace.Registers _before;
    private readonly byte[] _stack = new byte[Room];
    private readonly nint _floor;
    private nint _top;
    private bool _gone;

    public Tracee(int pid, int thread)
    {
        (_pid, _thread) = (pid, thread);
        Request(Ptrace.Seize, 0, Ptrace.StopWhoIsMade | Ptrace.StopWhoEnds);
        Request(Ptrace.Interrupt, 0, 0);
        _ = Wait();
        Ptrace.Registers registers;
        Request(Ptrace.GetRegisters, 0, (nint)(&registers));
        // Moves back to the instruction, as the kernel does to restart an interrupted call.
        if (registers.OriginalRax is not ((long)SystemCall.Read or (long)SystemCall.Poll))
            throw new InvalidOperationException($"thread {thread} is in system call {registers.OriginalRax}, not in read or poll");
        (registers.Rip, registers.Rax, registers.OriginalRax) = (registers.Rip - 2, registers.OriginalRax, -1);
        _before = registers;
        if (Instruction != Syscall) throw new InvalidOperationException($"thread {thread} does not stand at a system call");
        _floor = (nint)((registers.Rsp - RedZone - Room) & ~15L);
        _top = _floor;
        Read(_floor, _stack);
    }

    /// <summary>The worker's id in its own namespace, and the ids of process and thread on this machine.</summary>
    public int Pid => _pid;

    public int Thread => _thread;

    /// <summary>A process was created, or the program was replaced: this worker cannot be used any more.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Puts bytes on the thread's stack, for the argument of a call.</summary>
    public long Put(ReadOnlySpan<byte> bytes)
    {
        nint at = _top;
        if (at + bytes.Length > _floor + Room) throw new InvalidOperationException("no more room on the stack");
        Write(at, bytes);
        _top = (at + bytes.Length + 15) & ~15;
        return at;
    }

    /// <summary>A path or a name.</summary>
    public long Put(string text) => Put([.. System.Text.Encoding.UTF8.GetBytes(text), 0]);

    public long PutNumbers(params ReadOnlySpan<long> numbers) => Put(MemoryMarshal.AsBytes(numbers));

    /// <summary>The current bytes there.</summary>
    public byte[] Get(long address, int length)
    {
        var bytes = new byte[length];
        Read((nint)address, bytes);
        return bytes;
    }

    public CallOutcome Call(SystemCall call, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) => Call((long)call, a, b, c, d, e, f);

    /// <summary>Makes any system call by its number.</summary>
    public CallOutcome Call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0)
    {
        Ptrace.Registers registers = _before;
        (registers.Rax, registers.Rdi, registers.Rsi, registers.Rdx, registers.R10, registers.R8, registers.R9) = (number, a, b, c, d, e, f);
        return Step(registers);
    }

    /// <summary>Makes a 32-bit system call: other numbers, other registers, the same process.</summary>
    public CallOutcome Call32(int number, int a = 0, int b = 0, int c = 0)
    {
        Ptrace.Registers registers = _before;
        (registers.Rax, registers.Rbx, registers.Rcx, registers.Rdx) = (number, a, b, c);
        Instruction = Interrupt80;
        CallOutcome outcome = Step(registers);
        if (!_gone) Instruction = Syscall;
        return outcome;
    }

    /// <summary>True if it was killed and the tracer holds it before its end.</summary>
    public bool IsHeldAtItsEnd
    {
        get
        {
            nint end;
            return Ptrace.Request(Ptrace.GetEventMessage, _thread, 0, (nint)(&end)) >= 0 && end == ProcessTable.Kill;
        }
    }

    /// <summary>Leaves the worker in a state in which it cannot continue.</summary>
    public void Spend() => IsSpent = true;

    /// <summary>Lets the thread continue in an endless loop.</summary>
    public void Spin()
    {
        // jmp to itself.
        Instruction = 0xfeeb;
        Ptrace.Registers registers = _before;
        Request(Ptrace.SetRegisters, 0, (nint)(&registers));
        Request(Ptrace.Detach, 0, 0);
        _gone = true;
    }

    /// <summary>Lets the thread continue undisturbed.</summary>
    public void Dispose()
    {
        if (_gone) return;
        if (IsSpent)
        {
            // A thread that was killed before it ran takes its process with it.
            _ = Ptrace.Request(Ptrace.Detach, _thread, 0, 0);
            return;
        }

        try
        {
            Write(_floor, _stack);
            Ptrace.Registers registers = _before;
            Request(Ptrace.SetRegisters, 0, (nint)(&registers));
            Request(Ptrace.Detach, 0, 0);
        }
        catch (Win32Exception fault) when (fault.NativeErrorCode == NoSuchProcess)
        {
            // The host has ended the worker between the last call and this one.
        }
    }

    private ushort Instruction
    {
        get => (ushort)Word();
        set => Request(Ptrace.PokeText, (nint)_before.Rip, (Word() & ~0xffff) | value);
    }

    private nint Word()
    {
        byte[] bytes = Get(_before.Rip, sizeof(long));
        return (nint)BitConverter.ToInt64(bytes);
    }

    private CallOutcome Step(Ptrace.Registers registers)
    {
        if (_gone || IsSpent) throw new InvalidOperationException("the worker of before is no more");
        try
        {
            return StepTraced(registers);
        }
        catch (Win32Exception fault) when (fault.NativeErrorCode == NoSuchProcess)
        {
            // The host ended it between two requests.
            _gone = true;
            return CallOutcome.Killed(ProcessTable.Kill);
        }
    }

    private CallOutcome StepTraced(Ptrace.Registers registers)
    {
        Request(Ptrace.SetRegisters, 0, (nint)(&registers));
        Request(Ptrace.SingleStep, 0, 0);
        while (true)
        {
            int status = Wait();
            // As <sys/wait.h> reads it: stopped is 0x7f in the low byte, with the signal above. Otherwise the signal that ended it, or 0 and an exit code.
            if ((status & 0xff) != 0x7f)
            {
                _gone = true;
                return CallOutcome.Killed(status & 0x7f);
            }

            int signal = status >> 8 & 0xff;
            switch (status >> 16)
            {
                case Ptrace.EventExit:
                    nint end;
                    Request(Ptrace.GetEventMessage, 0, (nint)(&end));
                    _gone = true;
                    _ = Ptrace.Request(Ptrace.Detach, _thread, 0, 0);
                    return CallOutcome.Killed((int)end & 0x7f);
                case Ptrace.EventExec:
                    IsSpent = true;
                    return CallOutcome.Of(0);
                case Ptrace.EventFork or Ptrace.EventVfork or Ptrace.EventClone:
                    IsSpent = true;
                    return CallOutcome.Of(EndChild());
                case 0 when signal == Ptrace.SignalTrap:
                    Ptrace.Registers after;
                    Request(Ptrace.GetRegisters, 0, (nint)(&after));
                    return CallOutcome.Of(after.Rax);
                default:
                    // An unrelated signal: pass it on.
                    Request(Ptrace.Continue, 0, status >> 16 == 0 ? signal : 0);
                    break;
            }
        }
    }

    /// <summary>The new process has not run yet, and never will.</summary>
    private long EndChild()
    {
        nint child;
        Request(Ptrace.GetEventMessage, 0, (nint)(&child));
        _ = Ptrace.Signal((int)child, ProcessTable.Kill);
        return child;
    }

    private int Wait()
    {
        int status;
        while (Ptrace.Wait(_thread, &status, Ptrace.WaitAll) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Linux.Libc.ErrorInterrupted) throw new Win32Exception();
        }

        return status;
    }

    private void Request(int request, nint address, nint data)
    {
        if (Ptrace.Request(request, _thread, address, data) >= 0) return;
        int error = Marshal.GetLastPInvokeError();
        throw new Win32Exception(error, $"ptrace {request:x} of {_thread}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private void Read(nint from, Span<byte> into)
    {
        fixed (byte* at = into)
        {
            Ptrace.Block local = new() { Start = (nint)at, Length = into.Length }, remote = new() { Start = from, Length = into.Length };
            if (Ptrace.Read(_pid, &local, 1, &remote, 1, 0) != into.Length) throw new Win32Exception();
        }
    }

    private void Write(nint to, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes)
        {
            Ptrace.Block local = new() { Start = (nint)at, Length = bytes.Length }, remote = new() { Start = to, Length = bytes.Length };
            if (Ptrace.Write(_pid, &local, 1, &remote, 1, 0) != bytes.Length) throw new Win32Exception();
        }
    }
}
