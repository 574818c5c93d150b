using Enclave.Workers;

namespace Enclave.Runs;

/// <summary>
/// Passes console lines to a caller's handler in order, on a thread for handlers, never concurrently. The run's console budget bounds its queue.
/// </summary>
internal sealed class ConsolePump : IThreadPoolWorkItem
{
    /// <summary>How long the answer waits for lines that are still being handled. A handler that hangs must not withhold it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<ConsoleLine> _lines = new();
    private readonly TaskCompletionSource _handled = new();
    private readonly Action<ConsoleLine> _handler;
    private readonly Action<Exception> _onFault;
    private readonly HandlerTurns _turns;

    /// <summary>The context of the caller, in which its handler runs.</summary>
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly TimeProvider _clock;
    private bool _isHandling;
    private bool _isClosed;

    /// <param name="handler">Called for each line.</param>
    /// <param name="onFault">Called with what the handler throws.</param>
    /// <param name="tenant">The key of the run's tenant.</param>
    /// <param name="clock">Measures the grace.</param>
    public ConsolePump(Action<ConsoleLine> handler, Action<Exception> onFault, string tenant, TimeProvider clock)
    {
        (_handler, _onFault, _clock) = (handler, onFault, clock);
        // The console has turns of its own, so that its lines do not wait for tools that block.
        _turns = new HandlerTurns(tenant);
    }

    public void Post(ConsoleLine line)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _lines.Enqueue(line);
            if (_isHandling) return;
            _isHandling = true;
        }

        HandlerThreads.Post(_turns, this);
    }

    /// <summary>Takes no more lines.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            if (_isHandling) return;
        }

        _handled.TrySetResult();
    }

    /// <summary>
    /// Takes no more lines, and calls back once on the thread pool: when every line has been handled, when the grace is over, or when the token is cancelled.
    /// Lines that are left then are still handled, in order.
    /// </summary>
    public void Finish(Action done, CancellationToken token)
    {
        Close();
        _ = CallBackAsync(done, token);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_context is null) Handle();
        else ExecutionContext.Run(_context, static (pump) => ((ConsolePump)pump!).Handle(), this);
    }

    private void Handle()
    {
        while (TryNext(out ConsoleLine line))
        {
            try
            {
                _handler(line);
            }
#pragma warning disable CA1031 // A caller's handler may throw anything, and none of it is the run's failure.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                _onFault(fault);
            }
        }
    }

    private async Task CallBackAsync(Action done, CancellationToken token)
    {
        // Yields even if nothing is left to handle, because the calling thread may be a worker's reader.
        await _handled.Task.WaitAsync(Grace, _clock, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        done();
    }

    /// <summary>The next line. Without one the thread has nothing more to do here.</summary>
    private bool TryNext(out ConsoleLine line)
    {
        bool isLast;
        lock (_gate)
        {
            if (_lines.TryDequeue(out line)) return true;
            _isHandling = false;
            isLast = _isClosed;
        }

        if (isLast) _handled.TrySetResult();
        return false;
    }
}
