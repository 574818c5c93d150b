using Enclave.Journals;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Recording;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave.Durable;

/// <summary>Repeats a run as far as its journal goes, and goes on live from there: each step is in the journal before anybody acts on it.</summary>
internal sealed class JournaledDeterminism : RunDeterminism
{
    private static readonly HashSet<string?> s_uncounted =
        [ToolCode.Unknown, ToolCode.NotAllowed, ToolCode.InvalidArguments, ToolCode.ArgumentsTooLarge, ToolCode.MaxCalls, ToolCode.SequenceBlocked];

    private readonly RunJournal _journal;
    private readonly JournalHistory _history;
    private readonly LongWaits _waits;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private int _seen;
    private int _lines;
    private long _now;
    private ExecutionError? _end;
    private ToolResultEvent? _handed;

    public JournaledDeterminism(RunJournal journal, JournalHistory history, LongWaits waits, TimeProvider clock)
    {
        (_journal, _history, _waits, _clock) = (journal, history, waits, clock);
        _now = Math.Max(history.Opened.Start, history.Answers.Count > 0 ? history.Answers.Max((answer) => answer.ScriptTime!.Value) : long.MinValue);
    }

    /// <summary>Why the run has to end; null if it may go on.</summary>
    public ExecutionError? End
    {
        get
        {
            lock (_gate) return _end;
        }
    }

    /// <inheritdoc/>
    public override bool HasMessageRate => Volatile.Read(ref _seen) >= _history.Steps.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<ToolResultEvent> Ahead => _history.Answers;

    /// <inheritdoc/>
    public override LongWaits Waits => _waits;

    /// <inheritdoc/>
    public override RunOrigin Start() => RunOrigin.Of(_history.Opened.Seed, _history.Opened.Start);

    /// <inheritdoc/>
    public override string KeyOf(uint call) => $"{_journal.Run.Journal:n}:{call}";

    /// <inheritdoc/>
    public override Repetition Repeats(ExecutionJob job, ExecutionEvent happened)
    {
        if (happened is not (ConsoleEvent or ToolCallEvent)) return Repetition.None;
        if (happened is ConsoleEvent) _lines++;
        if (_seen >= _history.Steps.Count) return Repetition.None;
        ExecutionEvent then = _history.Steps[_seen];
        Volatile.Write(ref _seen, _seen + 1);
        if (!Differences.Same(then, happened))
        {
            Finish(job, Diverged(Differences.Between(then, happened, happened is ConsoleEvent ? _lines : 0, LineNumber(_seen - 1))));
            return Repetition.Done;
        }

        if (then is not ToolCallEvent call) return Repetition.Done;
        if (_history.AnswerTo(call.Call) is not { } answer) return Repetition.Open;
        // The limits of a tool count over the whole run.
        if (!s_uncounted.Contains(answer.Failure?.Code)) job.ToolCounts.TryTake(call.Name, int.MaxValue);
        return Repetition.Done;
    }

    /// <inheritdoc/>
    public override void Take(ExecutionJob job, ExecutionEvent happened)
    {
        // There was no memory to send the answer that is in the journal.
        if (happened is ToolResultEvent { Failure: { } failure } && _handed?.Failure is null)
            Finish(job, Unavailable(new JournalException(JournalFault.Unavailable, $"an answer could not be sent: {failure.Message}")));
        if (happened is not (ConsoleEvent or ToolCallEvent)) return;
        if (!_journal.IsFull) _journal.Append(new JournalEntry.Happened(happened));
        else Finish(job, Full());
    }

