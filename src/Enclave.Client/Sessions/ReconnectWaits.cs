using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>How long to wait before the next connection.</summary>
internal sealed class ReconnectWaits(EnclaveClientOptions options)
{
    private static readonly TimeSpan s_mostAsked = TimeSpan.FromSeconds(30);
    private readonly Backoff _backoff = new(new ReconnectOptions { ReconnectDelay = options.ReconnectDelay, MaxRetries = options.MaxReconnectAttempts }, Random.Shared);

    /// <summary>The wait before a try.</summary>
    /// <param name="attempt">Which one since something came. Range: 1 and above.</param>
    /// <param name="asked">How long the broker asks to wait; it is believed up to 30 s. Null when it does not.</param>
    public TimeSpan Before(int attempt, TimeSpan? asked)
    {
        TimeSpan wait = _backoff.Delay(attempt);
        TimeSpan least = asked is { } time ? TimeSpan.FromTicks(Math.Min(time.Ticks, s_mostAsked.Ticks)) : TimeSpan.Zero;
        return wait > least ? wait : least;
    }
}
