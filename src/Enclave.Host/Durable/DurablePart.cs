using System.Buffers;
using System.Text.Json;
using Enclave.Diagnostics;
using Enclave.Journals;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Recording;
using Enclave.Runs;

namespace Enclave.Durable;

/// <summary>One part of a durable run on this host: from the moment in which the host takes it until it ends, waits, or starts over.</summary>
#pragma warning disable CA1001 // A source without timers and wait handles holds nothing, and a caller may cancel a part that has just ended.
internal sealed class DurablePart
#pragma warning restore CA1001
{
    /// <summary>A worker that dies again and again dies of the script.</summary>
    private const int MaxCrashes = 3;

    private static readonly RetryDelay s_retry = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private readonly DurableHost _host;
    private readonly RunJournal _journal;
    private readonly JournalHistory _history;
    private readonly LongWaits _waits;
    private readonly JournaledDeterminism _determinism;
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource<DurableRun> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DurablePart(DurableHost host, RunJournal journal, JournalHistory history)
    {
        (_host, _journal, _history) = (host, journal, history);
        _waits = new LongWaits(journal, history, host.Options.Grace, host.Store.PollInterval, host.Clock);
        _determinism = new JournaledDeterminism(journal, history, _waits, host.Clock);
    }

    /// <summary>Its run.</summary>
    public RunKey Key => _journal.Run.Key;

    /// <summary>Completes with the run as it was left.</summary>
    public Task<DurableRun> Left => _left.Task;

    /// <summary>Reads the journal of a run that this host has taken.</summary>
    /// <exception cref="JournalException">The journal is refused, or the store failed.</exception>
    public static async Task<DurablePart> OpenAsync(DurableHost host, IRunLease lease, CancellationToken cancellationToken)
    {
        var seal = new JournalSeal(host.Keys, lease.Run.Key, lease.Run.Journal);
        try
        {
            ReadOnlyMemory<byte> entries = await lease.ReadAsync(cancellationToken).ConfigureAwait(false);
            JournalHistory history = JournalHistory.Read(seal, lease.Run, entries, host.MaxRunBytes * 2);
            return new DurablePart(host, new RunJournal(lease, seal, history.Tag, history.Entries.Count, host.MaxRunBytes, host.Clock), history);
        }
        catch
        {
            seal.Dispose();
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

    /// <summary>Ends the run as cancelled.</summary>
    public void Cancel() => _cancel.Cancel();

    private async Task RunAsync(RunOptions? given, bool isNew, Action<DurablePart> left)
    {
        DurableRun? run = null;
        Exception? fault = null;
        try
        {
            run = _history.End is not null ? DurableRun.Of(_journal.Run, ResultOf(_history)) : await RunOpenAsync(given, isNew).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whoever waits for the run gets it.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            fault = thrown;
        }

        _waits.Dispose();
        left(this);
        await _journal.DisposeAsync().ConfigureAwait(false);
        if (run is not null) _left.SetResult(run);
        else _left.SetException(fault!);
    }

    private async Task<DurableRun> RunOpenAsync(RunOptions? given, bool isNew)
    {
        if (!isNew) _journal.Append(new JournalEntry.Resumed(_host.Clock.GetUtcNow(), _host.Engine, DurableHost.Version));
        _journal.Change((run) => run with { State = DurableRunState.Running, Due = _host.Clock.GetUtcNow() });
        JournalEntry.Opened opened = _history.Opened;
        ExecutionResult? result;
        try
        {
            if (!isNew) await _journal.CommitAsync().ConfigureAwait(false);
            var hooks = new RunHooks([]) { Submitted = (job) => _waits.Job = job };
            result = await _host.Run(opened.Code, OptionsOf(given), opened.Globals, _determinism, hooks, _cancel.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            result = null;
        }
        catch (ObjectDisposedException)
        {
            return await PutAsideAsync(_host.Clock.GetUtcNow(), isCrash: false).ConfigureAwait(false);
        }

        return await ConcludeAsync(result).ConfigureAwait(false);
    }

    private async Task<DurableRun> ConcludeAsync(ExecutionResult? result)
    {
        if (_determinism.NextState is { } state) return await StartOverAsync(state).ConfigureAwait(false);
        ErrorCode? code = result?.Error?.Code;
        DateTimeOffset now = _host.Clock.GetUtcNow();
        switch (code)
        {
            case ErrorCode.Suspended: return await SuspendAsync(now).ConfigureAwait(false);
            case ErrorCode.JournalUnavailable: throw new JournalException(JournalFault.Unavailable, result!.Error!.Message);
            case ErrorCode.PoolDisposed: return await PutAsideAsync(now, isCrash: false).ConfigureAwait(false);
            case ErrorCode.QueueFull or ErrorCode.QueueTimeout or ErrorCode.IsolationUnavailable or ErrorCode.LibraryFailed:
                return await PutAsideAsync(now + s_retry.Spread(_journal.Run.Attempts + 1), isCrash: false).ConfigureAwait(false);
            case ErrorCode.WorkerCrashed when _journal.Run.Attempts + 1 < MaxCrashes:
                return await PutAsideAsync(now + s_retry.Spread(_journal.Run.Attempts + 1), isCrash: true).ConfigureAwait(false);
        }

        // A run that ended in another way than before did not repeat itself.
        if (result is not null && code != ErrorCode.ReplayDiverged && _determinism.Missing(result) is { } difference)
            result = result with { Value = ScriptValue.Undefined, Error = difference };
        return await EndAsync(result ?? Cancelled()).ConfigureAwait(false);
    }

    private async Task<DurableRun> SuspendAsync(DateTimeOffset now)
    {
        _journal.Append(new JournalEntry.Suspended(_waits.Job?.Session?.WallClock.Left ?? TimeSpan.FromMilliseconds(1)));
        bool isDue = _waits.IsAnsweredMeanwhile;
        return await ChangeAsync((run) => run with
        {
            State = DurableRunState.Suspended,
            Due = isDue ? now : run.Waits.Min((wait) => wait.Until),
            Attempts = 0,
        }).ConfigureAwait(false);
    }

    private Task<DurableRun> PutAsideAsync(DateTimeOffset due, bool isCrash) => ChangeAsync((run) => run with
    {
        State = DurableRunState.Suspended,
        Due = due,
        Attempts = isCrash || _journal.Run.Entries == _history.Entries.Count + 1 ? run.Attempts + 1 : 0,
    });

    private async Task<DurableRun> EndAsync(ExecutionResult result)
    {
        string? error = result.Error is null ? null : JsonSerializer.Serialize(result.Error);
        _journal.Append(new JournalEntry.Ended(result.Value, error, JsonSerializer.Serialize(result.Stats)));
        DurableRun run = await ChangeAsync((run) => run with
        {
            State = DurableRunState.Ended,
            Due = _host.Clock.GetUtcNow() + _host.Options.Retention,
            Waits = [],
            Outcome = result.Error?.Code.ToCode() ?? TelemetryNames.Ok,
        }).ConfigureAwait(false);
        return run with { Result = result };
    }

    private async Task<DurableRun> ChangeAsync(Func<StoredRun, StoredRun> change)
    {
        _journal.Change(change);
        await _journal.CommitAsync().ConfigureAwait(false);
        return DurableRun.Of(_journal.Run);
    }

    /// <summary>An empty journal takes the place of this one, with the same script, the new state as <c>args</c>, and full limits.</summary>
    private async Task<DurableRun> StartOverAsync(ScriptValue state)
    {
        JournalEntry.Opened opened = _history.Opened;
        var globals = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, ScriptValue value) in ScriptValueCodec.Decode(new ReadOnlySequence<byte>(opened.Globals), ValueLimits.Widest).Properties)
            globals[name] = value;
        globals["args"] = state;
        DateTimeOffset now = _host.Clock.GetUtcNow();
        StoredRun next = _journal.Run with
        {
            Journal = Guid.NewGuid(),
            State = DurableRunState.Suspended,
            Changed = now,
            Due = now,
            Waits = [],
            Attempts = 0,
        };
        using var seal = new JournalSeal(_host.Keys, next.Key, next.Journal);
        JournalEntry.Opened again = opened with { Globals = GlobalsEncoder.Encode(null, globals), Start = now.ToUnixTimeMilliseconds(), Seed = NewSeed() };
        (next, byte[] entry) = RunJournal.Begin(seal, next, again);
        await _journal.ReplaceAsync(next, entry).ConfigureAwait(false);
        return DurableRun.Of(next);
    }

    /// <summary>A random start of the script's randomness. The worker knows it; it reveals nothing of this process's other random numbers.</summary>
    public static ulong NewSeed() => BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>The result of a run that has ended, from its journal.</summary>
    public static ExecutionResult? ResultOf(JournalHistory history) => history.End is not { } end ? null : new ExecutionResult
    {
        Value = end.Value,
        Error = end.Error is null ? null : JsonSerializer.Deserialize<ExecutionError>(end.Error),
        Stats = JsonSerializer.Deserialize<ExecutionStats>(end.Stats)!,
        Stdout = string.Concat(history.Steps.OfType<ConsoleEvent>().Select((line) => line.Text + '\n')),
        RunId = history.Opened.RunId,
    };

    private ExecutionResult Cancelled() => new()
    {
        Value = ScriptValue.Undefined,
        Error = new ExecutionError { Code = ErrorCode.Cancelled, Name = ErrorCode.Cancelled.ToCode(), Message = "the run was cancelled" },
        Stats = new ExecutionStats(),
        Stdout = "",
        RunId = _history.Opened.RunId,
    };

    /// <summary>The options of the run as it was started, with what cannot be kept from those that are given now.</summary>
    private RunOptions OptionsOf(RunOptions? given)
    {
        JournalEntry.Opened opened = _history.Opened;
        return new RunOptions
        {
            Durable = _journal.Run.Key.Name,
            Tenant = _journal.Run.Key.Tenant,
            RunId = opened.RunId,
            SourceName = opened.SourceName,
            Language = opened.Language,
            Timeout = _history.Left ?? TimeSpan.FromMicroseconds(opened.Limits.TimeoutMicroseconds),
            CpuTimeout = TimeSpan.FromMicroseconds(opened.Limits.CpuMicroseconds),
            MemoryLimit = opened.Limits.MemoryBytes,
            MaxToolCalls = opened.Limits.MaxToolCalls,
            MaxIterations = opened.Limits.MaxIterations,
            MaxConsoleCalls = opened.Limits.MaxConsoleCalls,
            MaxConsoleBytes = opened.Limits.MaxConsoleBytes,
            Tools = given?.Tools,
            Context = given?.Context,
            OnConsole = given?.OnConsole,
        };
    }
}
