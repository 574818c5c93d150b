using Enclave.Journals;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Recording;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave.Durable;

/// <summary>Repeats a run to the end of its journal, and continues live from there. Each step is in the journal before it takes effect.</summary>
internal sealed class JournaledDeterminism : RunDeterminism
{
    /// <summary>Failures before a tool counts the call.</summary>
    private static readonly HashSet<string?> s_uncounted =
        [ToolCode.Unknown, ToolCode.NotAllowed, ToolCode.InvalidArguments, ToolCode.ArgumentsTooLarge, ToolCode.MaxCalls, ToolCode.SequenceBlocked];

    private readonly RunJournal _journal;
    private readonly JournalHistory _history;
    private readonly JournaledWaits _waits;
    private readonly TimeProvider _clock;
    private readonly TaskCompletionSource _sentAhead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _seen;
    private int _lines;
    private long _now;
    private readonly TaskCompletionSource _repeated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ExecutionError? _end;
    private ToolResultEvent? _handed;
    private ReplayDifference? _difference;
    private readonly ToolRegistry _registry;

    public JournaledDeterminism(RunJournal journal, JournalHistory history, JournaledWaits waits, ToolRegistry registry, TimeProvider clock)
    {
        (_journal, _history, _waits, _registry, _clock) = (journal, history, waits, registry, clock);
        if (history.Steps.Count == 0) _repeated.SetResult();
        _now = history.Answers.Aggregate(history.Opened.Start, (latest, answer) => Math.Max(latest, answer.ScriptTime!.Value));
    }

