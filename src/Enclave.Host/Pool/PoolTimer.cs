namespace Enclave.Pool;

/// <summary>A timer that a pool arms when it needs another look, and that then elapses once.</summary>
internal sealed class PoolTimer : IAsyncDisposable
{
    private readonly ITimer _timer;
    private readonly TimeSpan _time;
    private bool _armed;

    /// <param name="clock">Its clock.</param>
    /// <param name="time">The time until it elapses, unless it is armed for another one.</param>
    /// <param name="elapsed">Called without the lock. It takes the lock and calls <see cref="Disarm_NeedsLock"/>.</param>
    public PoolTimer(TimeProvider clock, TimeSpan time, Action elapsed)
    {
        _time = time;
        _timer = clock.CreateTimer((_) => elapsed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Arms it for its usual time. Does nothing if it is armed.</summary>
    public void Arm_NeedsLock()
    {
        if (!_armed) Arm_NeedsLock(_time);
    }

    /// <summary>Arms it for this time, even if it is armed.</summary>
    public void Arm_NeedsLock(TimeSpan time)
    {
        _armed = true;
        _timer.Change(time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Notes that it has elapsed.</summary>
    public void Disarm_NeedsLock() => _armed = false;

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
