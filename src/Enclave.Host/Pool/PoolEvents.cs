using System.Threading.Channels;
using Enclave.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Enclave.Pool;

/// <summary>Tells the owner's callbacks what happened, on the thread pool: recycled workers one by one, statistics at most once a second.</summary>
internal sealed class PoolEvents : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>How long the end waits for the last calls. A callback may hang, or itself wait for the end.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Channel<RecycleReason> _recycled = Channel.CreateUnbounded<RecycleReason>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Action<RecycleReason>? _onRecycled;
    private readonly Action<PoolSnapshot>? _onStats;
    private readonly Func<PoolSnapshot> _snapshot;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Task _pump;
    private readonly ITimer? _timer;
    private readonly Lock _calling = new();
    private int _changed;
    private int _armed;
    private long _last;

    public PoolEvents(EnclaveOptions options, Func<PoolSnapshot> snapshot, ILogger log)
    {
        (_onRecycled, _onStats, _snapshot, _clock, _log) = (options.OnWorkerRecycled, options.OnStatsUpdate, snapshot, options.TimeProvider, log);
        _pump = _onRecycled is null ? Task.CompletedTask : Task.Run(PumpAsync);
        if (_onStats is not null) _timer = _clock.CreateTimer((_) => Report(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Recycled(RecycleReason reason)
    {
        if (_onRecycled is not null) _recycled.Writer.TryWrite(reason);
    }

    /// <summary>Something in the snapshot changed. Costs a flag while a report is due anyway.</summary>
    public void Changed()
    {
        if (_timer is null) return;
        Volatile.Write(ref _changed, 1);
        if (Interlocked.Exchange(ref _armed, 1) != 0) return;
        TimeSpan since = _last == 0 ? s_interval : _clock.GetElapsedTime(_last);
        _timer.Change(since >= s_interval ? TimeSpan.Zero : s_interval - since, Timeout.InfiniteTimeSpan);
    }

    public async ValueTask DisposeAsync()
    {
        // Not DisposeAsync, which waits for a call that is under way.
        _timer?.Dispose();
        _recycled.Writer.TryComplete();
        Task last = Volatile.Read(ref _changed) == 0 ? Task.CompletedTask : Task.Run(Report);
        await Task.WhenAny(Task.WhenAll(_pump, last), Task.Delay(s_patience)).ConfigureAwait(false);
    }

    private void Report()
    {
        lock (_calling)
        {
            _last = _clock.GetTimestamp();
            Volatile.Write(ref _armed, 0);
            if (Interlocked.Exchange(ref _changed, 0) == 0) return;
            try
            {
                _onStats!(_snapshot());
            }
#pragma warning disable CA1031 // A caller's callback may throw anything, and the pool goes on.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Log.StatsCallbackFailed(_log, fault);
            }
        }
    }

    private async Task PumpAsync()
    {
        await foreach (RecycleReason reason in _recycled.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                _onRecycled!(reason);
            }
#pragma warning disable CA1031 // As above.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Log.RecycledCallbackFailed(_log, fault);
            }
        }
    }
}
