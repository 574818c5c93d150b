using Enclave.Limits;
using Enclave.Streaming;
using Enclave.Streaming.Channels;
using Enclave.Streaming.Peers;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>One runtime: its load, and whether it may be asked for another session.</summary>
internal sealed class RemoteRuntime(Uri address, TimeProvider clock)
{
    /// <summary>Assumed room of a runtime that does not report a limit. It refuses sessions when it is full.</summary>
    private const int AssumedSlots = 1_000_000;

    /// <summary>The pause before a runtime that failed is asked again.</summary>
    private static readonly RetryDelay s_pause = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    private readonly Lock _gate = new();
    private int _active;
    private int _max = AssumedSlots;
    private int _refused;
    private bool _isAway;
    private long? _fullAt;
    private int _failures;
    private long _failedAt;
    private ReceiveBudget? _unfinished;

    public Uri Address { get; } = address;

    /// <summary>The pause after a runtime reports that it is full. It may free a slot at any time: other brokers' sessions end there too.</summary>
    public static TimeSpan BusyPause { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Raised outside of all locks when a slot may be free.</summary>
    public event Action? Changed;

    /// <summary>Bytes of unfinished messages over all connections to the runtime.</summary>
    public ReceiveBudget Unfinished(int maxMessageBytes)
    {
        lock (_gate) return _unfinished ??= ReceiveBudget.Of(maxMessageBytes);
    }

    /// <summary>True if the last probe reached the runtime and it speaks our protocol version.</summary>
    public bool IsReachable
    {
        get
        {
            lock (_gate) return !_isAway && !IsIncompatible;
        }
    }

    /// <summary>
    /// True if the runtime is reachable and did not fail just now. A runtime with another protocol version is asked again: it may have been replaced.
    /// </summary>
    public bool IsUsable
    {
        get
        {
            lock (_gate) return !_isAway && IsRetryDue;
        }
    }

    /// <summary>Sessions that it accepts in addition to those of this broker, as far as known.</summary>
    public int FreeSlots
    {
        get
        {
            lock (_gate) return _fullAt is { } full && clock.GetElapsedTime(full) < BusyPause ? 0 : Math.Max(0, _max - _active);
        }
    }

    /// <summary>Sessions of this broker that run there.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Why it was last unavailable; null if it is available.</summary>
    public string? Fault { get; private set; }

    /// <summary>The protocol that it reported when it was last reached; null before that, and if the report could not be read.</summary>
    public PeerProtocol? Protocol { get; private set; }

    /// <summary>True if it was last unavailable because of its protocol version.</summary>
    public bool IsIncompatible { get; private set; }

    /// <summary>True if enough time has passed since it failed.</summary>
    public bool IsRetryDue
    {
        get
        {
            lock (_gate) return _failures == 0 || clock.GetElapsedTime(_failedAt) >= s_pause.After(_failures);
        }
    }

    /// <summary>Reads the protocol that the runtime reports.</summary>
    /// <exception cref="IOException">This build speaks none of its versions.</exception>
    public void ReadProtocol(string? text)
    {
        Protocol = PeerProtocol.TryRead(text, out PeerProtocol? said) ? said : null;
        IsIncompatible = Protocol is not { IsUnderstood: true };
        if (IsIncompatible)
            throw new IOException(
                $"{SessionCode.ProtocolUnsupported}: {said?.Mismatch("runtime") ?? "the runtime did not report a readable protocol version"}");
    }

    /// <summary>Counts a session of this broker.</summary>
    public void AddSession()
    {
        lock (_gate) _active++;
    }

    /// <summary>Removes a session of this broker.</summary>
    public void RemoveSession()
    {
        lock (_gate)
        {
            _active--;
            // A refused session was counted as well. When it leaves, no slot becomes free.
            if (_refused > 0) _refused--;
            else _fullAt = null;
        }

        Changed?.Invoke();
    }

    public void ReportSuccess()
    {
        lock (_gate) (_failures, Fault, _isAway) = (0, null, false);
    }

    /// <summary>Records that it refused a session because all its slots are taken.</summary>
    public void ReportFull()
    {
        lock (_gate) (_failures, Fault, _fullAt, _refused) = (0, null, clock.GetTimestamp(), _refused + 1);
    }

    /// <summary>Records the result of a probe.</summary>
    /// <param name="isReachable">True if it answers and accepts sessions.</param>
    /// <param name="max">Its maximum number of sessions; null if it did not report one.</param>
    public void ReportProbe(bool isReachable, int? max)
    {
        lock (_gate)
        {
            _isAway = !isReachable;
            if (isReachable) _max = max is > 0 and var known ? known : AssumedSlots;
        }

        Changed?.Invoke();
    }

    public void ReportFailure(string why)
    {
        lock (_gate)
        {
            _failures++;
            _failedAt = clock.GetTimestamp();
            Fault = why;
        }
    }
}
