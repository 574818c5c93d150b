using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Enclave.Linux;

namespace Enclave.Workers.Comparison;

/// <summary>
/// Compares a worker with its nursery's checkpoint and with its own first wait, while the worker waits for its next job. Nothing is sent to the worker, and it
/// is stopped meanwhile.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class CellComparison : IDisposable
{
    /// <summary>How long this thread sleeps at a time, in nanoseconds. Under load a thread that only yields keeps the core from the worker.</summary>
    private const long Nap = 50_000;

    /// <summary>How long to wait for a reset before a later retry. The reset of most jobs takes less, and a short wait is faster than a retry.</summary>
    private static readonly TimeSpan s_reset = TimeSpan.FromMilliseconds(3);

    /// <summary>How long a stop may take. A sleeping process stops as soon as it gets a core: at once, or after other processes.</summary>
    private static readonly TimeSpan s_stopping = TimeSpan.FromMilliseconds(20);

    /// <summary>The reset of a tiny job takes less, and so does a stop. This thread polls for this time before it sleeps.</summary>
    private static readonly TimeSpan s_atOnce = TimeSpan.FromMicroseconds(100);

    /// <summary>Longer than the kernel takes to end a process of this size.</summary>
    private static readonly TimeSpan s_dying = TimeSpan.FromMilliseconds(100);

    private readonly IStoppable _process;
    private readonly ProcessMemory _memory;
    private readonly CheckpointImage _image;
    private WaitingPoint? _first;

    private CellComparison(IStoppable process, ProcessMemory memory, CheckpointImage image) => (_process, _memory, _image) = (process, memory, image);

    /// <summary>Opens the worker's memory. Null if this host may not, or cannot now.</summary>
    /// <param name="process">The worker.</param>
    /// <param name="pid">Its id on this machine.</param>
    /// <param name="image">Its nursery's memory at the checkpoint.</param>
    /// <param name="fault">Why it cannot now; null if it may not, or if the worker is gone.</param>
    public static CellComparison? TryOpen(IStoppable process, int pid, CheckpointImage image, out string? fault) =>
        ProcessMemory.TryOpen(pid, out fault) is { } memory ? new CellComparison(process, memory, image) : null;

    /// <summary>Looks at the worker once. Before the first job this learns where the worker waits. Afterwards a script may have changed that.</summary>
    /// <param name="isFirst">True before the first job.</param>
    /// <param name="pages">Which of its pages are compared.</param>
    /// <param name="room">Memory for the pieces of the worker's memory.</param>
    /// <param name="difference">What differs, if something does.</param>
    public Look TryCompare(bool isFirst, ComparedPages pages, Span<byte> room, out string difference)
    {
        difference = "";
        if (_first is null && !isFirst)
        {
            difference = "it was not looked at before its first job";
            return Look.Changed;
        }

        if (!ComesToWait(s_reset)) return Look.TooEarly;
        _process.Stop();
        try
        {
            if (Signals(s_stopping) is not { } signals) return Look.TooEarly;
            string call = _memory.Call();
            // A frame of its last job arrived just before it was stopped.
            if (!call.StartsWith(Expected, StringComparison.Ordinal)) return Look.TooEarly;
            long used = _process.CpuNanoseconds;
            if ((_first is { } first ? Compare(first, call, signals, pages, room) : Learn(call, signals, room)) is { } found) difference = found;
            else if (_process.CpuNanoseconds != used || !_memory.IsInCall(call)) difference = "it ran while it was compared";
            if (difference.Length == 0) return Look.AsBefore;
            // A difference in a dying process proves nothing. A process that is still stopped was not dying.
            return _memory.SignalsOfStopped() is null && _process.EndsWithin(s_dying) ? Look.TooEarly : Look.Changed;
        }
        finally
        {
            _process.Continue();
        }
    }

    /// <summary>Describes the system call in which it sleeps instead of waiting for a job; null if it does not.</summary>
    public string? Elsewhere()
    {
        string call = _memory.Call();
        if (!WaitingPoint.IsInCall(call) || _first is not { } first || call == first.Call || _process.EndsWithin(s_dying)) return null;
        return $"it waits at {call} and not at {first.Call}";
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>The call of a worker that waits. Before the first look only its beginning is known.</summary>
    private string Expected => _first?.Call ?? WaitingPoint.ReadsFrames;

    private bool ComesToWait(TimeSpan patience)
    {
        long begin = Stopwatch.GetTimestamp();
        while (!_memory.IsInCall(Expected))
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(begin);
            if (waited > patience) return false;
            Pause(waited);
        }

        return true;
    }

    /// <summary>Its signals once it has stopped; null if it does not stop in time.</summary>
    private string? Signals(TimeSpan patience)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_memory.SignalsOfStopped() is { } signals) return signals;
            TimeSpan waited = Stopwatch.GetElapsedTime(begin);
            if (waited > patience || (waited >= s_atOnce && _process.EndsWithin(TimeSpan.Zero))) return null;
            Pause(waited);
        }
    }

    private static unsafe void Pause(TimeSpan waited)
    {
        if (waited < s_atOnce)
        {
            _ = Thread.Yield();
            return;
        }

        var nap = new Libc.TimeSpec { Nanoseconds = Nap };
        _ = Libc.nanosleep(&nap, null);
    }

    private string? Learn(string call, string signals, Span<byte> room)
    {
        if (Hash(WaitingPoint.StackPointerOf(call), room) is not { } stack) return "its stack cannot be read";
        _first = new WaitingPoint(call, signals, stack);
        return null;
    }

    private string? Compare(WaitingPoint first, string call, string signals, ComparedPages pages, Span<byte> room)
    {
        if (signals != first.Signals) return $"its signals are {signals} and not {first.Signals}";
        long from = WaitingPoint.StackPointerOf(call);
        return Hash(from, room) != first.Stack ? "the stack above its wait differs" : _image.Difference(_memory, pages, from, room);
    }

    /// <summary>The hash of the frames from this stack pointer on; null if they cannot be read.</summary>
    private string? Hash(long from, Span<byte> room)
    {
        long end = _image.Stack.End;
        if (from < _image.Stack.Begin || from >= end || end - from > room.Length) return null;
        Span<byte> frames = room[..(int)(end - from)];
        return _memory.TryReadShared([new PageRange(from, end)], frames) ? Convert.ToHexStringLower(SHA256.HashData(frames)) : null;
    }
}
