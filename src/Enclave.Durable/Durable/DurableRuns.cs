using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Enclave.Durable;
using Enclave.Journals;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Runs;

namespace Enclave;

/// <summary>The durable runs of a host: starts, resumes, answers, finds and ends them (docs/durable-runs.md).</summary>
public sealed partial class DurableRuns : IFeaturePart
{
    // Bytes for the entries that a host writes before it hands over an answer.
    private const int AnswerReserve = 1024;
    private static readonly string[] s_refusals = [ErrorCode.ValidationError.ToCode(), ErrorCode.ScoringBlocked.ToCode()];

    private readonly DurableHost _host;
    private readonly DurableWaker _waker;
    private readonly Lock _gate = new();
    private readonly Dictionary<RunKey, DurablePart> _live = [];
    private readonly Dictionary<RunKey, RunOptions> _given = [];
    private bool _isClosed;
    private IDisposable? _counted;

    internal DurableRuns(DurableHost host)
    {
        _host = host;
        _waker = new DurableWaker(host, WakeAsync, Here);
        Conversations = new ConversationStore(host);
        host.Store.Woken += OnWoken;
        host.Store.Written += Readers.Signal;
    }

    /// <summary>Begins to look for runs that are due, once.</summary>
    internal void Open()
    {
        if (_host.Options.Wakes) _waker.Start();
        lock (_gate) _counted ??= _host.Watch.Metrics.Observe(_host.Store, new RunCounter(_host.Store, _host.Clock).Read);
    }

    /// <summary>The run of this name; null if there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tenant">Its tenant; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="JournalException">The store failed, or the journal is refused.</exception>
    public async Task<DurableRun?> FindAsync(string name, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (await _host.Store.FindAsync(new RunKey(tenant, name), cancellationToken).ConfigureAwait(false) is not { } run) return null;
        return run.State == DurableRunState.Ended ? await ReadEndAsync(run, cancellationToken).ConfigureAwait(false) : DurableRun.Of(run);
    }

