using System.ComponentModel;
using System.Runtime.InteropServices;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>A thread of a worker that stands still in front of its own system call, and makes others instead: what native code in there could do.</summary>
/// <remarks>To be used on the thread that made it: the kernel knows one tracer.</remarks>
internal sealed unsafe class Tracee : IDisposable
{
    /// <summary>What the ABI lets a function use below its stack pointer.</summary>
    private const int RedZone = 128, Room = 4096;

    // The two instructions are equally long: one can stand where the other does.
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
        // Back in front of the instruction, as the kernel itself does to make an interrupted call again.
        if (registers.OriginalRax != (long)SystemCall.Read) throw new InvalidOperationException($"thread {thread} is in system call {registers.OriginalRax}, not in read");
        (registers.Rip, registers.Rax, registers.OriginalRax) = (registers.Rip - 2, registers.OriginalRax, -1);
        _before = registers;
        if (Instruction != Syscall) throw new InvalidOperationException($"thread {thread} does not stand at a system call");
        _floor = (nint)((registers.Rsp - RedZone - Room) & ~15L);
        _top = _floor;
        Read(_floor, _stack);
    }

    /// <summary>The worker's id for itself and the thread's, as this machine sees them.</summary>
    public int Pid => _pid;

    public int Thread => _thread;

    /// <summary>Something was made, or the program replaced: nothing more can be asked of this worker.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Leaves bytes on the thread's stack, for a call to point at.</summary>
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

    /// <summary>What stands there now.</summary>
    public byte[] Get(long address, int length)
    {
        var bytes = new byte[length];
        Read((nint)address, bytes);
        return bytes;
    }

    public CallOutcome Call(SystemCall call, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) => Call((long)call, a, b, c, d, e, f);

    /// <summary>Makes any call by its number.</summary>
    public CallOutcome Call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0)
    {
        Ptrace.Registers registers = _before;
        (registers.Rax, registers.Rdi, registers.Rsi, registers.Rdx, registers.R10, registers.R8, registers.R9) = (number, a, b, c, d, e, f);
        return Step(registers);
    }

    /// <summary>Makes a call of the 32-bit kind: other numbers, other registers, the same process.</summary>
    public CallOutcome Call32(int number, int a = 0, int b = 0, int c = 0)
    {
        Ptrace.Registers registers = _before;
        (registers.Rax, registers.Rbx, registers.Rcx, registers.Rdx) = (number, a, b, c);
        Instruction = Interrupt80;
        CallOutcome outcome = Step(registers);
        if (!_gone) Instruction = Syscall;
        return outcome;
    }

    /// <summary>Leaves the worker in a state in which it cannot go on.</summary>
    public void Spend() => IsSpent = true;

    /// <summary>Lets the thread go on in a loop without an end.</summary>
    public void Spin()
    {
        // jmp to itself.
        Instruction = 0xfeeb;
        Ptrace.Registers registers = _before;
        Request(Ptrace.SetRegisters, 0, (nint)(&registers));
        Request(Ptrace.Detach, 0, 0);
        _gone = true;
    }

    /// <summary>Lets the thread go on as if nothing had been.</summary>
    public void Dispose()
    {
        if (_gone) return;
        if (IsSpent)
        {
            // A thread that was ended before it ran takes its process with it.
            _ = Ptrace.Request(Ptrace.Detach, _thread, 0, 0);
            return;
        }

        Write(_floor, _stack);
        Ptrace.Registers registers = _before;
        Request(Ptrace.SetRegisters, 0, (nint)(&registers));
        Request(Ptrace.Detach, 0, 0);
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
        Request(Ptrace.SetRegisters, 0, (nint)(&registers));
        Request(Ptrace.SingleStep, 0, 0);
        while (true)
        {
            int status = Wait();
            // How <sys/wait.h> reads it: stopped is 0x7f below, with the signal above; else the signal that ended it, or 0 and an exit code.
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
                    // A signal of its own on the way: it goes where it was going.
                    Request(Ptrace.Continue, 0, status >> 16 == 0 ? signal : 0);
                    break;
            }
        }
    }

    /// <summary>Who was made has not run yet, and never will.</summary>
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
        if (Ptrace.Request(request, _thread, address, data) < 0) throw new Win32Exception($"ptrace {request:x} of {_thread}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
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
