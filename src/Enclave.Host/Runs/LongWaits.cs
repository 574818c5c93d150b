using System.Collections.Immutable;
using Enclave.Journals;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>The waits of one durable run that may take long. If the run waits for nothing else, it is put aside after a grace period.</summary>
/// <param name="journal">The run's journal.</param>
/// <param name="history">What the journal said when the run was taken.</param>
/// <param name="grace">How long the run keeps its worker while it only waits.</param>
/// <param name="poll">How often answers of other processes are looked for; null for never.</param>
/// <param name="clock">The host's clock.</param>
internal sealed class LongWaits(RunJournal journal, JournalHistory history, TimeSpan grace, TimeSpan? poll, TimeProvider clock) : IDisposable
{
    /// <summary>The longest time of a timer of .NET is about 49 days.</summary>
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(40);

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, Open> _open = [];
    private ITimer? _grace, _time, _poll;
    private long? _onlyWaitsSince;
    private bool _isOver;
    private bool _isLooking, _looksAgain;
    private int _answering;

    /// <summary>The answers that were on their way, or there, when the worker was last asked to put the run aside; null if it never was.</summary>
    private int? _answersAtSuspend;
    private int _answers;

    /// <summary>The run; set before it starts.</summary>
    public ExecutionJob? Job { get; set; }

    /// <summary>True if an answer came after the worker was asked to put the run aside, so that it can go on at once.</summary>
    public bool IsAnsweredMeanwhile
    {
        get
        {
            lock (_gate) return _answersAtSuspend is { } then && then != _answers;
        }
    }

