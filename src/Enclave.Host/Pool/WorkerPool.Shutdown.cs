using Enclave.Diagnostics;
using Enclave.Runs;
using Enclave.Workers;

namespace Enclave.Pool;

/// <content>The end of a pool: refuse, drain, kill, reap.</content>
internal sealed partial class WorkerPool
{
    /// <summary>A killed process that the kernel does not release in this time is left behind. Waiting longer would hang the host's own end.</summary>
    private static readonly TimeSpan s_reaping = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _disposal;

    public ValueTask DisposeAsync()
    {
        lock (_gate) _disposal ??= Task.Run(ShutDownAsync);
        return new ValueTask(_disposal);
    }

    private async Task ShutDownAsync()
    {
        List<ExecutionJob> waiting;
        Worker[] quiet;
        int active;
        lock (_gate)
        {
            _disposed = true;
            waiting = _queue.Clear();
            active = _active;
            if (active == 0) _drained.TrySetResult();
            quiet = [.. _workers.Where((worker) => worker.LeasedTo is null)];
            if (_workers.Count == 0 && _leaving.Count == 0 && _launching == 0) _emptied.TrySetResult();
            _warm.TrySetException(new ObjectDisposedException(Owner));
            _ = _warm.Task.Exception;
        }

        Log.ShuttingDown(_log, active, waiting.Count);
        foreach (ExecutionJob job in waiting) Settle(job, _texts.For(job, ErrorCode.PoolDisposed, "while it waited"));
        // A worker without a job has nothing to save. Asking it first would only take longer.
        foreach (Worker worker in quiet) worker.Kill(RecycleReason.Disposed, ErrorCode.PoolDisposed, "disposed");
        await DrainAsync().ConfigureAwait(false);
        Worker[] rest;
        lock (_gate) rest = [.. _workers, .. _leaving];
        foreach (Worker worker in rest) worker.Kill(RecycleReason.Disposed, ErrorCode.PoolDisposed, "while it ran");
        await Task.WhenAny(_emptied.Task, Task.Delay(s_reaping, CancellationToken.None)).ConfigureAwait(false);
        await _upkeep.DisposeAsync().ConfigureAwait(false);
        await _slice.DisposeAsync().ConfigureAwait(false);
        _settings.Clock.Dispose();
        await _events.DisposeAsync().ConfigureAwait(false);
    }

    private async Task DrainAsync()
    {
        if (_pool.GracefulShutdownTimeout == TimeSpan.Zero) return;
        try
        {
            await _drained.Task.WaitAsync(_pool.GracefulShutdownTimeout, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            int active;
            lock (_gate) active = _active;
            Log.ShutdownKilled(_log, active, _pool.GracefulShutdownTimeout);
        }
    }
}
