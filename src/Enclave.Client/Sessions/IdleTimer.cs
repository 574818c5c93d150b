namespace Enclave.Client.Sessions;

/// <summary>Ends a wait when nothing has come for a while. Also ends with the token it was made with.</summary>
internal sealed class SilenceWatch : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeSpan _patience;
    private readonly ITimer _timer;

    public SilenceWatch(TimeProvider clock, TimeSpan patience, CancellationToken outer)
    {
        _patience = patience;
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        Token = _source.Token;
        _timer = clock.CreateTimer((_) => Fire(), null, patience, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token { get; }

    /// <summary>Whether it was this watch that ended the wait.</summary>
    public bool Fired { get; private set; }

    /// <summary>Something came.</summary>
    public void Touch() => _timer.Change(_patience, Timeout.InfiniteTimeSpan);

    /// <summary>What comes is not listened to; the silence is not the broker's.</summary>
    public void Pause() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void Fire()
    {
        Fired = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection ended in this moment; the timer's thread must not hear of it.
        }
    }
}
