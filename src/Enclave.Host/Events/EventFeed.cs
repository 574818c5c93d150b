using Enclave.Limits;
using Enclave.Runs;

namespace Enclave.Events;

/// <summary>The events of one run on their way to readers: numbered without a gap and bounded. The run never waits for readers.</summary>
/// <remarks>Events are added on the worker's thread. Its lock is never held while foreign code runs.</remarks>
internal abstract class EventFeed(TimeProvider clock) : IRunObserver
{
    /// <summary>Reports of a tool above this rate are counted and not stored.</summary>
    public const int ReportsPerSecond = 100;

    /// <summary>The size limit of a partial result.</summary>
    private const long MaxPartialBytes = 1 << 20;

    private MessageRateLimiter _progressRate = new(ReportsPerSecond);
    private MessageRateLimiter _partialRate = new(ReportsPerSecond);
    private TaskCompletionSource? _changed;
    private Exception? _fault;
    private long _sequence;
    private long _droppedLines, _droppedReports, _droppedToolEvents;
    private bool _closed;
    private bool _finished;

    protected Lock Gate { get; } = new();

    /// <summary>True if there will be no more events.</summary>
    public bool HasEnded
    {
        get
        {
            lock (Gate) return _finished;
        }
    }

    /// <summary>The number of the last event so far.</summary>
    protected long Last => _sequence;

    protected bool IsFinished => _finished;

    protected Exception? Fault => _fault;

    private bool HasDropped => (_droppedLines | _droppedReports | _droppedToolEvents) != 0;

    public void Add(ExecutionEvent added)
    {
        TaskCompletionSource? changed;
        if (added is PartialResultEvent { Size: > MaxPartialBytes }) added = added.WithoutPayload();
        lock (Gate)
        {
            if (_closed || _finished) return;
            if (IsTooFast(added) || Fitted(added, HasDropped ? 2 : 1) is not { } fitted)
            {
                CountDropped(added);
                return;
            }

            TellDropped();
            Number(fitted);
            changed = TakeChanged();
        }

        changed?.TrySetResult();
    }

    /// <inheritdoc/>
    void IRunObserver.Take(ExecutionJob job, ExecutionEvent happened) => Add(happened);

    /// <summary>The last event waits for the result in the caller's form: references in it may have to be resolved, and a recording made.</summary>
    void IRunObserver.Settled(ExecutionJob job, ExecutionResult? result) => Close();

    /// <summary>The run has ended; its last event is on its way.</summary>
    public void Close()
    {
        lock (Gate) _closed = true;
    }

    /// <summary>Adds the last event. The first call decides; later events are ignored.</summary>
    public void Finish(ExecutionResult result) => End(result, null);

    /// <summary>No result will come: readers get this exception instead.</summary>
    public void Fail(Exception fault) => End(null, fault);

    /// <summary>The event for the buffer, possibly without its payload; null if there is no room.</summary>
    /// <param name="added">The event to store.</param>
    /// <param name="events">The number of events to add, including the report on earlier dropped ones.</param>
    protected abstract ExecutionEvent? Fitted(ExecutionEvent added, int events);

    /// <summary>Stores a numbered event. The last ones are stored in any case.</summary>
    protected abstract void Store(ExecutionEvent numbered);

    /// <summary>Completes at the next change. Call it under the lock.</summary>
    protected Task Changed() => (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void End(ExecutionResult? result, Exception? fault)
    {
        TaskCompletionSource? changed;
        lock (Gate)
        {
            if (_finished) return;
            TellDropped();
            if (result is not null) Number(new FinishedEvent { Result = result });
            _fault = fault;
            _finished = true;
            changed = TakeChanged();
        }

        changed?.TrySetResult();
    }

    private void Number(ExecutionEvent added) => Store(added with { Sequence = ++_sequence, Time = clock.GetUtcNow() });

    private void TellDropped()
    {
        if (!HasDropped) return;
        Number(new EventsDroppedEvent { ConsoleLines = _droppedLines, Reports = _droppedReports, ToolEvents = _droppedToolEvents });
        _droppedLines = _droppedReports = _droppedToolEvents = 0;
    }

    private bool IsTooFast(ExecutionEvent added) => added switch
    {
        ToolProgressEvent => !_progressRate.TryTake(),
        PartialResultEvent => !_partialRate.TryTake(),
        _ => false,
    };

    private void CountDropped(ExecutionEvent dropped)
    {
        switch (dropped)
        {
            case ConsoleEvent: _droppedLines++; break;
            case ToolCallEvent or ToolResultEvent: _droppedToolEvents++; break;
            case ToolProgressEvent or PartialResultEvent: _droppedReports++; break;
        }
    }

    private TaskCompletionSource? TakeChanged()
    {
        TaskCompletionSource? changed = _changed;
        _changed = null;
        return changed;
    }
}
