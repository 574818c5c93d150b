using System.Security.Cryptography;
using Enclave.Events;
using Enclave.Protocol;
using Enclave.Queues;
using Enclave.Runs;
using Enclave.Sessions;

namespace Enclave;

/// <summary>
/// A run in which other parties take part: they read its events, from any place and as often as they like, and answer its tool calls. Thread-safe.
/// </summary>
/// <remarks>Created by <see cref="IEnclave.OpenSession"/>. Dispose it: that cancels a running script and frees the events.</remarks>
public sealed class ExecutionSession : IAsyncDisposable
{
    private readonly SessionLife<ExecutionError> _life;
    private readonly TaskCompletionSource<ExecutionResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _left = new();
    private readonly EnclaveSessionOptions _options;
    private readonly EventLog _log;
    private readonly PendingCalls _pending;
    private readonly ITimer _ttl;
    private readonly ITimer _heart;
    private readonly Func<ExecutionJob, QueuePosition?> _positionOf;
    private ExecutionJob? _job;
    private ExecutionResult? _run;
    private bool _disposed;

    /// <param name="options">The session's options.</param>
    /// <param name="clock">The clock of its timers.</param>
    /// <param name="positionOf">Finds the position of a submitted run in the pool's queue; null while it does not wait there.</param>
    internal ExecutionSession(EnclaveSessionOptions options, TimeProvider clock, Func<ExecutionJob, QueuePosition?> positionOf)
    {
        (_options, _positionOf) = (options, positionOf);
        Id = "s_" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        CreatedAt = clock.GetUtcNow();
        _life = new SessionLife<ExecutionError>(clock);
        _log = new EventLog(EventLimits.Of(options.Run), clock);
        _pending = new PendingCalls(options.ToolTimeout, clock);
        // The timers start last, so that none finds an incomplete session.
        _ttl = clock.CreateTimer((_) => Stop(SessionTexts.Ttl(options.Ttl)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _heart = clock.CreateTimer((_) => Beat(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Clock = clock;
    }

    /// <summary>The session's unguessable name: <c>s_</c> and 32 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The time of its opening.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>The time of its end at the latest.</summary>
    public DateTimeOffset ExpiresAt => CreatedAt + _options.Ttl;

    /// <summary>Its state.</summary>
    public SessionState State => _life.State(isAsking: _pending.Waiting > 0);

    /// <summary>
    /// The run's answer. Every session has exactly one, even if it was cancelled (<see cref="ErrorCode.Cancelled"/>) or lived too long
    /// (<see cref="ErrorCode.Timeout"/>). Never fails.
    /// </summary>
    public Task<ExecutionResult> Completion => _completion.Task;

    /// <summary>The tool calls that wait for an answer from outside, oldest first, with all their arguments.</summary>
    public IReadOnlyList<PendingToolCall> PendingToolCalls => _pending.List();

    internal TimeProvider Clock { get; }

    /// <summary>Returns the position of the run in the pool's queue; null while it does not wait there.</summary>
    public QueuePosition? GetQueuePosition() => Volatile.Read(ref _job) is { } job ? _positionOf(job) : null;

    internal EventLog Log => _log;

    /// <summary>
    /// Its events from a number on: first the stored ones, then each as it happens, up to the
    /// <see cref="FinishedEvent"/>. Any number of readers may read at once.
    /// </summary>
    /// <param name="fromSequence">The number of the first event wanted. Range: 0 and above. 0 means 1.
    /// For a number that is never reached there are no events.</param>
    /// <param name="cancellationToken">Ends the reading, not the session.</param>
    /// <returns>Events without a gap. The newest <see cref="RunOptions.MaxBufferedEvents"/> are stored, of at most
    /// <see cref="RunOptions.MaxBufferedEventBytes"/>. The run does not wait for readers.</returns>
    /// <exception cref="EventsExpiredException">While reading: the next event is no longer stored. The exception names the first one that is.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed before.</exception>
    public IAsyncEnumerable<ExecutionEvent> Events(long fromSequence = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromSequence);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        return _log.ReadAsync(fromSequence, cancellationToken);
    }

    /// <summary>Answers a tool call.</summary>
    /// <param name="callId">The call, as <see cref="ToolCallEvent.CallId"/>.</param>
    /// <param name="value">
    /// Any value that <see cref="ScriptValue.From"/> accepts. A value larger than <see cref="EnclaveSessionOptions.MaxToolResultBytes"/> makes the call
    /// fail.
    /// </param>
    /// <returns>True if the call waited for this answer. False if the call is unknown, already answered, or over its time.</returns>
    /// <exception cref="ArgumentException"><paramref name="value"/> is not data; the call still waits.</exception>
    public bool TryAnswerToolCall(string callId, object? value)
    {
        ArgumentNullException.ThrowIfNull(callId);
        return _pending.TryAnswer(callId, ScriptValue.From(value));
    }

    /// <summary>Fails a tool call: the script gets an error, which it may catch.</summary>
    /// <param name="callId">The call, as <see cref="ToolCallEvent.CallId"/>.</param>
    /// <param name="name">The error's <c>name</c> in the script.</param>
    /// <param name="message">The error's <c>message</c> in the script.</param>
    /// <param name="code">The error's <c>code</c> in the script; null for none.</param>
    /// <returns>As for <see cref="TryAnswerToolCall"/>.</returns>
    public bool TryFailToolCall(string callId, string name, string message, string? code = null)
    {
        ArgumentNullException.ThrowIfNull(callId);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(message);
        return _pending.TryFail(callId, new ToolException(message) { Name = name, Code = code });
    }

    /// <summary>Ends the session as <see cref="ErrorCode.Cancelled"/>, unless it has ended.</summary>
    /// <param name="reason">The reason, for readers of the result. It is part of the message and of <c>Data["reason"]</c>. Cut after 500 characters.</param>
    /// <returns>Completes when the session has ended.</returns>
    public Task CancelAsync(string? reason = null)
    {
        Stop(SessionTexts.Cancelled(reason));
        return Completion;
    }

    /// <summary>Cancels a running script and frees the events. Present readers read to the end.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, true);
        await CancelAsync("the session was disposed").ConfigureAwait(false);
        _log.Release();
    }

    /// <summary>Starts the run. Called once.</summary>
    internal void Start(Func<RunHooks, CancellationToken, Task<ExecutionResult>> run, IToolInvoker host)
    {
        var outside = new OutsideTools(_options.OutsideTools);
        var events = new SessionEvents(this, _log, _pending, outside);
        var tools = new SessionTools(_options, outside, _pending, events, host, Clock);
        var hooks = new RunHooks([events], tools, WhenStopped) { Submitted = (job) => Volatile.Write(ref _job, job) };
        _ttl.Change(_options.Ttl, Timeout.InfiniteTimeSpan);
        _heart.Change(_options.HeartbeatInterval, Timeout.InfiniteTimeSpan);
        Task<ExecutionResult> answer;
        try
        {
            answer = run(hooks, _left.Token);
        }
        catch
        {
            // The caller's mistakes are thrown, and there is no session.
            Settle(Failure(SessionTexts.Cancelled(null)));
            throw;
        }

        _ = EndAsync(answer);
    }

    internal void MarkStarted() => _life.Start();

    /// <summary>The run has ended on its worker, and these are the facts for its result.</summary>
    internal void KeepResult(ExecutionResult result)
    {
        // A script that ends without awaiting its calls is still running at this moment.
        _pending.Close();
        Volatile.Write(ref _run, result);
    }

    /// <summary>Sets the session's result. The first call decides.</summary>
    internal void Settle(ExecutionResult result)
    {
        _pending.Close();
        if (!_life.TryEnd(result.Error is null, result.Error?.Code == ErrorCode.Cancelled)) return;
        _ttl.Dispose();
        _heart.Dispose();
        _log.Finish(result);
        _completion.TrySetResult(result);
    }

    private void Stop(ExecutionError why)
    {
        if (!_life.TryStop(why)) return;
        // A submitted run ends by this.
        _left.Cancel();
        Settle(ResultOfStop());
    }

    /// <summary>The reason of the stop, for the result of a run that ends by it.</summary>
    private ExecutionError WhyStopped => _life.WhyStopped ?? SessionTexts.Cancelled(null);

    /// <summary>
    /// The result of a session that is stopped: the result of its run with the statistics. A run that the guard still checks has no result, so the session's
    /// own is made.
    /// </summary>
    private ExecutionResult ResultOfStop()
    {
        ExecutionResult? run = Volatile.Read(ref _run);
        // Unresolved references open nothing.
        if (run is { Value.HasReference: true }) return ResultBuilder.Failure(WhyStopped, run.Stats, run.Stdout, run.RunId);
        return run ?? Failure(WhyStopped);
    }

    /// <summary>The result of a session whose run has none.</summary>
    private ExecutionResult Failure(ExecutionError why) => ResultBuilder.Failure(why, new ExecutionStats(), "", _options.Run?.RunId);

    /// <summary>The result of a run that the session stopped.</summary>
    private ExecutionResult WhenStopped(ExecutionJob job) =>
        job.Session?.Abandoned(WhyStopped)
        ?? ResultBuilder.Failure(WhyStopped, new ExecutionStats { QueueWait = job.QueueWait }, "", job.RunId);

    private void Beat()
    {
        if (_log.HasEnded) return;
        _log.Add(new HeartbeatEvent());
        _heart.Change(_options.HeartbeatInterval, Timeout.InfiniteTimeSpan);
    }

    private async Task EndAsync(Task<ExecutionResult> run)
    {
        try
        {
            Settle(await run.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            Settle(Failure(WhyStopped));
        }
        catch (ObjectDisposedException)
        {
            Settle(Failure(SessionTexts.HostDisposed()));
        }
#pragma warning disable CA1031 // Every session has its one answer.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Settle(Failure(SessionTexts.NotStarted(fault)));
        }
    }
}
