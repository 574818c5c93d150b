using System.Runtime.InteropServices;
using Enclave.Linux;
using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <content>Messages and log of the worker.</content>
internal sealed unsafe partial class WorkerConnection
{
    /// <summary>Reads once and handles whole frames. Returns true if more may come.</summary>
    private bool Receive()
    {
        try
        {
            Memory<byte> free = _reader.FreeSpace();
            nint n;
            fixed (byte* at = free.Span) n = Libc.read(_process.Stdout, at, free.Length);
            if (n < 0 && Marshal.GetLastPInvokeError() is Libc.ErrorAgain or Libc.ErrorInterrupted) return false;
            if (n <= 0)
            {
                // Its end of the pipe is closed. Death does that. A live worker that does it is not honest, and a kill does no harm to a dead one.
                _deaf = true;
                _process.Kill();
                return false;
            }

            _reader.Advance((int)n);
            HandleFrames();
            return true;
        }
        catch (ProtocolException fault)
        {
            _deaf = true;
            _sink.OnProtocolFault(fault);
            return false;
        }
        catch (OutOfMemoryException)
        {
            // A large message: another worker's smaller ones may still find room, so only this worker ends.
            _deaf = true;
            _sink.OnOutOfMemory();
            return false;
        }
    }

    /// <summary>Handles the frame that was held back, and those that came after it.</summary>
    private void GoOn()
    {
        _resumed = false;
        if (!_heldBack || _deaf) return;
        try
        {
            _heldBack = !_sink.OnResumed();
            HandleFrames();
        }
        catch (ProtocolException fault)
        {
            _deaf = true;
            _sink.OnProtocolFault(fault);
        }
        catch (OutOfMemoryException)
        {
            _deaf = true;
            _sink.OnOutOfMemory();
        }
    }

    private void HandleFrames()
    {
        while (!_deaf && !_heldBack && _reader.TryRead(out Frame frame)) _heldBack = !_sink.OnFrame(frame);
        // The worker may be silent for long now.
        if (!_heldBack) _reader.Trim();
    }

    /// <summary>Reads once. Returns true if more may be there.</summary>
    private bool DrainLog()
    {
        byte* buffer = stackalloc byte[4096];
        // Once per wake-up: a flood must not keep this thread from the frames and the pidfd.
        nint n = Libc.read(_process.Stderr, buffer, 4096);
        if (n > 0) _log.Append(new ReadOnlySpan<byte>(buffer, (int)n));
        else if (n == 0) _process.CloseStderr();
        return n > 0;
    }
}
