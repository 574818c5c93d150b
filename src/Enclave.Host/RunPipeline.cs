using System.Diagnostics;
using Enclave.Audit;
using Enclave.Diagnostics;
using Enclave.DoubleVm;
using Enclave.Guard;
using Enclave.JavaScript.Text;
using Enclave.Limits;
using Enclave.Protocol.Messages;
using Enclave.Queues;
using Enclave.Recording;
using Enclave.Runs;
using Enclave.Sidecar;
using Enclave.Telemetry;
using Enclave.Tools;

namespace Enclave;

/// <summary>The path of a run from its text to a worker: guard, score, tools, pool. Observers are called on the way.</summary>
/// <param name="host">The parts of the host.</param>
internal sealed class RunPipeline(HostParts host)
{
    private readonly RunRecorder _recorder = new(host);
    private readonly ExaminationQueue _examinations = new(host.Sizes, host.Options.TimeProvider, () => host.Pool!.GetSnapshot());

    // A run that waits for its score has no worker yet, so as many wait as workers and queue would take.
    private readonly WaitingRuns _scored = new(
        host.Sizes.MaxWorkers + host.Sizes.MaxQueueSize, host.Sizes.MaxWorkers + (host.Sizes.MaxQueuedPerTenant ?? host.Sizes.MaxQueueSize));

    /// <summary>Notified of every run, for tests that need to know which script a worker got.</summary>
    public RunObserver? Watcher { get; set; }

    /// <summary>Runs one program.</summary>
    /// <param name="code">The program.</param>
    /// <param name="options">Settings of this run that differ from the host's options; null for none.</param>
    /// <param name="hooks">Its observers, and its own tools.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public Task<ExecutionResult> RunAsync(string code, RunOptions? options, RunHooks hooks, CancellationToken cancellationToken)
    {
        if (options is not null) OptionsCheck.Check(options, host.Sizes);
        if (options?.Globals is { } given) host.Libraries.CheckGlobals(given);
        if (ToolCollection.Of(options) is { } tools) OptionsCheck.Take(tools, host.Options);
        byte[] globals = options?.Globals is { Count: > 0 } own ? GlobalsEncoder.Encode(host.Options.Globals, own) : host.Globals;
        if (Watcher is not null) hooks = hooks with { Observers = [.. hooks.Observers, Watcher] };
        RequestedRun asked = Asked(code, options, globals, GlobalNames(options), hooks, AuditedRunKind.Run);
        // A run that is cancelled before it begins does not count as a run, and nothing is measured.
        return host.Telemetry.IsWatched && !cancellationToken.IsCancellationRequested
            ? WatchedAsync(asked, cancellationToken)
            : RecordOrBeginAsync(asked, cancellationToken);
    }

    /// <summary>Runs a recording again with its own globals, limits, time and randomness. Its tools are answered from the recording.</summary>
    public async Task<ReplayReport> ReplayAsync(ExecutionRecording recording, CancellationToken cancellationToken)
    {
        OptionsCheck.Check(recording.Options, host.Sizes);
        // The recorded globals include the recorded host's, so this host's own are left out.
        host.Libraries.CheckSame(recording.Libraries);
        if (recording.Options.Globals is { } given) host.Libraries.CheckGlobals(given);
        byte[] globals = GlobalsEncoder.Encode(null, recording.Options.Globals);
        var determinism = new ReplayedDeterminism(recording);
        RequestedRun asked = Asked(
            recording.Code, recording.Options, globals, [.. recording.Options.Globals?.Keys ?? []], RunHooks.None, AuditedRunKind.Replay);
        ExecutionResult result = await BeginAsync(asked with { Determinism = determinism }, cancellationToken).ConfigureAwait(false);
        return new ReplayReport { Result = result, Difference = determinism.Conclude(result), Warnings = [.. _recorder.Warnings(recording)] };
    }

    /// <summary>The names of a run's globals, including the host's.</summary>
    public IReadOnlyCollection<string> GlobalNames(RunOptions? options) =>
        options?.Globals is { Count: > 0 } own ? [.. host.GlobalNames.Concat(own.Keys).Distinct(StringComparer.Ordinal)] : host.GlobalNames;

    private RequestedRun Asked(string code, RunOptions? options, byte[] globals, IReadOnlyCollection<string> names, RunHooks hooks, AuditedRunKind kind)
    {
        ulong job = host.NextJob();
        string id = options?.RunId ?? host.RunId(job);
        return new RequestedRun(job, id, code, options, globals, names, hooks) { Trail = host.Audit?.Begin((long)job, id, code, options, kind) };
    }

