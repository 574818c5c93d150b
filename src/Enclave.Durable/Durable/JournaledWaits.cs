using Enclave.Journals;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Durable;

/// <summary>The waits of a durable run, kept in its journal.</summary>
/// <param name="journal">The run's journal.</param>
/// <param name="history">What the journal said when the run was taken.</param>
/// <param name="store">Keeps the answers.</param>
/// <param name="grace">How long the run keeps its worker while it only waits.</param>
/// <param name="clock">The host's clock.</param>
internal sealed class JournaledWaits(RunJournal journal, JournalHistory history, RunStore store, TimeSpan grace, TimeProvider clock) : LongWaits, IDisposable
{
    /// <summary>The longest time of a timer of .NET is about 49 days.</summary>
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(40);

    /// <summary>How long a wait tolerates an unavailable store, and the pause before the store is asked again.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15), s_retry = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, Open> _open = [];
    private readonly HashSet<uint> _approved = [];
    private TimeSpan _grace = grace;
    private ITimer? _timer;
    private long? _onlyWaitsSince;
    private int? _callsAtSuspend;
    private int _answering;
    private bool _isReplayed = history.Steps.Count == 0;
    private bool _isOver;
    private bool _isLooking, _looksAgain;

    /// <summary>The run; set before it starts.</summary>
    public ExecutionJob? Job { get; set; }

    /// <inheritdoc/>
    public override bool IsSuspending
    {
        get
        {
            lock (_gate) return IsSuspending_NeedsLock;
        }
    }

    private bool IsSuspending_NeedsLock => _callsAtSuspend is { } then && Job?.Session?.Calls.Made == then;

    /// <inheritdoc/>
    public override bool IsReplayed
    {
        get
        {
            lock (_gate) return _isReplayed;
        }
    }

    /// <inheritdoc/>
    public override bool AreQuestions { get; } = journal.Run.Key.IsQuestion;

    /// <summary>True for a wait for which the run may be suspended.</summary>
    public bool IsLong(TimeSpan wait)
    {
        lock (_gate) return wait > _grace && !AreQuestions;
    }

    /// <inheritdoc/>
    public override bool IsApproved(uint call)
    {
        lock (_gate) return _approved.Contains(call) || history.IsDecided(call);
    }

    /// <inheritdoc/>
    public override async Task<JournalAnswer> WaitAsync(ToolInvocation call, WaitKind kind, string name, string token, DateTimeOffset? until)
    {
        call.Context.CancellationToken.ThrowIfCancellationRequested();
        StoredWait? wait = history.WaitOf(call.Id) is { } old && old.Kind == kind ? old : null;
        if (wait is null)
        {
            wait = new StoredWait(call.Id, kind, name, token, until is { } time ? JournalFormat.Rounded(time) : null);
            await CheckTokenAsync(wait, call.Context.CancellationToken).ConfigureAwait(false);
            if (!journal.TryAppend(new JournalEntry.Waiting(wait))) throw Full();
        }

        await journal.CommitAsync().ConfigureAwait(false);
        var open = new Open(wait, call);
        lock (_gate) _open[call.Id] = open;
        RunClock? wall = call.Job.Session?.WallClock;
        // A run that waits uses none of its time. The extension is for the worker, whose own clock does not stop.
        wall?.Stop(_grace + TimeSpan.FromMinutes(1));
        try
        {
            Look();
            return await open.Answer.Task.WaitAsync(call.Context.CancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate) _open.Remove(call.Id);
            wall?.GoOn();
        }
    }

    /// <inheritdoc/>
    public override async Task ApproveAsync(uint call)
    {
        if (!journal.TryAppend(new JournalEntry.Decided(call))) throw Full();
        await journal.CommitAsync().ConfigureAwait(false);
        lock (_gate) _approved.Add(call);
    }

