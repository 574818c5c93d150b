namespace Enclave.Workers;

/// <summary>Code of the application that was started from a context, with its answer.</summary>
internal sealed class HandlerWork<T>(Func<Task<T>> work) : IThreadPoolWorkItem
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly TaskCompletionSource<T> _answer = new();

    public Task<T> Answer => _answer.Task;

    public void Execute()
    {
        if (_context is null) _ = GoAsync();
        else ExecutionContext.Run(_context, static (item) => _ = ((HandlerWork<T>)item!).GoAsync(), this);
    }

    private async Task GoAsync()
    {
        Task<T> done;
        try
        {
            done = work();
            await ((Task)done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
#pragma warning disable CA1031 // The caller that awaits the answer gets the exception.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _answer.TrySetException(fault);
            return;
        }

        _answer.TrySetFromTask(done);
    }
}