    /// <inheritdoc/>
    public override void Answered(uint call, in ToolOutcome outcome, Action<Func<long>> hand)
    {
        if (_waits.Job is not { } job) return;
        lock (_gate)
        {
            // After the end nothing is added, and the script gets nothing.
            if (_end is not null) return;
            _now = Math.Max(_now, _clock.GetUtcNow().ToUnixTimeMilliseconds());
            var answer = new ToolResultEvent
            {
                Call = call,
                Name = "",
                Value = outcome.Value,
                Failure = outcome.Failure,
                Elapsed = outcome.Time,
                ScriptTime = _now,
            };
            _journal.Append(new JournalEntry.Happened(answer), (fault) => HandOver(job, answer, hand, fault));
        }

        _journal.Write();
    }

    /// <inheritdoc/>
    public override void Answering(uint call) => _waits.BeginAnswer(call);

    /// <summary>The answer is durable, or never will be. One at a time, in the order of the journal.</summary>
    private void HandOver(ExecutionJob job, ToolResultEvent answer, Action<Func<long>> hand, JournalException? fault)
    {
        _handed = answer;
        if (fault is null) hand(() => answer.ScriptTime!.Value);
        else Finish(job, Unavailable(fault));
        _waits.Answered();
    }

    /// <summary>The station of its calls before all others.</summary>
    public IToolInvoker Before(IToolInvoker next, ToolRegistry registry) => new DurableTools(this, _journal, _history, registry, next, _clock);

    /// <summary>Ends the run at once. The first reason counts.</summary>
    public void Finish(ExecutionJob job, ExecutionError why)
    {
        lock (_gate)
        {
            if (_end is not null) return;
            _end = why;
        }

        // Not on the worker's own thread, which may be in the middle of a frame.
        ThreadPool.UnsafeQueueUserWorkItem((ended) =>
        {
            if (ended.Session is { } session && ended.TrySettle(session.Abandoned(why))) session.Cancel();
        }, job, preferLocal: false);
    }

    /// <summary>The state that the run starts over with; null if it does not.</summary>
    public ScriptValue? NextState { get; private set; }

    /// <summary>Ends this part of the run: it starts over with a new state.</summary>
    public OperationCanceledException StartOver(ExecutionJob job, ScriptValue state)
    {
        NextState = state;
        Finish(job, new ExecutionError
        {
            Code = ErrorCode.Suspended,
            Name = ErrorCode.Suspended.ToCode(),
            Message = "the run starts over with another state",
        });
        return new OperationCanceledException();
    }

    /// <summary>The difference of a run that ended before it repeated all of its history; null for none.</summary>
    public ExecutionError? Missing(ExecutionResult result) => _seen < _history.Steps.Count
        ? Diverged(Differences.Missing(_history.Steps[_seen], LineNumber(_seen), result))
        : null;

    public static ExecutionError Unavailable(JournalException fault) => new()
    {
        Code = ErrorCode.JournalUnavailable,
        Name = ErrorCode.JournalUnavailable.ToCode(),
        Message = $"{fault.Message}: docs/errors/JOURNAL_UNAVAILABLE.md",
    };

    private ExecutionError Full() => new()
    {
        Code = ErrorCode.OutputLimit,
        Name = ErrorCode.OutputLimit.ToCode(),
        Message = $"the journal of the run has {_journal.Run.Bytes} bytes, the most allowed (DurableOptions.MaxRunBytes): start over with " +
            "continueWith(state) before it is full, or keep large values outside",
        Data = new Dictionary<string, object?> { ["reason"] = "journal" },
    };

    private static ExecutionError Diverged(ReplayDifference difference) => new()
    {
        Code = ErrorCode.ReplayDiverged,
        Name = ErrorCode.ReplayDiverged.ToCode(),
        Message = $"the resumed run did something else than before: {difference}: docs/errors/REPLAY_DIVERGED.md",
        Data = new Dictionary<string, object?>
        {
            ["kind"] = difference.Kind.ToString(),
            ["number"] = difference.Number,
            ["recorded"] = difference.Recorded,
            ["replayed"] = difference.Replayed,
        },
    };

    private int LineNumber(int index) => _history.Steps.Take(index + 1).Count((happened) => happened is ConsoleEvent);
}
