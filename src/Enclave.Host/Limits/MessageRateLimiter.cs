using Enclave.Linux;

namespace Enclave.Limits;

/// <summary>Limits the messages of one sender: a token bucket that starts full, so a burst of one second's allowance passes.</summary>
internal struct MessageRateLimiter(int perSecond)
{
    private double _tokens = perSecond;
    private long _last;

    /// <summary>Takes one token; false if there is none.</summary>
    public bool TryTake() => TryTake(Clock.Microseconds);

    /// <summary>As <see cref="TryTake()"/>, at a given time. Timestamps are <see cref="Clock"/> microseconds.</summary>
    public bool TryTake(long now)
    {
        if (_last != 0) _tokens = Math.Min(perSecond, _tokens + ((now - _last) * (double)perSecond / 1_000_000));
        _last = now;
        if (_tokens < 1) return false;
        _tokens--;
        return true;
    }
}
