using Enclave.Streaming.Peers;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>One runtime: how much it has to do, and whether it is worth asking.</summary>
internal sealed class RemoteRuntime(Uri address, TimeSpan maxPause, TimeProvider clock)
{
    /// <summary>A runtime that does not say how many it takes says when there are too many.</summary>
    private const int Unknown = 1_000_000;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private int _active;
    private int _max = Unknown;
    private int _refused;
    private bool _isAway;
    private long? _fullAt;
    private int _failures;
    private long _failedAt;

    public Uri Address { get; } = address;

    /// <summary>How long one that said it is full is left alone: sessions of other brokers end there too.</summary>
    public static TimeSpan BusyPause { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Called outside of all locks when there may be room.</summary>
    public Action? Changed { get; set; }

    /// <summary>True when the last look found the runtime, and it speaks our protocol version.</summary>
    public bool IsThere
    {
        get
        {
            lock (_gate) return !_isAway && !IsForeign;
        }
    }

    /// <summary>True when the runtime is there and did not just fail. A runtime that spoke another version is asked again: it may have been replaced.</summary>
    public bool IsUsable
    {
        get
        {
            lock (_gate) return !_isAway && IsWorthAsking;
        }
    }

    /// <summary>Sessions that it takes beside those of this broker, as far as is known.</summary>
    public int Room
    {
        get
        {
            lock (_gate) return _fullAt is { } full && clock.GetElapsedTime(full) < BusyPause ? 0 : Math.Max(0, _max - _active);
        }
    }

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

    /// <summary>A session of this broker takes a place.</summary>
    public void Enter()
    {
        lock (_gate) _active++;
    }

    /// <summary>It gives it back.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _active--;
            // One that was refused makes no room when it goes.
            if (_refused > 0) _refused--;
            else _fullAt = null;
        }

        Changed?.Invoke();
    }

    public void Answered()
    {
        lock (_gate) (_failures, Fault, _isAway) = (0, null, false);
    }

    /// <summary>It refused a session because all its places are taken.</summary>
    public void Full()
    {
        lock (_gate) (_failures, Fault, _fullAt, _refused) = (0, null, clock.GetTimestamp(), _refused + 1);
    }

    /// <summary>It was looked at.</summary>
    /// <param name="isThere">Whether it answers and takes sessions.</param>
    /// <param name="max">Sessions that it takes; null where it did not say.</param>
    public void Seen(bool isThere, int? max)
    {
        lock (_gate)
        {
            _isAway = !isThere;
            if (isThere) _max = max is > 0 and var known ? known : Unknown;
        }

        Changed?.Invoke();
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
