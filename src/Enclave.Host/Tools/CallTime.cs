namespace Enclave.Tools;

/// <summary>The time limit of a call or of one of its waits: it ends with its own time or with its run.</summary>
internal sealed class CallTime : IDisposable
{
    private readonly CancellationToken _run;
    private readonly CancellationTokenSource? _limit;
    private readonly CancellationTokenSource _either;

    public CallTime(TimeSpan? limit, TimeProvider clock, CancellationToken run)
    {
        _run = run;
        if (limit is { } time) _limit = new CancellationTokenSource(time, clock);
        _either = _limit is null ? CancellationTokenSource.CreateLinkedTokenSource(run) : CancellationTokenSource.CreateLinkedTokenSource(run, _limit.Token);
        // Taken once: a token of a disposed source can still be used, its source cannot.
        Token = _either.Token;
    }

    public CancellationToken Token { get; }

    /// <summary>True if its own time is over, and the run has not ended.</summary>
    public bool IsOver => Token.IsCancellationRequested && !_run.IsCancellationRequested;

    public void Dispose()
    {
        _either.Dispose();
        _limit?.Dispose();
    }
}
