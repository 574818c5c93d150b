using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>The host's part of a job that leaves its worker, or has left it. The lease's lock guards it.</summary>
/// <param name="checkpoint">The checkpoint from which the job can continue.</param>
/// <param name="elapsed">Called when its timer has elapsed.</param>
internal sealed class ParkedRun(ISharedCheckpoint checkpoint, Action elapsed) : IDisposable
{
    /// <summary>The most bytes of frames whose memory is not counted, such as the texts of failures.</summary>
    private const int MostUncounted = 1 << 20;

    private readonly List<(byte[] Bytes, IFrameMemory? Memory)> _frames = [];
    private Timer? _timer;
    private int _uncounted;

    public ISharedCheckpoint Checkpoint { get; } = checkpoint;

    /// <summary>Its state, as its worker sent it; empty until then.</summary>
    public byte[] State { get; set; } = [];

    /// <summary>When its script's own timer is due; <see cref="long.MaxValue"/> without one.</summary>
    public long TimerDue { get; set; } = long.MaxValue;

    /// <summary>True if that timer has elapsed.</summary>
    public bool IsDue { get; set; }

    /// <summary>True if frames wait for its next worker.</summary>
    public bool HasFrames => _frames.Count > 0;

    /// <summary>
    /// Keeps frames for its next worker, and their memory. The frames are written now, because their content may depend on the time. False if too many bytes
    /// wait whose memory is not counted.
    /// </summary>
    public bool TryKeep(Action<FrameBuffer> write, IFrameMemory? memory, out long length)
    {
        var frames = new FrameBuffer();
        try
        {
            write(frames);
            byte[] bytes = frames.Written.ToArray();
            length = bytes.Length;
            if (memory is null && (_uncounted += bytes.Length) > MostUncounted) return false;
            memory?.Retain();
            _frames.Add((bytes, memory));
            return true;
        }
        finally
        {
            frames.Release();
        }
    }

    /// <summary>Passes the kept frames on, in order.</summary>
    public void Send(Worker worker, WorkerLease lease)
    {
        foreach ((byte[] bytes, IFrameMemory? memory) in _frames) worker.SendKept(lease, bytes, memory);
    }

    /// <summary>Looks again at this time.</summary>
    public void Arm(TimeSpan wait)
    {
        _timer ??= new Timer((_) => elapsed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Releases the memory of the kept frames, and the nursery.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        foreach ((_, IFrameMemory? memory) in _frames) memory?.Release();
        _frames.Clear();
        Checkpoint.Release();
    }
}
