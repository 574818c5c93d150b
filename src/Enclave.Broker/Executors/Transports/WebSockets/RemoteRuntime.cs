using Enclave.Streaming.Peers;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>One runtime: how much it has to do, and whether it is worth asking.</summary>
internal sealed class RemoteRuntime(Uri address, TimeSpan maxPause, TimeProvider clock)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private int _active;
    private int _failures;
    private long _failedAt;

    public Uri Address { get; } = address;

    /// <summary>Sessions of this broker that it has now.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Why it was last not to be had; null since it was.</summary>
    public string? Fault { get; private set; }

    /// <summary>What it said of its protocol when it was last reached; null before, and when that could not be read.</summary>
    public PeerProtocol? Protocol { get; private set; }

    /// <summary>Whether it was last not to be had because of its protocol.</summary>
    public bool IsForeign { get; private set; }

    /// <summary>Whether enough time has passed since it failed.</summary>
    public bool IsWorthAsking
    {
        get
        {
            lock (_gate) return _failures == 0 || clock.GetElapsedTime(_failedAt) >= TimeSpan.FromTicks(Math.Min(maxPause.Ticks, s_firstPause.Ticks << Math.Min(_failures - 1, 20)));
        }
    }

    /// <summary>It says what it speaks.</summary>
    /// <exception cref="IOException">Nothing that this build speaks as well.</exception>
    public void Says(string? text)
    {
        Protocol = PeerProtocol.TryRead(text, out PeerProtocol? said) ? said : null;
        IsForeign = Protocol is not { IsUnderstood: true };
        if (IsForeign) throw new IOException($"{PeerProtocol.Unsupported}: {said?.Mismatch("runtime") ?? "the runtime says nothing of its protocol that can be read"}");
    }

    public void Enter() => Interlocked.Increment(ref _active);

    public void Leave() => Interlocked.Decrement(ref _active);

    public void Answered()
    {
        lock (_gate) (_failures, Fault) = (0, null);
    }

    public void Failed(string why)
    {
        lock (_gate)
        {
            _failures++;
            _failedAt = clock.GetTimestamp();
            Fault = why;
        }
    }
}
