namespace Enclave.Pool;

/// <summary>The end of a pool: whether it has begun, and how far it is.</summary>
internal sealed class PoolShutdown
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _disposal;

    /// <summary>True if the pool takes no more jobs. It needs the pool's lock.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Completes when no worker has a job any more.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Completes when every process is gone.</summary>
    public Task Emptied => _emptied.Task;

    /// <summary>Starts the disposal at the first call, and returns the same task at each further one.</summary>
    public Task Dispose_NeedsLock(Func<Task> shutDown) => _disposal ??= Task.Run(shutDown);

    /// <summary>Begins the end. The pool then reports each step with <see cref="Advance_NeedsLock"/>.</summary>
    public void Begin_NeedsLock() => HasBegun = true;

    /// <summary>Completes the steps that these numbers allow. Does nothing before the end has begun.</summary>
    /// <param name="active">Workers with a job.</param>
    /// <param name="processes">Workers that are starting, alive, or killed and not yet gone.</param>
    public void Advance_NeedsLock(int active, int processes)
    {
        if (!HasBegun) return;
        if (active == 0) _drained.TrySetResult();
        if (processes == 0) _emptied.TrySetResult();
    }
}
