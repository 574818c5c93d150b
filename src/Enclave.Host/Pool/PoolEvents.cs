using System.Threading.Channels;
using Enclave.Diagnostics;
using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave.Pool;

/// <summary>Calls the owner's callbacks on the thread pool: recycled workers and security events one by one, statistics at most once a second.</summary>
internal sealed class PoolEvents : IAsyncDisposable
{
    /// <summary>Events that may wait for a slow callback. Further ones are only logged.</summary>
    private const int MaxWaiting = 10_000;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>How long the end of the pool waits for the last calls. A callback may hang, or wait for the end itself.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Channel<Action> _calls = Channel.CreateBounded<Action>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Action<RecycleReason>? _onRecycled;
    private readonly Action<SecurityEvent>? _onSecurity;
    private readonly Action<PoolSnapshot>? _onStats;
    private readonly Func<PoolSnapshot> _snapshot;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly EnclaveMetrics _metrics;
    private readonly Task _pump;
    private readonly ITimer? _timer;
    private readonly Lock _calling = new();
    private int _changed;
    private int _armed;
    private long _last;

    public PoolEvents(PoolSettings settings, Func<PoolSnapshot> snapshot, EnclaveMetrics metrics, ILogger log)
    {
        (_onRecycled, _onSecurity, _onStats) = (settings.OnWorkerRecycled, settings.OnSecurityEvent, settings.OnStatsUpdate);
        (_snapshot, _clock, _metrics, _log) = (snapshot, settings.Clock, metrics, log);
        _pump = _onRecycled is null && _onSecurity is null ? Task.CompletedTask : Task.Run(PumpAsync);
        if (_onStats is not null) _timer = _clock.CreateTimer((_) => Report(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Recycled(RecycleReason reason)
    {
        _metrics.Recycled(reason);
        if (_onRecycled is not null) _calls.Writer.TryWrite(() => Call(_onRecycled, reason, Log.RecycledCallbackFailed));
    }

    public void Security(SecurityEvent report)
    {
        _metrics.Security(report.Kind);
        if (_onSecurity is not null) _calls.Writer.TryWrite(() => Call(_onSecurity, report, Log.SecurityCallbackFailed));
    }

    public void StartFailed() => _metrics.StartFailed();

    /// <summary>A killed process is gone.</summary>
    public void Gone(Worker worker)
    {
        if (worker.Killed != 0) _metrics.Killed(worker.Killed);
    }

    /// <summary>The snapshot has changed. While a report is due already, this only sets a flag.</summary>
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
        // Dispose, because DisposeAsync waits for a running call.
        _timer?.Dispose();
        _calls.Writer.TryComplete();
        Task last = Volatile.Read(ref _changed) == 0 ? Task.CompletedTask : Task.Run(Report);
        await Task.WhenAny(Task.WhenAll(_pump, last), Task.Delay(s_patience)).ConfigureAwait(false);
    }

    private void Report()
    {
        lock (_calling)
        {
            _last = _clock.GetTimestamp();
            Volatile.Write(ref _armed, 0);
            if (Interlocked.Exchange(ref _changed, 0) != 0) Call(_onStats!, _snapshot(), Log.StatsCallbackFailed);
        }
    }

    private async Task PumpAsync()
    {
        await foreach (Action call in _calls.Reader.ReadAllAsync().ConfigureAwait(false)) call();
    }

    private void Call<T>(Action<T> callback, T argument, Action<ILogger, Exception> failed)
    {
        try
        {
            callback(argument);
        }
#pragma warning disable CA1031 // A caller's callback may throw anything, and the pool must continue.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            failed(_log, fault);
        }
    }
}
