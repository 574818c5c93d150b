using System.Text.Json;
using Enclave.Diagnostics;
using Enclave.Guard;
using Enclave.Journals;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Queues;
using Enclave.Recording;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave.Durable;

/// <summary>One part of a durable run on this host: from the moment in which the host takes it until it ends, waits, or starts over.</summary>
#pragma warning disable CA1001 // A source without timers and wait handles holds nothing, and a caller may cancel a part that has just ended.
internal sealed class DurablePart
#pragma warning restore CA1001
{
    /// <summary>A worker that dies again and again dies of the script.</summary>
    private const int MaxCrashes = 3;

    /// <summary>A journal is in memory twice: as its bytes, and as the messages that bring its answers to the worker.</summary>
    private const int Copies = 2;

    /// <summary>The wait after a full queue, in steps of the retry: some seconds.</summary>
    private const int BusyDelay = 3;

    private static readonly RetryDelay s_retry = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>The pause before the host tries again to continue a run whose tenant may not run scripts now.</summary>
    private static readonly TimeSpan s_tenantDelay = TimeSpan.FromSeconds(15);

    /// <summary>Globals that behave in another way each time.</summary>
    private static readonly string[] s_unrepeatable = ["WeakRef", "FinalizationRegistry"];

    private static readonly ExecutionError s_cancelled = new()
    {
        Code = ErrorCode.Cancelled,
        Name = ErrorCode.Cancelled.ToCode(),
        Message = "the run was cancelled",
    };

    private static readonly TimeSpan s_leastTime = TimeSpan.FromMilliseconds(1);

    private readonly DurableHost _host;
    private readonly RunJournal _journal;
    private readonly JournalHistory _history;
    private readonly JournaledWaits _waits;
    private readonly JournaledDeterminism _determinism;
    private readonly HeldMemory _memory;
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenSource _abandoned = new();
    private RunOptions? _given;
    private volatile bool _isClosing;
    private readonly TaskCompletionSource<DurableRun> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DurablePart(DurableHost host, RunJournal journal, JournalHistory history, HeldMemory memory, long taken)
    {
        (_host, _journal, _history, _memory) = (host, journal, history, memory);
        _waits = new JournaledWaits(journal, history, host.Store, host.Options.Grace, host.Clock);
        _determinism = new JournaledDeterminism(journal, history, _waits, host.Tools, host.Clock)
        {
            Replayed = () => host.Watch.Metrics.Replayed(host.Clock.GetElapsedTime(taken)),
            AheadMemory = memory,
        };
    }

    /// <summary>Its run.</summary>
    public RunKey Key => _journal.Run.Key;

    /// <summary>Completes with the run as it was left.</summary>
    public Task<DurableRun> Left => _left.Task;

    /// <summary>Reads the journal of a run that this host has taken, as soon as there is room for it.</summary>
    /// <exception cref="JournalException">The journal is refused, or the store failed.</exception>
    /// <exception cref="OperationCanceledException">The wait for room was cancelled.</exception>
    public static async Task<DurablePart> OpenAsync(DurableHost host, IRunLease lease, TakePurpose purpose, CancellationToken cancellationToken)
    {
        HeldMemory memory = await RunMemory.HoldJournalAsync(
            host.Memory, IQueued.KeyOf(lease.Run.Key.Tenant), Copies * lease.Run.Bytes, cancellationToken).ConfigureAwait(false);
        long taken = host.Clock.GetTimestamp();
        var seal = new JournalSeal(host.Keys, lease.Run.Key, lease.Run.Journal);
        try
        {
            Memory<byte> entries = await lease.ReadAsync(host.MaxReadBytes, CancellationToken.None).ConfigureAwait(false);
            JournalHistory history = JournalHistory.Read(seal, lease.Run, entries);
            return new DurablePart(host, new RunJournal(host.Store, lease, seal, history, host.MaxRunBytes, host.Clock), history, memory, taken)
            {
                Purpose = purpose,
            };
        }
        catch
        {
            seal.Dispose();
            memory.GiveBack();
            throw;
        }
    }

    /// <summary>Runs it. Call once.</summary>
    /// <param name="given">The tools, the context and the console handler; null for the host's tools only.</param>
    /// <param name="isNew">True for the first part of the run.</param>
    /// <param name="left">Called before the run is released for others.</param>
    public void Start(RunOptions? given, bool isNew, Action<DurablePart> left) => _ = RunAsync(given, isNew, left);

    /// <summary>Looks for the answers to its waits.</summary>
    public void Look() => _waits.Look();

    /// <summary>The right of this host to the run. With <see cref="TakePurpose.End"/> no tool is called.</summary>
    public TakePurpose Purpose { get; init; }

    /// <summary>The host ends: suspends the run now if it only waits, and begins no more compensations.</summary>
    public void Hurry()
    {
        _isClosing = true;
        _waits.Hurry();
    }

    /// <summary>Waits no longer for a compensation that has begun.</summary>
    public void Abandon() => _abandoned.Cancel();

    /// <summary>Ends the run as cancelled.</summary>
    public void Cancel() => _cancel.Cancel();

    private async Task RunAsync(RunOptions? given, bool isNew, Action<DurablePart> left)
    {
        DurableRun? run = null;
        Exception? fault = null;
#pragma warning disable CA1031 // The exception reaches the callers that wait for the run.
        try
        {
            run = await (_history.End is null ? RunOpenAsync(given, isNew) : FindEndAsync()).ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            fault = thrown;
        }

        _waits.Dispose();
        _memory.GiveBack();
        left(this);
        try
        {
            await _journal.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            fault ??= thrown;
        }
#pragma warning restore CA1031

        if (run is not null) _left.SetResult(run);
        else _left.SetException(fault!);
    }

    /// <summary>The run has ended. Its host may have ended after its last entry and before its row.</summary>
    private async Task<DurableRun> FindEndAsync()
    {
        ExecutionResult result = ResultOf(_history)!;
        StoredRun run = _journal.Run;
        if (run.State != DurableRunState.Ended) run = await _journal.LeaveAsync(null, (row) => Ended(row, result)).ConfigureAwait(false);
        return DurableRun.Of(run, result);
    }

    private async Task<DurableRun> RunOpenAsync(RunOptions? given, bool isNew)
    {
        if (_history.Failing is not null) return await UndoAsync(given, _history).ConfigureAwait(false);
        _given = given;
        if (_cancel.IsCancellationRequested) return await EndAsync(Failed(s_cancelled)).ConfigureAwait(false);
        if (_host.WhyNot(_history.Opened) is { } why) throw new JournalException(JournalFault.Refused, $"this host cannot go on with {Key.Name}: {why}");
        if (s_unrepeatable.FirstOrDefault((name) => _history.Opened.Code.Contains(name, StringComparison.Ordinal)) is { } name)
            return await EndAsync(Failed(Unrepeatable(name))).ConfigureAwait(false);
        if (!isNew && !_journal.TryAppend(new JournalEntry.Resumed(_host.Now, _host.Engine(), DurableHost.Version)))
            return await EndAsync(Failed(JournaledDeterminism.Full())).ConfigureAwait(false);
        RunOptions options = OptionsOf(_host, Key, _history, given);
        TellOfChangedTools(options);
        if (!isNew) _host.Watch.Record(new DurableStep(DurableAct.Resume, Key, _history.Opened.RunId));
        _journal.Change((run) => run with { State = DurableRunState.Running, Due = StoredRun.Always });
        JournalEntry.Opened opened = _history.Opened;
        ExecutionResult? result;
        try
        {
            var hooks = new RunHooks([]) { Submitted = (job) => _waits.Job = job, IsResumed = !isNew };
            result = await _host.Run(opened.Code, options, opened.Globals, _determinism, hooks, _cancel.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            result = null;
        }
        catch (ObjectDisposedException)
        {
            return await PutAsideAsync(StoredRun.Always, isCrash: false).ConfigureAwait(false);
        }

        result ??= Failed(s_cancelled);
        // A run that has begun stays asleep while its tenant may not run. A new one is refused, as any other.
        if ((!isNew || result.Stats.WorkerId > 0) && result.Error?.Code is ErrorCode.QuotaExceeded or ErrorCode.TenantSuspended or ErrorCode.TenantPaused
            or ErrorCode.TenantUnknown or ErrorCode.ShareFull)
            return await PutAsideAsync(_host.Now + s_tenantDelay, isCrash: false).ConfigureAwait(false);
        return await ConcludeAsync(result).ConfigureAwait(false);
    }

    /// <summary>Notes each tool once whose schema is not the one that the script was written for: after the replay the script may call it.</summary>
    private void TellOfChangedTools(RunOptions options)
    {
        string[] changed = [.. NamedTools.Changed(_history.Opened.Tools, options, _host.Tools).Where((tool) => !_history.TellsOf(tool))];
        if (changed.Length == 0) return;
        Log.DurableToolsChanged(_host.Log, LogText.Name(Key.Name), string.Join(", ", changed));
        // A journal that is full ends the run by itself.
        foreach (string tool in changed)
            _journal.TryAppend(new JournalEntry.Happened(new NoticeEvent { Time = _host.Now, Kind = NoticeKind.ToolChanged, Name = tool }));
    }

    private async Task<DurableRun> ConcludeAsync(ExecutionResult result)
    {
        if (_determinism.NextState is { } state) return await StartOverAsync(state).ConfigureAwait(false);
        ErrorCode? code = result.Error?.Code;
        DateTimeOffset now = _host.Now;
        switch (code)
        {
            case ErrorCode.Suspended:
                var entry = new JournalEntry.Suspended(_waits.Job?.Session?.WallClock.Left ?? TimeSpan.Zero);
                return DurableRun.Of(await LeaveAsync(entry, (run) => run with
                {
                    State = DurableRunState.Suspended,
                    Due = run.Waits.IsEmpty ? StoredRun.Always : run.Waits.Min((wait) => wait.Until),
                    Attempts = 0,
                }).ConfigureAwait(false));
            case ErrorCode.JournalUnavailable: throw _journal.Fault ?? new JournalException(JournalFault.Unavailable, result.Error!.Message);
            case ErrorCode.PoolDisposed: return await PutAsideAsync(StoredRun.Always, isCrash: false).ConfigureAwait(false);
            case ErrorCode.QueueFull or ErrorCode.QueueTimeout or ErrorCode.IsolationUnavailable or ErrorCode.LibraryFailed or ErrorCode.WorkerUnavailable:
                return await PutAsideAsync(now + s_retry.Spread(BusyDelay), isCrash: false).ConfigureAwait(false);
            case ErrorCode.WorkerCrashed when Crashes < MaxCrashes:
                return await PutAsideAsync(now + s_retry.Spread(Crashes), isCrash: true).ConfigureAwait(false);
        }

        // A script that ends by itself before it has repeated all steps of its journal has diverged from the journal.
        bool isOwnEnd = code is null or ErrorCode.RuntimeError or ErrorCode.ToolError;
        if (isOwnEnd && _determinism.DifferenceIn(result) is { } difference)
            result = result with { Value = ScriptValue.Undefined, Error = JournaledDeterminism.Diverged(difference) };
        return await EndAsync(result).ConfigureAwait(false);
    }

    /// <summary>Crashes in a row, this one included. Steps between two of them count more.</summary>
    private int Crashes => _journal.Run.Entries > _history.Count + 1 ? 1 : _journal.Run.Attempts + 1;

    private async Task<DurableRun> PutAsideAsync(DateTimeOffset due, bool isCrash)
    {
        int crashes = isCrash ? Crashes : Crashes - 1;
        StoredRun run = await LeaveAsync(
            null, (row) => row with { State = DurableRunState.Suspended, Due = due, Attempts = crashes }).ConfigureAwait(false);
        return DurableRun.Of(run) with { IsDelayed = true };
    }

    private async Task<DurableRun> EndAsync(ExecutionResult result)
    {
        if (result.Success && EncodedSize.Of(result.Value) > _host.MaxRunBytes)
            result = result with { Value = ScriptValue.Undefined, Error = JournaledDeterminism.Full() };
        string? error = result.Error is null ? null : JsonSerializer.Serialize(result.Error, JournalJson.Default.ExecutionError);
        if (error is not null && _journal.MayUndo)
        {
            var failing = new JournalEntry.Failing(_host.Now, error, JsonSerializer.Serialize(result.Stats, JournalJson.Default.ExecutionStats));
            await _journal.LeaveAsync(failing, (run) => Failing(run, result)).ConfigureAwait(false);
            // Answers that came meanwhile count too, so read the journal from the store.
            return await UndoAsync(_given, (await _host.ReadAsync(Key, CancellationToken.None).ConfigureAwait(false))!.Value.History).ConfigureAwait(false);
        }

        var end = new JournalEntry.Ended(result.Value, error, JsonSerializer.Serialize(result.Stats, JournalJson.Default.ExecutionStats));
        return DurableRun.Of(await LeaveAsync(end, (run) => Ended(run, result)).ConfigureAwait(false), result);
    }

    private async Task<StoredRun> LeaveAsync(JournalEntry? last, Func<StoredRun, StoredRun> change)
    {
        StoredRun run = await _journal.LeaveAsync(last, change).ConfigureAwait(false);
        _host.Watch.Left(run, _history.Opened.RunId);
        return run;
    }

    /// <summary>Undoes the calls of a run that failed, and ends the run. If this host cannot, another host continues.</summary>
    private async Task<DurableRun> UndoAsync(RunOptions? given, JournalHistory history)
    {
        JournalEntry.Failing failing = history.Failing!;
        var end = new JournalEntry.Ended(ScriptValue.Undefined, failing.Error, failing.Stats);
        ExecutionResult result = ResultOf(history, end);
        // The host that wrote the failure may have ended before it wrote the row.
        _journal.Change((run) => Failing(run, result));
        bool isOver = await new Compensations(_host, _journal, given, Purpose).TryMakeAsync(history, () => _isClosing, _abandoned.Token).ConfigureAwait(false);
        if (!isOver) return DurableRun.Of(_journal.Run) with { IsDelayed = true };
        return DurableRun.Of(await LeaveAsync(end, (run) => Ended(run, result)).ConfigureAwait(false), result);
    }

    private StoredRun Failing(StoredRun run, ExecutionResult result) =>
        Ended(run, result) with { State = DurableRunState.Compensating, Due = StoredRun.Always };

    private StoredRun Ended(StoredRun run, ExecutionResult result) => run with
    {
        State = DurableRunState.Ended,
        Due = _host.Now + _host.Options.Retention,
        Waits = [],
        Outcome = result.Error?.Code.ToCode() ?? TelemetryNames.Ok,
    };

    /// <summary>Replaces the journal by an empty one, with the same script, the new state as <c>args</c>, and full limits.</summary>
    private async Task<DurableRun> StartOverAsync(ScriptValue state)
    {
        JournalEntry.Opened opened = _history.Opened;
        Dictionary<string, object?> globals = GlobalsEncoder.Decode(opened.Globals);
        globals[ScriptWait.Args] = state;
        DateTimeOffset now = _host.Now;
        StoredRun next = _journal.Run with
        {
            Journal = Guid.NewGuid(),
            State = DurableRunState.Suspended,
            Changed = now,
            Due = StoredRun.Always,
            Waits = [],
            Attempts = 0,
        };
        using var seal = new JournalSeal(_host.Keys, next.Key, next.Journal);
        JournalEntry.Opened again = opened with
        {
            Globals = GlobalsEncoder.EncodeKept(globals),
            Start = now.ToUnixTimeMilliseconds(),
            Seed = RunDeterminism.NewSeed(),
            Secret = RunSecret.New(),
        };
        (next, byte[] entry) = RunJournal.Begin(seal, next, [again]);
        if (entry.Length > _host.MaxRunBytes) return await EndAsync(Failed(JournaledDeterminism.Full())).ConfigureAwait(false);
        await _journal.ReplaceAsync(next, entry).ConfigureAwait(false);
        _host.Watch.Record(new DurableStep(DurableAct.Continue, Key, opened.RunId));
        return DurableRun.Of(next);
    }

    /// <summary>The result of a run that has ended, from its journal.</summary>
    public static ExecutionResult? ResultOf(JournalHistory history) => history.End is { } end ? ResultOf(history, end) : null;

    private static ExecutionResult ResultOf(JournalHistory history, JournalEntry.Ended end) => new()
    {
        Value = end.Value,
        Error = end.Error is null ? null : JsonSerializer.Deserialize(end.Error, JournalJson.Default.ExecutionError),
        Stats = JsonSerializer.Deserialize(end.Stats, JournalJson.Default.ExecutionStats)!,
        Stdout = string.Concat(history.Steps.OfType<ConsoleEvent>().Select((line) => line.Text + '\n')),
        RunId = history.Opened.RunId,
    };

    private static ExecutionError Unrepeatable(string name) => new()
    {
        Code = ErrorCode.ValidationError,
        Name = ErrorCode.ValidationError.ToCode(),
        Message = $"a durable run cannot use {name}: what it sees depends on the collection of garbage, which a replay does not repeat",
    };

    private ExecutionResult Failed(ExecutionError error) => ResultBuilder.Failure(error, new ExecutionStats(), "", _history.Opened.RunId);

    /// <summary>The rules of a run's script; null for those of the host, if this version does not have the preset of its start.</summary>
    public static GuardPreset? PresetOf(JournalEntry.Opened opened) =>
        Enum.TryParse(opened.Preset, out GuardPreset preset) && Enum.IsDefined(preset) ? preset : null;

    /// <summary>The options of the run's start. Options that a journal cannot keep come from those that are given now.</summary>
    public static RunOptions OptionsOf(DurableHost host, RunKey key, JournalHistory history, RunOptions? given)
    {
        JournalEntry.Opened opened = history.Opened;
        var options = RunOptions.Of(opened.Limits);
        return options with
        {
            Durable = key.Name,
            Tenant = key.Tenant,
            RunId = opened.RunId,
            SourceName = opened.SourceName,
            Language = opened.Language,
            Preset = PresetOf(opened),
            Timeout = history.Left is { } left ? left < s_leastTime ? s_leastTime : left : options.Timeout,
            Tools = given?.Tools,
            Context = given?.Context ?? (opened.Session is { } session ? host.Options.ContextOf?.Invoke(session) : null),
            OnConsole = given?.OnConsole,
            Session = opened.Session,
            Conversation = opened.Conversation,
        };
    }
}