    /// <summary>True if this part of the run has to end: its script may not act any more.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate) return _end is not null;
        }
    }

    /// <summary>Called when the script has repeated all steps of its journal.</summary>
    public Action? Replayed { private get; init; }

    /// <summary>The state that the run starts over with; null if it does not.</summary>
    public ScriptValue? NextState { get; private set; }

    /// <summary>True if the run ends before its first live call: nothing is called.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>The call before which a rehearsal ended; null for none.</summary>
    public ToolCallEvent? Next { get; private set; }

    /// <summary>The number of steps that the script has repeated.</summary>
    public int Repeated => Volatile.Read(ref _seen);

    /// <inheritdoc/>
    public override bool HasMessageRate => Volatile.Read(ref _seen) >= _history.Steps.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<ToolResultEvent> Ahead => _history.Answers;

    /// <inheritdoc/>
    public override JournaledWaits Waits => _waits;

    /// <inheritdoc/>
    public override RunOrigin Start() => RunOrigin.Of(_history.Opened.Seed, _history.Opened.Start, _history.Opened.Secret);

    /// <inheritdoc/>
    public override Task Ready => _sentAhead.Task;

    /// <inheritdoc/>
    public override void SentAhead()
    {
        // A fork still reads the history of its rehearsal.
        if (!IsRehearsal) _history.ForgetAnswers();
        AheadMemory.Release();
        _sentAhead.TrySetResult();
    }

    /// <inheritdoc/>
    public override string KeyOf(uint call) => $"{_journal.Run.Journal:n}:{call}";

    /// <inheritdoc/>
    public override string? FailureOf(uint call) => _history.AnswerTo(call)?.Failure?.Code;

    /// <summary>Waits until the worker has the answers of the history, and until the appended entries are durable.</summary>
    /// <exception cref="JournalException">The store failed.</exception>
    /// <exception cref="OperationCanceledException">This part of the run is over.</exception>
    public async Task CommitAsync()
    {
        await _sentAhead.Task.ConfigureAwait(false);
        await _journal.CommitAsync().ConfigureAwait(false);
        CheckOpen();
    }

    /// <summary>Waits only until the worker has the answers of the history.</summary>
    /// <exception cref="OperationCanceledException">This part of the run is over.</exception>
    public async Task BeginAsync()
    {
        await _sentAhead.Task.ConfigureAwait(false);
        CheckOpen();
    }

    /// <inheritdoc/>
    public override Repetition Repeats(ExecutionJob job, ref ExecutionEvent happened)
    {
        if (happened is not (ConsoleEvent or ToolCallEvent)) return Repetition.None;
        // Ignore what a script does after its end.
        if (IsOver) return Repetition.Done;
        if (happened is ConsoleEvent) _lines++;
        if (_seen >= _history.Steps.Count) return Repetition.None;
        ExecutionEvent now = happened;
        happened = _history.Steps[_seen];
        if (!Differences.Same(happened, now))
        {
            _difference = Differences.Between(happened, now, now is ConsoleEvent ? _lines : 0, Differences.LineNumber(_history.Steps, _seen));
            Finish(job, Diverged(_difference));
            return Repetition.Done;
        }

        // A fork still reads the history of its rehearsal.
        if (!IsRehearsal) _history.ForgetArguments(_seen);
        Volatile.Write(ref _seen, _seen + 1);
        if (_seen == _history.Steps.Count)
        {
            _repeated.TrySetResult();
            _waits.Replayed();
            Replayed?.Invoke();
        }

        if (happened is not ToolCallEvent call) return Repetition.Done;
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
        // Note now whether the tool has a compensation: the host that ends the run may lack the tool.
        if (happened is ToolCallEvent made && _registry.Find(job.Options, made.Name) is { Options.Compensate: not null })
            happened = made with { HasCompensation = true };
        if (IsRehearsal && happened is ToolCallEvent call) StopBefore(job, call);
        else if (!_journal.TryAppend(new JournalEntry.Happened(happened with { Time = _clock.GetUtcNow() }))) Finish(job, Full());
        else if (_history.Opened.Session is not null) _journal.WriteSoon();
    }

    /// <inheritdoc/>
    public override void Answering() => _waits.BeginAnswer();

    /// <inheritdoc/>
    public override void Answered(uint call, in ToolOutcome outcome, Action drop, Action<Func<long>> hand)
    {
        if (_waits.Job is not { } job) return;
        bool isAppended;
        lock (_gate)
        {
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
            // A script that has ended gets no answers.
            isAppended = _end is null && _journal.TryAppend(new JournalEntry.Happened(answer), (fault) => HandOver(job, answer, drop, hand, fault));
        }

        if (isAppended)
        {
            _journal.Write();
            return;
        }

        drop();
        Finish(job, Full());
        _waits.Answered();
    }

    /// <summary>Ends this part of the run at once. The first reason counts.</summary>
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

    /// <summary>Ends a rehearsal before a call that was made and has no answer, once the script has repeated all else.</summary>
    public async Task<OperationCanceledException> StopBeforeAsync(ToolInvocation call)
    {
        await _repeated.Task.WaitAsync(call.Context.CancellationToken).ConfigureAwait(false);
        StopBefore(call.Job, new ToolCallEvent { Call = call.Id, Name = call.Name, Args = call.Args });
        return new OperationCanceledException();
    }

    private void StopBefore(ExecutionJob job, ToolCallEvent call)
    {
        lock (_gate)
        {
            if (_end is null) Next = call;
        }

        Finish(job, new ExecutionError
        {
            Code = ErrorCode.Suspended,
            Name = ErrorCode.Suspended.ToCode(),
            Message = $"the rehearsal ended before it called {call.Name}",
        });
    }

    /// <summary>Calls that the run made before reach no other invoker. The last are the tools that the client of its session answers.</summary>
    public override IToolInvoker Station(StationRank rank, IToolInvoker next) => rank switch
    {
        StationRank.First => new DurableTools(this, _history, _registry, next, _clock),
        StationRank.Last when _history.Opened.Session is { OutsideTools.Count: > 0 } session => new ClientWaits(session, _waits, next, _clock),
        _ => next,
    };

    /// <summary>The first difference, also of a script that ended before it repeated all of its history; null for none.</summary>
    public ReplayDifference? DifferenceIn(ExecutionResult result) => _difference ?? (_seen < _history.Steps.Count
        ? Differences.Missing(_history.Steps[_seen], Differences.LineNumber(_history.Steps, _seen), result)
        : null);

    public static ExecutionError Unavailable(JournalException fault) => new()
    {
        Code = ErrorCode.JournalUnavailable,
        Name = ErrorCode.JournalUnavailable.ToCode(),
        Message = $"{fault.Message}: docs/errors/JOURNAL_UNAVAILABLE.md",
    };

    public static ExecutionError Full() => new()
    {
        Code = ErrorCode.OutputLimit,
        Name = ErrorCode.OutputLimit.ToCode(),
        Message = "the journal of the run is full (DurableOptions.MaxRunBytes): start over with continueWith(state) before it is, or keep large values " +
            "outside: docs/errors/OUTPUT_LIMIT.md",
        Data = new Dictionary<string, object?> { ["reason"] = "journal" },
    };

    public static ExecutionError Diverged(ReplayDifference difference) => new()
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

    private void CheckOpen()
    {
        if (IsOver) throw new OperationCanceledException("this part of the run is over");
    }

    /// <summary>
    /// Sends an answer once it is durable, or ends the run if it cannot become durable. Called for one answer at a time, in the order of the journal.
    /// </summary>
    private void HandOver(ExecutionJob job, ToolResultEvent answer, Action drop, Action<Func<long>> hand, JournalException? fault)
    {
        _handed = answer;
        if (fault is null) hand(() => answer.ScriptTime!.Value);
        else
        {
            drop();
            Finish(job, Unavailable(fault));
        }

        _waits.Answered();
    }
}