    /// <summary>A page of runs without their results, in the order of their last change, the latest first.</summary>
    /// <exception cref="JournalException">The store failed.</exception>
    public async Task<IReadOnlyList<DurableRun>> ListAsync(RunQuery? query = null, CancellationToken cancellationToken = default)
    {
        query ??= new RunQuery();
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 1000, nameof(query));
        var found = new List<DurableRun>();
        while (true)
        {
            IReadOnlyList<StoredRun> page = await _host.Store.ListAsync(query, cancellationToken).ConfigureAwait(false);
            // Leave out the runs that keep conversations.
            found.AddRange(page.Where((run) => !ConversationStore.IsName(run.Key.Name)).Select((run) => DurableRun.Of(run)));
            if (found.Count >= query.Limit || page.Count < query.Limit) return [.. query.PageOf(found, (run) => run.Changed)];
            query = query with { Before = page[^1].Changed };
        }
    }

    /// <summary>The history of a run so far: its calls, answers and console lines, in order.</summary>
    /// <exception cref="JournalException">There is no such run, the store failed, or the journal is refused.</exception>
    public async Task<IReadOnlyList<ExecutionEvent>> HistoryAsync(string name, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        (_, JournalHistory history) = await _host.ReadAsync(new RunKey(tenant, name), cancellationToken).ConfigureAwait(false) ?? throw Unknown(name);
        return [.. history.Events()];
    }

    /// <summary>
    /// Ends a run as cancelled, also while it waits. False if it has ended or failed already. Its compensations follow (<see cref="ToolOptions.Compensate"/>),
    /// here or at a host that has its tools: until then its state is <see cref="DurableRunState.Compensating"/>.
    /// </summary>
    /// <exception cref="JournalException">There is no such run, another host runs it, the store failed, or the journal is refused.</exception>
    public async Task<bool> CancelAsync(string name, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var key = new RunKey(tenant, name);
        while (true)
        {
            DurablePart part = await TakeToCancelAsync(key, cancellationToken).ConfigureAwait(false);
            part.Cancel();
            DurableRun run = await part.Left.WaitAsync(cancellationToken).ConfigureAwait(false);
            // The run may have been suspended at this moment.
            if (run.State is DurableRunState.Ended or DurableRunState.Compensating) return run.Outcome == ErrorCode.Cancelled.ToCode();
        }
    }

    /// <summary>
    /// Takes a run to end it. A run that must not continue, because its database was restored, can still be ended: then no tool is called to undo it.
    /// </summary>
    private async Task<DurablePart> TakeToCancelAsync(RunKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeAsync(key, TakePurpose.GoOn, Start, cancellationToken).ConfigureAwait(false);
        }
        catch (JournalException fault) when (fault.Fault == JournalFault.Refused)
        {
            return await TakeAsync(key, TakePurpose.End, Start, cancellationToken).ConfigureAwait(false);
        }

        void Start(DurablePart taken)
        {
            taken.Cancel();
            taken.Start(null, isNew: false, Leave);
        }
    }

    /// <summary>Starts a run, and completes when it has left this host.</summary>
    /// <param name="code">The script.</param>
    /// <param name="options">Its options.</param>
    /// <param name="isAwaited">True if this host uses the options each time it resumes the run, also before the caller waits for the run.</param>
    /// <param name="cancellationToken">Ends the wait. The run continues.</param>
    internal async Task<DurableRun> StartAsync(string code, RunOptions options, bool isAwaited, CancellationToken cancellationToken)
    {
        RunKey.CheckGiven(options.Durable!);
        Task<DurableRun> left = await BeginAsync(code, options, isAwaited, cancellationToken).ConfigureAwait(false);
        // The run does not end with its caller.
        return await left.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Completes when the run is in the store, with the task that completes when it has left this host.</summary>
    internal async Task<Task<DurableRun>> BeginAsync(string code, RunOptions options, bool isAwaited, CancellationToken cancellationToken)
    {
        Open();
        var key = new RunKey(options.Tenant, options.Durable!);
        JournalEntry.Opened opened = _host.Open(code, options) with { Seed = RunDeterminism.NewSeed(), Secret = RunSecret.New() };
        ImmutableArray<byte> origin = OriginOf(opened);
        return await FindSameAsync(key, origin, cancellationToken).ConfigureAwait(false)
            ?? await BeginAsync(key, origin, [opened], options, isAwaited, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates a run whose journal begins with these entries, and runs it.</summary>
    private async Task<Task<DurableRun>> BeginAsync(
        RunKey key, ImmutableArray<byte> origin, IReadOnlyList<JournalEntry> entries, RunOptions? options, bool isAwaited, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _host.Now;
        var run = new StoredRun { Key = key, Journal = Guid.NewGuid(), Origin = origin, Created = now, Changed = now, Due = StoredRun.Always };
        using var seal = new JournalSeal(_host.Keys, key, run.Journal);
        (StoredRun first, byte[] parts) = RunJournal.Begin(seal, run, entries);
        if (parts.Length > _host.MaxRunBytes) throw new JournalException(
            JournalFault.Full,
            $"the beginning of the run takes {parts.Length} bytes in the journal, and {_host.MaxRunBytes} are allowed (DurableOptions.MaxRunBytes)");
        using IDisposable room = await _host.Room.TakeAsync(key.Tenant, 1, parts.Length, cancellationToken).ConfigureAwait(false);
        if (await _host.Store.CreateAsync(first, parts, cancellationToken).ConfigureAwait(false) is not { } lease)
        {
            return await FindSameAsync(key, origin, cancellationToken).ConfigureAwait(false)
                ?? throw new JournalException(JournalFault.Busy, $"another host starts or removes {key.Name} at this moment");
        }

        _host.Watch.Record(new DurableStep(DurableAct.Start, key, ((JournalEntry.Opened)entries[0]).RunId));
        DurablePart part = await AddAsync(key, lease, TakePurpose.GoOn, (begun) =>
        {
            if (isAwaited) Keep(key, options!);
            begun.Start(options, isNew: true, Leave);
        }, CancellationToken.None).ConfigureAwait(false);
        return part.Left;
    }

    internal Task<DurableRun> ResumeAsync(string name, RunOptions? options, CancellationToken cancellationToken) =>
        _host.Watch.CountAsync(GoOnAsync(name, options, cancellationToken));

    private async Task<DurableRun> GoOnAsync(string name, RunOptions? options, CancellationToken cancellationToken)
    {
        DurablePart part = await TakeAsync(
            new RunKey(options?.Tenant, name), TakePurpose.GoOn, (taken) => taken.Start(options, isNew: false, Leave), cancellationToken).ConfigureAwait(false);
        return await part.Left.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    internal async Task AnswerAsync(string token, object? value, CancellationToken cancellationToken)
    {
        JournalAnswer answer = JournalAnswer.Of(value);
        if (EncodedSize.Of(answer.Value) > _host.MaxRunBytes / 2) throw new ArgumentException(
            $"The answer is larger than {_host.MaxRunBytes / 2} bytes, half of a journal (DurableOptions.MaxRunBytes).", nameof(value));
        StoredRun? found = await _host.Store.FindByTokenAsync(token, cancellationToken).ConfigureAwait(false);
        // Questions are answered by their clients alone.
        StoredRun run = found is { Key.IsQuestion: false } ? found
            : throw new JournalException(JournalFault.NotFound, "no run waits for this token: it is wrong, its wait is over, or its run has ended");
        StoredWait wait = run.Waits.First((one) => one.Token == token);
        using var seal = new JournalSeal(_host.Keys, run.Key, run.Journal);
        byte[] part = AnswerFormat.Write(seal, run, wait, answer);
        // The run would end of an answer for which its journal has no room.
        if (run.Bytes + part.Length + AnswerReserve > _host.MaxRunBytes) throw new ArgumentException(
            $"The answer takes {part.Length} bytes, its journal has {run.Bytes} of {_host.MaxRunBytes} (DurableOptions.MaxRunBytes).", nameof(value));
        if (!await _host.Store.TryAnswerAsync(run, wait, part, cancellationToken).ConfigureAwait(false))
            throw new JournalException(JournalFault.Answered, "the wait has its answer already, or is over");
        _host.Watch.Record(new DurableStep(DurableAct.Answer, run.Key, Wait: wait));
    }

    /// <summary>Takes no more runs. The runs of this host are suspended when the pool ends them.</summary>
    void IFeaturePart.Close()
    {
        DurablePart[] live;
        lock (_gate)
        {
            _isClosed = true;
            live = [.. _live.Values];
        }

        foreach (DurablePart part in live) part.Hurry();
        _counted?.Dispose();
        _host.Store.Woken -= OnWoken;
        _host.Store.Written -= Readers.Signal;
        _waker.Stop();
    }

    /// <summary>Completes when all runs are released.</summary>
    /// <param name="patience">How long it waits for compensations that have begun.</param>
    async Task IFeaturePart.EndAsync(TimeSpan patience)
    {
        DurablePart[] live;
        lock (_gate) live = [.. _live.Values];
        Task left = Task.WhenAll(live.Select((part) => part.Left));
        await left.WaitAsync(patience, _host.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (DurablePart part in live) part.Abandon();
        await left.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _waker.Stopped.ConfigureAwait(false);
    }

    /// <summary>Finds the run of an earlier start with the same script. A caller that does not know whether its start succeeded may repeat it.</summary>
    private async Task<Task<DurableRun>?> FindSameAsync(RunKey key, ImmutableArray<byte> origin, CancellationToken cancellationToken)
    {
        if (await _host.Store.FindAsync(key, cancellationToken).ConfigureAwait(false) is not { } run) return null;
        if (await HasDoneNothingAsync(run, cancellationToken).ConfigureAwait(false)
            && await DeleteAsync(key, RemovePurpose.Ended, cancellationToken).ConfigureAwait(false)) return null;
        if (!run.Origin.AsSpan().SequenceEqual(origin.AsSpan())) throw new JournalException(
            JournalFault.NameTaken,
            $"the name {key.Name} belongs to a run of another script or with other globals, started at {run.Created:u}: choose another name");
        DurablePart? here;
        lock (_gate) here = _live.GetValueOrDefault(key);
        if (here is not null) return here.Left;
        return Task.FromResult(
            run.State == DurableRunState.Ended ? await ReadEndAsync(run, cancellationToken).ConfigureAwait(false) : DurableRun.Of(run));
    }

    /// <summary>True for a script that was refused before its first call. Such a run has no effects, so its name may be used again.</summary>
    private async Task<bool> HasDoneNothingAsync(StoredRun run, CancellationToken cancellationToken) =>
        run is { State: DurableRunState.Ended, Outcome: { } outcome } && s_refusals.Contains(outcome)
        && await _host.ReadAsync(run.Key, cancellationToken).ConfigureAwait(false) is { } read
        && read.History.Entries.All((entry) => entry is JournalEntry.Opened or JournalEntry.Ended);

    private static ImmutableArray<byte> OriginOf(JournalEntry.Opened opened)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(opened.Code.AsSpan()));
        hash.AppendData([0, 0, (byte)opened.Language]);
        hash.AppendData(opened.Globals.Span);
        return [.. hash.GetHashAndReset()];
    }

    private async Task<DurableRun> ReadEndAsync(StoredRun run, CancellationToken cancellationToken)
    {
        (StoredRun Run, JournalHistory History)? read = await _host.ReadAsync(run.Key, cancellationToken).ConfigureAwait(false);
        return DurableRun.Of(run, read is null ? null : DurablePart.ResultOf(read.Value.History));
    }

    /// <summary>Takes a run, unless it is here already.</summary>
    private async Task<DurablePart> TakeAsync(RunKey key, TakePurpose purpose, Action<DurablePart> start, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_live.TryGetValue(key, out DurablePart? here)) return here;
        }

        IRunLease lease = await _host.Store.TakeAsync(key, purpose, cancellationToken).ConfigureAwait(false)
            ?? throw new JournalException(JournalFault.Busy, $"another host runs {key.Name}");
        return await AddAsync(key, lease, purpose, start, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DurablePart> AddAsync(
        RunKey key, IRunLease lease, TakePurpose purpose, Action<DurablePart> start, CancellationToken cancellationToken)
    {
        DurablePart part;
        try
        {
            part = await DurablePart.OpenAsync(_host, lease, purpose, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        bool isClosed;
        lock (_gate)
        {
            isClosed = _isClosed;
            if (!isClosed) _live[key] = part;
        }

        if (isClosed)
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw new ObjectDisposedException("the host of the durable runs");
        }

        start(part);
        return part;
    }

    private void Leave(DurablePart part)
    {
        lock (_gate) _live.Remove(part.Key);
        _waker.Signal();
    }

    /// <summary>The store and the journals, for readers.</summary>
    internal DurableHost Host => _host;

    /// <summary>The values of conversations.</summary>
    internal ConversationStore Conversations { get; }

    /// <summary>The readers of journals in this process.</summary>
    internal ReaderSignals<RunKey> Readers { get; } = new();

    private RunKey[] Here()
    {
        lock (_gate) return [.. _live.Keys];
    }

    private void OnWoken(RunKey key)
    {
        DurablePart? part;
        lock (_gate) part = _live.GetValueOrDefault(key);
        part?.Look();
        _waker.Signal();
        // A host continues the run soon.
        Readers.Signal(key);
    }

    /// <summary>Resumes a run that is due, or removes one whose time is over. False if this host could not run it now.</summary>
    private async Task<bool> WakeAsync(RunKey key, CancellationToken cancellationToken)
    {
        StoredRun? run = await _host.Store.FindAsync(key, cancellationToken).ConfigureAwait(false);
        if (run is null || run.Due > _host.Now) return true;
        if (run.State == DurableRunState.Ended)
        {
            await DeleteAsync(key, RemovePurpose.Ended, cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (key.IsQuestion) return await EndQuestionAsync(key, cancellationToken).ConfigureAwait(false);
        RunOptions? given;
        lock (_gate) given = _given.GetValueOrDefault(key);
        given ??= _host.Options.OnResume?.Invoke(DurableRun.Of(run));
        given = (given ?? new RunOptions()) with { Tenant = key.Tenant };
        return !(await ResumeAsync(key.Name, given, cancellationToken).ConfigureAwait(false)).IsDelayed;
    }

    private static JournalException Unknown(string name) => new(JournalFault.NotFound, $"there is no durable run {name}");
}