    /// <summary>Waits for the answer to a call. The wait is in the journal before this returns, and goes on after the run was put aside.</summary>
    /// <param name="call">The call.</param>
    /// <param name="kind">What it waits for.</param>
    /// <param name="name">The name of it, for people.</param>
    /// <param name="token">The token that answers it; empty if only time does.</param>
    /// <param name="until">When the wait ends by itself; null for never.</param>
    /// <exception cref="JournalException">The journal cannot be written or read.</exception>
    /// <exception cref="OperationCanceledException">The run has ended, or was put aside.</exception>
    public async Task<JournalAnswer> WaitAsync(ToolInvocation call, WaitKind kind, string name, string token, DateTimeOffset? until)
    {
        StoredWait? old = history.WaitOf(call.Id);
        StoredWait wait = old ?? new StoredWait(call.Id, kind, name, token, until);
        if (old is null) journal.Append(new JournalEntry.Waiting(wait));
        journal.Change((run) => run with { Waits = Without(run, call.Id).Add(wait) });
        await journal.CommitAsync().ConfigureAwait(false);
        var open = new Open(wait);
        lock (_gate) _open.Add(call.Id, open);
        RunClock? wall = call.Job.Session?.WallClock;
        // A run that waits uses none of its time. The extension is for the worker, whose own clock goes on.
        wall?.Stop(grace + TimeSpan.FromMinutes(1));
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

    /// <summary>The wait of a call from before the run was put aside; null for none.</summary>
    public StoredWait? OldOf(uint call) => history.WaitOf(call);

    /// <summary>Waits for somebody's decision about a call. An approval is in the journal before this returns.</summary>
    public async Task<ToolApproval> DecideAsync(ToolInvocation call, string tool, string token)
    {
        JournalAnswer answer = await WaitAsync(call, WaitKind.Approval, tool, token, until: null).ConfigureAwait(false);
        ScriptValue value = answer.Value;
        if (answer.Failure is { } failure) return ToolApproval.Denied(failure.Message);
        if (value.Kind == ScriptValueKind.String) return ToolApproval.Denied(value.AsString());
        if (value.Kind != ScriptValueKind.Boolean || !value.AsBoolean()) return ToolApproval.Denied();
        journal.Append(new JournalEntry.Decided(call.Id));
        await journal.CommitAsync().ConfigureAwait(false);
        return ToolApproval.Approved;
    }

    /// <summary>A call of the run is about to be answered: until <see cref="Answered"/> the run does not only wait.</summary>
    public void BeginAnswer(uint call)
    {
        lock (_gate)
        {
            _answering++;
            _answers++;
        }

        journal.Change((run) => run.Waits.Any((wait) => wait.Call == call) ? run with { Waits = Without(run, call) } : run);
    }

    /// <summary>The answer is on its way to the script.</summary>
    public void Answered()
    {
        lock (_gate) _answering--;
        Look();
    }

    /// <summary>Looks for answers and moments that have come, and if the run only waits. From any thread.</summary>
    public void Look()
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
            foreach (ITimer? timer in new[] { _grace, _time, _poll }) timer?.Dispose();
        }
    }

    private static ImmutableArray<StoredWait> Without(StoredRun run, uint call) => run.Waits.RemoveAll((wait) => wait.Call == call);

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
                open = [.. _open.Values];
            }

            DateTimeOffset now = clock.GetUtcNow();
            foreach (Open one in open)
            {
                if (one.Answer.Task.IsCompleted) continue;
                try
                {
                    if (one.Wait.Token.Length > 0 && await journal.AnswerAsync(one.Wait).ConfigureAwait(false) is { } answer) one.Answer.TrySetResult(answer);
                    else if (one.Wait.Until <= now) one.Answer.TrySetResult(TimeIsOver(one.Wait));
                }
                catch (JournalException fault)
                {
                    one.Answer.TrySetException(fault);
                }
            }

            lock (_gate) Arrange_NeedsLock(now);
        }
    }

    /// <summary>A moment that came is what was waited for. For all else it means that nothing came.</summary>
    private static JournalAnswer TimeIsOver(StoredWait wait) => wait.Kind == WaitKind.Time
        ? new JournalAnswer(ScriptValue.Undefined, null)
        : new JournalAnswer(ScriptValue.Undefined, new ToolFailure(
            ToolFailure.OfHost, $"{(wait.Name.Length > 0 ? wait.Name : "the wait")} had no answer at {wait.Until:u}, the end of the wait", ToolCode.Timeout));

    /// <summary>Sets the timers, and asks the worker to stop if the run only waits and its grace period is over.</summary>
    private void Arrange_NeedsLock(DateTimeOffset now)
    {
        if (_isOver) return;
        Open[] open = [.. _open.Values.Where((one) => !one.Answer.Task.IsCompleted)];
        Set(ref _time, open.Min((one) => one.Wait.Until) - now);
        Set(ref _poll, open.Any((one) => one.Wait.Token.Length > 0) ? poll : null);
        (int Made, int Pending)? calls = Job?.Session?.Calls;
        bool onlyWaits = open.Length > 0 && open.Length == _open.Count && _answering == 0 && calls?.Pending == open.Length;
        if (!onlyWaits)
        {
            _onlyWaitsSince = null;
            Set(ref _grace, null);
            return;
        }

        _onlyWaitsSince ??= clock.GetTimestamp();
        // Nothing but time ends these waits, and that takes longer.
        bool isLong = open.All((one) => one.Wait.Kind == WaitKind.Time && one.Wait.Until - now > grace);
        TimeSpan left = isLong ? TimeSpan.Zero : grace - clock.GetElapsedTime(_onlyWaitsSince.Value);
        if (left > TimeSpan.Zero)
        {
            Set(ref _grace, left);
            return;
        }

        _answersAtSuspend = _answers;
        Job!.Session!.Suspend((uint)calls!.Value.Made);
    }

    private void Set(ref ITimer? timer, TimeSpan? wait)
    {
        TimeSpan due = wait is not { } given ? Timeout.InfiniteTimeSpan : given < TimeSpan.Zero ? TimeSpan.Zero : given < s_longestTimer ? given : s_longestTimer;
        if (timer is null && wait is null) return;
        timer ??= clock.CreateTimer((_) => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private sealed record Open(StoredWait Wait)
    {
        public TaskCompletionSource<JournalAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
