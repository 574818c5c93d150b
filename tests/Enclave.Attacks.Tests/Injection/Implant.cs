using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>
/// Hostile native code that stays in a worker from a job on and hides before it is looked at, played by a tracer: it sees each system call of the worker's
/// thread before and after the kernel does, and nothing else. It cannot see a signal that stops the process, so the tracer leaves with it.
/// </summary>
internal sealed unsafe class Implant
{
    private const int ResultType = 7, HeaderBytes = 8, SignalStop = 19, SystemCallStop = Ptrace.SignalTrap | 0x80;

    /// <summary>Native code has this long from its start to the end of its job.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Planted _planted;
    private readonly Func<Implant, bool> _beforeWaiting;
    private readonly Action<Implant, int> _onFrame;
    private readonly TaskCompletionSource _isIn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _thread;

    private Implant(Planted planted, Func<Implant, bool> beforeWaiting, Action<Implant, int> onFrame) =>
        (_planted, _beforeWaiting, _onFrame) = (planted, beforeWaiting, onFrame);

    /// <summary>The worker.</summary>
    public int Pid => _planted.Pid;

    /// <summary>The registers of the thread, which is about to wait for its next job.</summary>
    public Ptrace.Registers Registers
    {
        get
        {
            Ptrace.Registers registers;
            Request(Ptrace.GetRegisters, (nint)(&registers));
            return registers;
        }
        set => Request(Ptrace.SetRegisters, (nint)(&value));
    }

    /// <summary>Gets into a worker that has a job, and returns once it is in.</summary>
    /// <param name="planted">The change that it wants to hide.</param>
    /// <param name="beforeWaiting">What it does before the worker waits for its next job. True if it stays.</param>
    /// <param name="onFrame">What it does when the next frame arrives, with the frame's type. Then it leaves.</param>
    public static Planted Enter(Planted planted, Func<Implant, bool> beforeWaiting, Action<Implant, int>? onFrame = null)
    {
        var implant = new Implant(planted, beforeWaiting, onFrame ?? ((_, _) => { }));
        new Thread(implant.Live) { IsBackground = true }.Start();
        Assert.True(implant._isIn.Task.Wait(s_patience), "the implant did not get into the worker");
        return planted;
    }

    /// <summary>Undoes its change.</summary>
    public void Hide() => _planted.Undo();

    public long Word(long address) => BitConverter.ToInt64(Get(address, sizeof(long)));

    public byte[] Get(long address, int length)
    {
        byte[] bytes = new byte[length];
        using FileStream memory = Planted.Open(_planted.Pid, FileAccess.Read);
        memory.Position = address;
        memory.ReadExactly(bytes);
        return bytes;
    }

    public void Put(long address, ReadOnlySpan<byte> bytes)
    {
        using FileStream memory = Planted.Open(_planted.Pid, FileAccess.ReadWrite);
        memory.Position = address;
        memory.Write(bytes);
    }

    private void Live()
    {
        try
        {
            _thread = _planted.Pid;
            Request(Ptrace.Seize, Ptrace.MarkSystemCalls);
            Request(Ptrace.Interrupt, 0);
            int status = Wait(), signal = 0;
            bool hasAnswered = false, waits = false;
            while ((status & 0xff) == 0x7f)
            {
                _isIn.TrySetResult();
                Request(Ptrace.ToSystemCall, signal);
                status = Wait();
                (int stop, int which) = (status >> 8 & 0xff, status >> 16);
                signal = which == 0 && stop != SystemCallStop ? stop : 0;
                if (signal == SignalStop)
                {
                    Request(Ptrace.Detach, SignalStop);
                    return;
                }

                if (stop != SystemCallStop) continue;
                Ptrace.CallInfo info;
                _ = Ptrace.Request(Ptrace.GetCallInfo, _thread, sizeof(Ptrace.CallInfo), (nint)(&info));
                if (info.IsEntry && info.Number == (long)SystemCall.Write && info.A == 4) hasAnswered |= Get(info.B, HeaderBytes)[3] == ResultType;
                if (info.IsExit && waits)
                {
                    _onFrame(this, Get(Registers.Rsi, HeaderBytes)[3]);
                    Request(Ptrace.Detach, 0);
                    return;
                }

                waits = info.IsEntry && hasAnswered && info.Number == (long)SystemCall.Read && info.A == 3;
                if (!waits || _beforeWaiting(this)) continue;
                Request(Ptrace.Detach, 0);
                return;
            }
        }
        catch (Exception fault) when (fault is Win32Exception or IOException)
        {
            // The worker is gone.
        }
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

    private void Request(int request, nint data)
    {
        if (Ptrace.Request(request, _thread, 0, data) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), string.Create(CultureInfo.InvariantCulture, $"ptrace {request:x} of {_thread}"));
    }
}
