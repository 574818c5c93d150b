using Enclave.Runs;

namespace Enclave.Sessions;

/// <summary>The progress of a session to its one result: it begins, may be stopped, and settles. Thread-safe; takes no action.</summary>
/// <param name="runId">The id of the session's run; null if it has none.</param>
internal sealed class SessionProgress(string? runId)
{
    private readonly Lock _gate = new();
    private bool _started;
    private ExecutionError? _stopped;
    private ExecutionResult? _run;
    private ExecutionResult? _result;

    /// <summary>The reason of the stop, for the result of a run that ends by it.</summary>
    public ExecutionError WhyStopped
    {
        get
        {
            lock (_gate) return _stopped ?? SessionTexts.Cancelled(null);
        }
    }

    /// <summary>The session's state. It is computed from the events, so no invalid transition is possible.</summary>
    /// <param name="waitingCalls">Tool calls that wait for an answer from outside.</param>
    public SessionState StateWith(int waitingCalls)
    {
        lock (_gate)
        {
            return _result is { } result
                ? SessionStates.OfEnd(result.Error is null, result.Error?.Code == ErrorCode.Cancelled)
                : SessionStates.Of(_started, waitingCalls > 0);
        }
    }

    public void HasStarted()
    {
        lock (_gate) _started = true;
    }

    /// <summary>The run has ended on its worker.</summary>
    public void RunHasEnded(ExecutionResult result)
    {
        lock (_gate) _run = result;
    }

    /// <summary>Stops the session. False if it was stopped before, or has its result.</summary>
    public bool TryStop(ExecutionError why)
    {
        lock (_gate)
        {
            if (_result is not null || _stopped is not null) return false;
            _stopped = why;
            return true;
        }
    }

    /// <summary>The result of a session that is stopped: its run's, with its statistics. A run that the guard still checks has none.</summary>
    public ExecutionResult ResultOfStop()
    {
        ExecutionResult? run;
        lock (_gate) run = _run;
        // Unresolved references open nothing.
        if (run is { Value.HasReference: true }) return ResultBuilder.Failure(WhyStopped, run.Stats, run.Stdout, run.RunId);
        return run ?? Failure(WhyStopped);
    }

    /// <summary>Sets the result. False if there is one.</summary>
    public bool TrySettle(ExecutionResult result)
    {
        lock (_gate)
        {
            if (_result is not null) return false;
            _result = result;
            return true;
        }
    }

    /// <summary>The result of a session whose run has none.</summary>
    public ExecutionResult Failure(ExecutionError why) => ResultBuilder.Failure(why, new ExecutionStats(), "", runId);
}
