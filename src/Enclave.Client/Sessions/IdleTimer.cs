namespace Enclave.Client.Sessions;

/// <summary>Cancels a wait if nothing arrives for a while. Also cancelled by the token that it was created with.</summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeSpan _patience;
    private readonly ITimer _timer;

    public IdleTimer(TimeProvider clock, TimeSpan patience, CancellationToken outer)
    {
        _patience = patience;
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        Token = _source.Token;
        _timer = clock.CreateTimer((_) => Fire(), null, patience, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token { get; }

    /// <summary>True if the timeout cancelled the wait.</summary>
    public bool Fired { get; private set; }

    /// <summary>Restarts the timeout, because something arrived.</summary>
    public void Restart() => _timer.Change(_patience, Timeout.InfiniteTimeSpan);

    /// <summary>Pauses the timeout while nothing is read.</summary>
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
            // Disposed at this moment: the exception must not reach the timer's thread.
        }
    }
}