    /// <summary>A call of the run is about to be answered: until <see cref="Answered"/> the run does not only wait.</summary>
    public void BeginAnswer()
    {
        lock (_gate) _answering++;
    }

    /// <summary>The answer is on its way to the script, or never will be.</summary>
    public void Answered()
    {
        lock (_gate) _answering--;
        Look();
    }

    /// <summary>The script has repeated all of its history: from here on it may be suspended again.</summary>
    public void Replayed()
    {
        lock (_gate) _isReplayed = true;
        ThreadPool.UnsafeQueueUserWorkItem((waits) => waits.Look(), this, preferLocal: false);
    }

    /// <inheritdoc/>
    public override void Hurry()
    {
        lock (_gate) _grace = TimeSpan.Zero;
        Look();
    }

    /// <inheritdoc/>
    public override void Look()
    {
        lock (_gate)
        {
            _looksAgain = true;
            if (_isLooking || _isOver) return;
            _isLooking = true;
        }

        _ = LookAsync();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _timer?.Dispose();
        }
    }

    /// <summary>A token that two calls share would give the answer of one to the other, perhaps to another tenant's.</summary>
    private async Task CheckTokenAsync(StoredWait wait, CancellationToken cancellationToken)
    {
        if (wait.Token.Length == 0) return;
        bool isTaken = journal.Run.Waits.Any((other) => other.Token == wait.Token)
            || await store.FindByTokenAsync(wait.Token, cancellationToken).ConfigureAwait(false) is not null;
        if (isTaken) throw new ToolException($"{wait.Name} gave a token that another call waits for already")
        {
            Name = ToolFailure.OfHost,
            Code = ToolCode.ResultInvalid,
        };
    }

    private static JournalException Full() => new(JournalFault.Full, "the journal of the run is full (DurableOptions.MaxRunBytes)");

    private async Task LookAsync()
    {
        while (true)
        {
            Open[] open;
            lock (_gate)
            {
                if (!_looksAgain || _isOver)
                {
                    _isLooking = false;
                    return;
                }

                _looksAgain = false;
                // A worker that was asked to suspend the run gets no more answers: the script could then call a tool whose result would be lost.
                open = IsSuspending_NeedsLock ? [] : [.. _open.Values.Where((one) => !one.Answer.Task.IsCompleted)];
            }

            DateTimeOffset now = clock.GetUtcNow();
            bool isAway = false;
            foreach (Open one in open)
            {
                try
                {
                    one.IsSeen = true;
                    if (one.Wait.Token.Length > 0 && await AnswerAsync(one).ConfigureAwait(false) is { } answer) Give(one, answer);
                    else if (one.Wait.Until <= now) await EndAsync(one).ConfigureAwait(false);
                    one.AwaySince = null;
                }
                catch (JournalException fault) when (fault.Fault == JournalFault.Unavailable && IsPatient(one))
                {
                    isAway = true;
                }
#pragma warning disable CA1031 // Any exception fails the call, and ends the run.
                catch (Exception fault)
#pragma warning restore CA1031
                {
                    one.Answer.TrySetException(fault as JournalException ?? new JournalException(JournalFault.Unavailable, fault.Message, fault));
                }
            }

            lock (_gate)
            {
                try
                {
                    Arrange_NeedsLock(now);
                    if (isAway) Set(s_retry);
                }
                catch (OutOfMemoryException)
                {
                    // The worker was not asked to suspend the run. The next look asks it.
                    _callsAtSuspend = null;
                    Set(TimeSpan.FromSeconds(1));
                }
            }
        }
    }

    private bool IsPatient(Open one) => clock.GetElapsedTime(one.AwaySince ??= clock.GetTimestamp()) < s_patience;

    /// <summary>Ends a wait whose time is over. If an answer comes at the same moment, the one that is first in the store counts.</summary>
    private async Task EndAsync(Open one)
    {
        JournalAnswer over = TimeIsOver(one.Wait);
        if (one.Wait.Token.Length == 0) Give(one, over);
        else
        {
            await journal.TryAnswerAsync(store, one.Wait, over).ConfigureAwait(false);
            if (await AnswerAsync(one).ConfigureAwait(false) is { } answer) Give(one, answer);
        }
    }

    private Task<JournalAnswer?> AnswerAsync(Open one) => journal.AnswerAsync(one.Wait, one.Call.Memory, one.Call.Context.CancellationToken);

    private void Give(Open one, JournalAnswer answer)
    {
        lock (_gate)
        {
            if (!IsSuspending_NeedsLock) one.Answer.TrySetResult(answer);
        }
    }

    /// <summary>The answer of a wait whose time is over: a value if the script waited for this time, otherwise a failure.</summary>
    private static JournalAnswer TimeIsOver(StoredWait wait) => wait.Kind == WaitKind.Time
        ? new JournalAnswer(ScriptValue.Undefined, null)
        : new JournalAnswer(ScriptValue.Undefined, new ToolFailure(
            ToolFailure.OfHost, $"{(wait.Name.Length > 0 ? wait.Name : "the wait")} had no answer at {wait.Until:u}, the end of the wait", ToolCode.Timeout));

    /// <summary>Sets the timer, and asks the worker to stop if the run only waits and its grace period is over.</summary>
    private void Arrange_NeedsLock(DateTimeOffset now)
    {
        if (_isOver) return;
        Open[] open = [.. _open.Values];
        DateTimeOffset? moment = open.Min((one) => one.Wait.Until);
        TimeSpan? look = open.Any((one) => one.Wait.Token.Length > 0) ? store.PollInterval : null;
        (int Made, int Pending)? calls = Job?.Session?.Calls;
        bool onlyWaits = _isReplayed && _answering == 0 && open.Length > 0 && calls?.Pending == open.Length
            && open.All((one) => one.IsSeen && !one.Answer.Task.IsCompleted);
        if (!onlyWaits) _onlyWaitsSince = null;
        else if (!IsSuspending_NeedsLock)
        {
            _onlyWaitsSince ??= clock.GetTimestamp();
            // These waits end by time or by a later request only, and last longer than the grace period.
            bool isLong = AreQuestions || open.All((one) => one.Wait.Kind == WaitKind.Time && one.Wait.Until - now > _grace);
            TimeSpan left = isLong ? TimeSpan.Zero : _grace - clock.GetElapsedTime(_onlyWaitsSince.Value);
            if (left > TimeSpan.Zero) look = Least(look, left);
            else
            {
                _callsAtSuspend = calls!.Value.Made;
                Job!.Session!.Suspend((uint)calls.Value.Made);
            }
        }

        DateTimeOffset made = MomentTimer.Make(clock, (time) => Set(Least(look, moment - time)));
        // A moment that came since the last look may have no timer.
        if (moment > now && moment <= made) _looksAgain = true;
    }

    private static TimeSpan? Least(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    private void Set(TimeSpan? wait)
    {
        if (_timer is null && wait is null) return;
        TimeSpan due = Timeout.InfiniteTimeSpan;
        // Add a millisecond: the timer may elapse after the end of the wait, but not before.
        if (wait is { } given) due = TimeSpan.FromMilliseconds(1) + (given < TimeSpan.Zero ? TimeSpan.Zero : given < s_longestTimer ? given : s_longestTimer);
        _timer ??= clock.CreateTimer((_) => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private sealed class Open(StoredWait wait, ToolInvocation call)
    {
        public StoredWait Wait { get; } = wait;

        public ToolInvocation Call { get; } = call;

        /// <summary>True after the store was asked for the answer. The run is not suspended before that.</summary>
        public bool IsSeen { get; set; }

        /// <summary>Since when its store is unavailable; null if the store is available.</summary>
        public long? AwaySince { get; set; }

        public TaskCompletionSource<JournalAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