    /// <summary>Async, so that the run's activity is current only inside.</summary>
    private async Task<ExecutionResult> WatchedAsync(RequestedRun asked, CancellationToken cancellationToken)
    {
        using RunTelemetry telemetry = host.Telemetry.Begin(asked.RunId, asked.Options?.Tenant, cancellationToken);
        return telemetry.Answered(await RecordOrBeginAsync(asked with { Telemetry = telemetry }, cancellationToken).ConfigureAwait(false));
    }

    private Task<ExecutionResult> RecordOrBeginAsync(RequestedRun asked, CancellationToken cancellationToken) =>
        asked.Options is { Record: true }
            ? _recorder.RecordAsync(asked, (recorded) => BeginAsync(recorded, cancellationToken))
            : BeginAsync(asked, cancellationToken);

    private Task<ExecutionResult> BeginAsync(RequestedRun asked, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            Cancelled(asked);
            return Task.FromCanceled<ExecutionResult>(cancellationToken);
        }

        if (host.Audit is { RefusesRuns: true }) return RefusedByAudit(asked, host.Audit);
        if (host.Unavailable is not null) return Refused(asked, host.Unavailable);
        if (host.Limits.TooLarge(asked.Code, asked.Globals) is { } tooLong) return Refused(asked, tooLong);
        if (asked.Code.Length > LargeScripts.Least) return ExamineLargeAsync(asked, cancellationToken);
        try
        {
            return Decide(Examine(asked, cancellationToken), asked, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Cancelled(asked);
            return Task.FromCanceled<ExecutionResult>(cancellationToken);
        }
    }

    private ValidationResult Examine(RequestedRun asked, CancellationToken cancellationToken)
    {
        ValidationResult verdict = host.Guard.Examine(
            asked.Code, asked.GlobalNames, asked.Options?.Tenant, ScriptLanguages.Of(asked.Options), cancellationToken);
        // If calls are answered elsewhere, the names are known there.
        if (!verdict.IsAccepted || verdict.Script.NamespaceCalls.Length == 0 || asked.Hooks.Tools is not null) return verdict;
        Func<string, WorkMeter, string?> whyNot = host.Registry.WhyNot(asked.Options);
        return host.Guard.ExamineFurther(verdict.Script, (script, meter) => UnknownTools.Find(script, whyNot, meter), cancellationToken) ?? verdict;
    }

