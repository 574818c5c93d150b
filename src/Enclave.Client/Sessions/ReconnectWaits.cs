using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>Computes the wait before the next connection.</summary>
internal sealed class ReconnectWaits(EnclaveClientOptions options)
{
    private static readonly TimeSpan s_mostAsked = TimeSpan.FromSeconds(30);
    private readonly Backoff _backoff = new(
        new ReconnectOptions { ReconnectDelay = options.ReconnectDelay, MaxRetries = options.MaxReconnectAttempts }, Random.Shared);

    /// <summary>The wait before an attempt.</summary>
    /// <param name="attempt">The number of the attempt since the last event. Range: 1 and above.</param>
    /// <param name="asked">How long the broker asks to wait, capped at 30 s; null if it does not.</param>
    public TimeSpan Before(int attempt, TimeSpan? asked)
    {
        TimeSpan wait = _backoff.Delay(attempt);
        TimeSpan least = asked is { } time ? TimeSpan.FromTicks(Math.Min(time.Ticks, s_mostAsked.Ticks)) : TimeSpan.Zero;
        return wait > least ? wait : least;
    }
}
