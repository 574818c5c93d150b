using System.IO.Pipes;
using System.Runtime.InteropServices;
using Enclave.Protocol.Frames;

namespace Enclave.Worker.Tests;

/// <summary>The two pipes of a worker. Every operation has a deadline, so a worker that hangs fails its test.</summary>
internal sealed partial class WorkerPipes(Stream input, Stream output, int maxFrameBytes) : IDisposable
{
    private const int ErrorAgain = 11, ErrorInterrupted = 4;
    private const int GetFlags = 3, SetFlags = 4, NonBlocking = 0x800;
    private const short Readable = 1, Writable = 4;

    private readonly int _in = NumberOf(input), _out = NumberOf(output);
    private readonly FrameReader _frames = new(maxFrameBytes);

    /// <summary>The deadline of every operation, far above the expected time.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Sends all of it. False if the worker has ended.</summary>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = SendSome(bytes);
            if (sent < 0) return false;
            bytes = bytes[sent..];
            if (sent == 0 && !Wait(_in, Writable, Patience)) throw new TimeoutException($"the worker did not read for {Patience}");
        }

        return true;
    }

    /// <summary>Sends as much as the pipe takes now. 0 if it is full, -1 if the worker has ended.</summary>
    public unsafe int SendSome(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes)
        {
            nint n = write(_in, at, bytes.Length);
            if (n >= 0) return (int)n;
            return Marshal.GetLastPInvokeError() is ErrorAgain or ErrorInterrupted ? 0 : -1;
        }
    }

    /// <summary>The next frame. Its body is valid until the next call. Null if the worker has ended.</summary>
    public Frame? Next()
    {
        for (; ; )
        {
            if (_frames.TryRead(out Frame frame)) return frame;
            int n = ReadSome();
            if (n > 0) continue;
            if (n < 0) return null;
            if (!Wait(_out, Readable, Patience)) throw new TimeoutException($"the worker sent nothing for {Patience}");
        }
    }

    /// <summary>True if the worker sends something, or ends, within this time.</summary>
    public bool Comes(TimeSpan within) => Wait(_out, Readable, within);

    public void CloseInput() => input.Dispose();

    public void Dispose()
    {
        input.Dispose();
        output.Dispose();
        _frames.Release();
    }

    /// <summary>The number of bytes received; 0 if there are none, -1 at the end.</summary>
    private unsafe int ReadSome()
    {
        Span<byte> room = _frames.FreeSpace().Span;
        fixed (byte* at = room)
        {
            nint n = read(_out, at, room.Length);
            if (n < 0) return Marshal.GetLastPInvokeError() is ErrorAgain or ErrorInterrupted ? 0 : -1;
            _frames.Advance((int)n);
            return n == 0 ? -1 : (int)n;
        }
    }

    private static bool Wait(int descriptor, short what, TimeSpan atMost)
    {
        var wanted = new Poll { Descriptor = descriptor, Events = what };
        long end = Environment.TickCount64 + (long)atMost.TotalMilliseconds;
        for (; ; )
        {
            int ready = poll(ref wanted, 1, (int)Math.Max(0, end - Environment.TickCount64));
            // The ends of other processes, and the runtime, interrupt any thread that waits (signal(7)).
            if (ready >= 0 || Marshal.GetLastPInvokeError() != ErrorInterrupted) return ready > 0;
        }
    }

    private static int NumberOf(Stream stream)
    {
        int number = (int)((PipeStream)stream).SafePipeHandle.DangerousGetHandle();
        _ = fcntl(number, SetFlags, fcntl(number, GetFlags, 0) | NonBlocking);
        return number;
    }

    private struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Seen;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint read(int descriptor, byte* to, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(int descriptor, byte* from, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref Poll wanted, ulong count, int milliseconds);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, int argument);
}
