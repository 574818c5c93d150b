namespace Enclave.Tools;

/// <summary>How long a call, or a wait of one, may take: until its own time is over or its run has ended.</summary>
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
        // Taken once: a token of a disposed source can still be asked, its source cannot.
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
