using Enclave.Diagnostics;
using Enclave.Runs;
using Enclave.Workers;

namespace Enclave.Pool;

/// <content>The end of a pool: refuse, drain, kill, reap.</content>
internal sealed partial class WorkerPool
{
    /// <summary>A killed process that the kernel does not release in this time is left behind. Waiting longer would hang the host's own end.</summary>
    private static readonly TimeSpan s_reaping = TimeSpan.FromSeconds(10);

    public ValueTask DisposeAsync()
    {
        lock (_gate) return new ValueTask(_shutdown.Dispose_NeedsLock(ShutDownAsync));
    }

    private async Task ShutDownAsync()
    {
        List<ExecutionJob> waiting;
        PooledWorker[] quiet;
        int active;
        lock (_gate)
        {
            _shutdown.Begin_NeedsLock();
            waiting = _queue.Clear();
            // Runs in progress continue.
            foreach (ExecutionJob begun in waiting.Where(HasBegun)) _queue.Add(begun);
            waiting.RemoveAll(HasBegun);
            active = _leases.Count + _parked.Count;
            quiet = _parked.Count > 0 ? [] : [.. _workers.Where((worker) => worker.Lease is null)];
            AdvanceShutdown_NeedsLock();
            _warm.TrySetException(new ObjectDisposedException(Owner));
            _ = _warm.Task.Exception;
        }

        Log.ShuttingDown(_settings.Log, active, waiting.Count);
        foreach (ExecutionJob job in waiting) Settle(job, _texts.For(job, ErrorCode.PoolDisposed, "while it waited"));
        // A worker without a job has nothing to save. Asking it first would only take longer.
        foreach (PooledWorker worker in quiet) worker.Worker.Kill(RecycleReason.Disposed, ErrorCode.PoolDisposed, "disposed");
        await DrainAsync().ConfigureAwait(false);
        PooledWorker[] rest;
        WorkerLease[] parked;
        lock (_gate)
        {
            (rest, parked) = ([.. _workers, .. _leaving], [.. _parked.Keys]);
            _isEnding = true;
        }

        foreach (WorkerLease lease in parked) EndWithPool(lease);
        foreach (PooledWorker worker in rest) worker.Worker.Kill(RecycleReason.Disposed, ErrorCode.PoolDisposed, "while it ran");
        await Task.WhenAny(_shutdown.Emptied, Task.Delay(s_reaping, CancellationToken.None)).ConfigureAwait(false);
        await _upkeep.DisposeAsync().ConfigureAwait(false);
        await _slice.DisposeAsync().ConfigureAwait(false);
        _settings.Clock.Dispose();
        await _events.DisposeAsync().ConfigureAwait(false);
    }

    private void AdvanceShutdown_NeedsLock() => _shutdown.Advance_NeedsLock(_leases.Count + _parked.Count, _workers.Count + _leaving.Count + _launching);

    private async Task DrainAsync()
    {
        if (_sizes.GracefulShutdownTimeout == TimeSpan.Zero) return;
        try
        {
            await _shutdown.Drained.WaitAsync(_sizes.GracefulShutdownTimeout, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            int active;
            lock (_gate) active = _leases.Count;
            Log.ShutdownKilled(_settings.Log, active, _sizes.GracefulShutdownTimeout);
        }
    }
}
