using Enclave.Limits;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>What the host has of a job that leaves its worker, or has left it. The lease's lock guards it.</summary>
/// <param name="checkpoint">Where it can go on.</param>
/// <param name="elapsed">Called when its timer has elapsed.</param>
internal sealed class ParkedRun(ISharedCheckpoint checkpoint, Action elapsed) : IDisposable
{
    private readonly List<(byte[] Bytes, HeldMemory Memory)> _frames = [];
    private Timer? _timer;

    public ISharedCheckpoint Checkpoint { get; } = checkpoint;

    /// <summary>Its state, as its worker sent it; empty until then.</summary>
    public byte[] State { get; set; } = [];

    /// <summary>When its script's own timer is due; <see cref="long.MaxValue"/> without one.</summary>
    public long TimerDue { get; set; } = long.MaxValue;

    /// <summary>True if frames wait for its next worker.</summary>
    public bool HasFrames => _frames.Count > 0;

    /// <summary>Keeps frames for its next worker, and their memory. They are written now: what they say may depend on the time. Returns their length.</summary>
    public long Keep(Action<FrameBuffer> write, HeldMemory memory)
    {
        var frames = new FrameBuffer();
        try
        {
            write(frames);
            byte[] bytes = frames.Written.ToArray();
            memory.Retain();
            _frames.Add((bytes, memory));
            return bytes.Length;
        }
        finally
        {
            frames.Release();
        }
    }

    /// <summary>Writes the kept frames, in order.</summary>
    public void WriteFrames(FrameBuffer frames)
    {
        foreach ((byte[] bytes, _) in _frames)
        {
            bytes.CopyTo(frames.GetSpan(bytes.Length));
            frames.Advance(bytes.Length);
        }
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
        foreach ((_, HeldMemory memory) in _frames) memory.Release();
        _frames.Clear();
        Checkpoint.Release();
    }
}