    /// <summary>A large script waits for its turn, and does not block the caller's thread.</summary>
    private async Task<ExecutionResult> ExamineLargeAsync(RequestedRun asked, CancellationToken cancellationToken)
    {
        ExaminationOutcome examination;
        try
        {
            examination = await _examinations.ExamineAsync(
                () => Examine(asked, cancellationToken), asked.Options?.Tenant, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Cancelled(asked);
            throw;
        }

        return examination.Verdict is { } verdict
            ? await Decide(verdict, asked, cancellationToken).ConfigureAwait(false)
            : await Refused(asked, examination.Refusal!, examination.Wait).ConfigureAwait(false);
    }

    private Task<ExecutionResult> Decide(ValidationResult verdict, RequestedRun asked, CancellationToken cancellationToken)
    {
        if (!verdict.IsAccepted) return Refused(asked, Refusal.Of(verdict));
        if (host.Limits.TooLarge(verdict.Script.Code, asked.Globals) is { } tooLarge) return Refused(asked, tooLarge);
        return host.Scoring is null ? Submit(verdict.Script, asked, cancellationToken) : ScoreAndSubmitAsync(verdict.Script, asked, cancellationToken);
    }

    private async Task<ExecutionResult> ScoreAndSubmitAsync(GuardedScript script, RequestedRun asked, CancellationToken cancellationToken)
    {
        var run = new WaitingRun(asked.Options?.Tenant);
        if (_scored.TryEnter(run) is not QueueVerdict.Added and var full)
            return await Refused(asked, new FailureText(host.Sizes).ScoringQueueFull(host.Pool!.GetSnapshot(), full)).ConfigureAwait(false);
        ScoreVerdict verdict;
        try
        {
            verdict = await host.Scoring!.JudgeAsync(script.Source, script.Program, script.Tools,
                $"{host.Options.SecurityLevel}/{host.Options.Preset}/{IQueued.KeyOf(asked.Options?.Tenant)}", cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Cancelled(asked);
            throw;
        }
        finally
        {
            _scored.Leave(run);
        }

        if (verdict.Outcome == ScoreOutcome.Blocked) return await Refused(asked, Refusal.Of(verdict)).ConfigureAwait(false);
        return await Submit(script, asked, cancellationToken).ConfigureAwait(false);
    }

    private Task<ExecutionResult> Submit(GuardedScript script, RequestedRun asked, CancellationToken cancellationToken)
    {
        RunLimits limits = host.Limits.Of(asked.Options);
        ReferenceRun? references = host.Sidecar?.Begin(asked.Options?.Tenant, limits.MaxValueBytes, host.Memory.PerRun);
        var tools = ToolPath.Of(host, asked, references);
        var job = new ExecutionJob(asked.Id, script, limits, asked.Globals, asked.Options, ConsoleFault(asked))
        {
            RunId = asked.RunId,
            FailureLog = host.Runs,
            Tools = tools.First,
            Memory = host.Memory,
            Determinism = asked.Determinism,
            Observers = asked.Observers(tools.Watch),
            Meter = asked.Telemetry,
            HasReferences = references is not null,
            WhenCancelled = asked.Hooks.WhenCancelled,
        };
        try
        {
            asked.Hooks.Submitted?.Invoke(job);
            host.Pool!.Submit(job);
        }
        catch (ObjectDisposedException)
        {
            asked.Trail?.Refused(ErrorCode.PoolDisposed.ToCode());
            Failed(asked, HostDisposed());
            throw;
        }

        job.WatchCancellation((cancelled) => host.Pool.Cancel(cancelled, cancellationToken), cancellationToken);
        return references is null ? job.Answer : ConcludeAsync(references, job, asked, cancellationToken);
    }

    private Action<Exception>? ConsoleFault(RequestedRun asked) => asked.Options?.OnConsole is null
        ? null
        : (fault) => Log.ConsoleCallbackFailed(host.Log, LogText.Name(asked.Options.Tenant), asked.RunId, fault);

    /// <summary>A value with references may fail after its job succeeded: its entries are gone, or too large together.</summary>
    private async Task<ExecutionResult> ConcludeAsync(ReferenceRun references, ExecutionJob job, RequestedRun asked, CancellationToken cancellationToken)
    {
        try
        {
            ExecutionResult result = await references.ConcludeAsync(job.Answer, cancellationToken).ConfigureAwait(false);
            if (result.Error is { } error && job.Answer.Result.Success) Failed(asked, error);
            return result;
        }
        catch (OperationCanceledException) when (job.Answer.IsCompletedSuccessfully)
        {
            Failed(asked, null);
            throw;
        }
    }

    /// <summary>The answer of a run that never becomes a job.</summary>
    private Task<ExecutionResult> Refused(RequestedRun asked, ExecutionError error, TimeSpan wait = default)
    {
        asked.Trail?.Refused(error.Code.ToCode());
        Failed(asked, error);
        return Task.FromResult(ResultBuilder.Failure(error, new ExecutionStats { QueueWait = wait }, "", asked.RunId));
    }

    /// <summary>Refuses a run that would have no audit record. It is counted instead.</summary>
    private Task<ExecutionResult> RefusedByAudit(RequestedRun asked, AuditLog audit)
    {
        audit.Drop();
        ExecutionError error = AuditIsFull(audit.Options);
        Failed(asked, error);
        return Task.FromResult(ResultBuilder.Failure(error, new ExecutionStats(), "", asked.RunId));
    }

    /// <summary>The caller left before there was a job.</summary>
    private void Cancelled(RequestedRun asked)
    {
        asked.Trail?.Refused(TelemetryNames.CallerCancelled);
        Failed(asked, null);
    }

    /// <summary>Logs a run that has no job to log it.</summary>
    private void Failed(RequestedRun asked, ExecutionError? error) => FailedRun.Log(host.Runs, asked.RunId, asked.Options, error, Activity.Current);

    private static ExecutionError HostDisposed() => new()
    {
        Code = ErrorCode.PoolDisposed,
        Name = ErrorCode.PoolDisposed.ToCode(),
        Message = "the host was disposed before the run had a place in its pool",
    };

    private static ExecutionError AuditIsFull(AuditOptions options) => new()
    {
        Code = ErrorCode.QueueFull,
        Name = ErrorCode.QueueFull.ToCode(),
        Message = $"{options.QueueSize} audit records wait for the sink (AuditOptions.QueueSize), and without an audit no run is taken " +
        "(AuditOptions.WhenFull): see to the sink: docs/errors/QUEUE_FULL.md",
        Data = new Dictionary<string, object?> { ["reason"] = "audit", ["limit"] = options.QueueSize },
    };
}
