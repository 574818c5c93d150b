using System.Text;
using Enclave.Audit;
using Enclave.Diagnostics;
using Enclave.DoubleVm;
using Enclave.Execution;
using Enclave.Guard;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Protocol.Messages;
using Enclave.Sidecar;
using Enclave.Tools;
using Enclave.Tools.Sequences;
using Enclave.Workers;

namespace Enclave;

/// <content>A run's way from its text to a worker.</content>
public sealed partial class EnclaveHost
{
    /// <summary>As the public one, for a run that is watched, or has tools of its own.</summary>
    internal Task<ExecutionResult> RunAsync(string code, RunOptions? options, RunSeams seams, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (options is not null) OptionsCheck.Check(options, _poolOptions);
        if (options?.Globals is { } given) _libraries.CheckGlobals(given);
        if (options?.Tools is { } tools) OptionsCheck.Take(tools, _options);
        byte[] globals = options?.Globals is { Count: > 0 } own ? GlobalsEncoder.Encode(_options.Globals, own) : _globals;
        if (Watcher is not null) seams = seams with { Observers = [.. seams.Observers, Watcher] };
        AskedRun asked = Asked(code, options, globals, GlobalNames(options), seams, AuditedAs.Run);
        // Cancelled before it begins it is no run, and nothing is measured.
        return _telemetry.IsWatched && !cancellationToken.IsCancellationRequested ? WatchedAsync(asked, cancellationToken) : RecordOrBeginAsync(asked, cancellationToken);
    }

    /// <summary>Async, so that the run's activity is current in here alone.</summary>
    private async Task<ExecutionResult> WatchedAsync(AskedRun asked, CancellationToken cancellationToken)
    {
        using RunTelemetry telemetry = _telemetry.Begin(asked.Options?.Tenant, cancellationToken);
        return telemetry.Answered(await RecordOrBeginAsync(asked with { Telemetry = telemetry }, cancellationToken).ConfigureAwait(false));
    }

    private Task<ExecutionResult> RecordOrBeginAsync(AskedRun asked, CancellationToken cancellationToken) =>
        asked.Options is { Record: true } ? RecordAsync(asked, cancellationToken) : BeginAsync(asked, cancellationToken);

    private Task<ExecutionResult> BeginAsync(AskedRun asked, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            asked.Trail?.Refused(AuditTrail.CallerCancelled);
            return Task.FromCanceled<ExecutionResult>(cancellationToken);
        }

        if (_audit is { RefusesRuns: true }) return RefusedByAudit(_audit);
        if (_unavailable is not null) return Refused(asked, _unavailable);
        if (TooLarge(asked.Code, asked.Globals) is { } tooLong) return Refused(asked, tooLong);
        if (asked.Code.Length > LargeScripts.Least) return ExamineLargeAsync(asked, cancellationToken);
        try
        {
            return Decide(Examine(asked, cancellationToken), asked, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            asked.Trail?.Refused(AuditTrail.CallerCancelled);
            return Task.FromCanceled<ExecutionResult>(cancellationToken);
        }
    }

    private GuardVerdict Examine(AskedRun asked, CancellationToken cancellationToken) =>
        _guard.Examine(asked.Code, asked.GlobalNames, asked.Options?.Tenant, ScriptLanguages.Of(asked.Options), cancellationToken);

    /// <summary>A large script takes its turn, and no thread of the caller's.</summary>
    private async Task<ExecutionResult> ExamineLargeAsync(AskedRun asked, CancellationToken cancellationToken)
    {
        GuardVerdict verdict;
        try
        {
            verdict = await LargeScripts.RunAsync(() => Examine(asked, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            asked.Trail?.Refused(AuditTrail.CallerCancelled);
            throw;
        }

        return await Decide(verdict, asked, cancellationToken).ConfigureAwait(false);
    }

    private Task<ExecutionResult> Decide(GuardVerdict verdict, AskedRun asked, CancellationToken cancellationToken)
    {
        if (!verdict.IsAccepted) return Refused(asked, Refusal.Of(verdict));
        // Where calls are answered elsewhere, the names are known there.
        if (asked.Seams.Tools is null && UnknownTools.Find(verdict.Script, (name) => Registry.WhyNot(name, asked.Options)) is { } unknown) return Refused(asked, Refusal.Of(unknown));
        if (TooLarge(verdict.Script.Code, asked.Globals) is { } tooLarge) return Refused(asked, tooLarge);
        return _scoring is null ? Submit(verdict.Script, asked, cancellationToken) : ScoreAndSubmitAsync(verdict.Script, asked, cancellationToken);
    }

    private async Task<ExecutionResult> ScoreAndSubmitAsync(GuardedScript script, AskedRun asked, CancellationToken cancellationToken)
    {
        ScoreVerdict verdict;
        try
        {
            verdict = await _scoring!.JudgeAsync(script.Source, script.Program, script.Tools, $"{_options.SecurityLevel}/{_options.Preset}/{ExecutionJob.KeyOf(asked.Options?.Tenant)}", cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            asked.Trail?.Refused(AuditTrail.CallerCancelled);
            throw;
        }

        if (verdict.Outcome == ScoreOutcome.Blocked) return await Refused(asked, Refusal.Of(verdict)).ConfigureAwait(false);
        return await Submit(script, asked, cancellationToken).ConfigureAwait(false);
    }

    private Task<ExecutionResult> Submit(GuardedScript script, AskedRun asked, CancellationToken cancellationToken)
    {
        RunLimits limits = Limits(asked.Options);
        ReferenceRun? references = _sidecar?.Begin(asked.Options?.Tenant, limits.MaxValueBytes, _memory.PerRun);
        IToolPort tools = asked.Course as IToolPort ?? Tools(asked, references);
        SequenceWatch? watch = _sequences?.Judges(asked.Options) is not true || asked.Course is IToolPort ? null : new SequenceWatch(_sequences, tools);
        var job = new ExecutionJob(asked.Id, script, limits, asked.Globals, asked.Options, (fault) => Log.ConsoleCallbackFailed(_log, fault))
        {
            Tools = watch ?? tools,
            Memory = _memory,
            Course = asked.Course,
            Observers = asked.Observers(watch),
            Telemetry = asked.Telemetry,
            References = references,
            WhenCancelled = asked.Seams.WhenCancelled,
        };
        try
        {
            asked.Seams.Submitted?.Invoke(job);
            _pool!.Submit(job);
        }
        catch (ObjectDisposedException)
        {
            asked.Trail?.Refused(ErrorCode.PoolDisposed.ToCode());
            throw;
        }

        job.WatchCancellation((cancelled) => _pool.Cancel(cancelled, cancellationToken), cancellationToken);
        return references?.ConcludeAsync(job.Answer, cancellationToken) ?? job.Answer;
    }

    /// <summary>From the script to the tool: the run's references, the operator's policy, the tools themselves.</summary>
    private IToolPort Tools(AskedRun asked, ReferenceRun? references)
    {
        IToolPort tools = asked.Seams.Tools ?? _tools;
        if (_outer is not null) tools = new PolicyPort(_outer, tools);
        if (references is null) return tools;
        return references.Before(_outer is null ? tools : new PooledPort(tools));
    }

    private ulong NextJob() => (ulong)Interlocked.Increment(ref _nextJob);

    private RunLimits Limits(RunOptions? run)
    {
        TimeSpan timeout = run?.Timeout ?? (_outer is null ? null : _options.DoubleVm!.InnerTimeout) ?? _options.Timeout ?? _level.Timeout;
        return new RunLimits
        {
            TimeoutMicroseconds = timeout.ToMicroseconds(),
            CpuMicroseconds = (run?.CpuTimeout ?? _options.CpuTimeout ?? timeout).ToMicroseconds(),
            MemoryBytes = run?.MemoryLimit ?? _options.MemoryLimit,
            MaxToolCalls = run?.MaxToolCalls ?? _options.MaxToolCalls ?? _level.MaxToolCalls,
            MaxPendingToolCalls = _poolOptions.MaxPendingToolCalls,
            MaxIterations = run?.MaxIterations ?? _options.MaxIterations ?? _level.MaxIterations,
            MaxConsoleCalls = run?.MaxConsoleCalls ?? _options.MaxConsoleCalls ?? _level.MaxConsoleCalls,
            MaxConsoleBytes = run?.MaxConsoleBytes ?? _options.MaxConsoleBytes ?? Math.Min(_level.MaxConsoleBytes, _poolOptions.MaxMessageBytes / 2),
            MaxValueDepth = _level.MaxValueDepth,
            MaxValueProperties = _level.MaxValueProperties,
            MaxValueBytes = _poolOptions.MaxMessageBytes - MessageOverhead,
        };
    }

    private ExecutionError? TooLarge(string code, byte[] globals)
    {
        int limit = _poolOptions.MaxMessageBytes - MessageOverhead;
        // Three bytes of UTF-8 per character at most: most sources need no counting.
        if (((long)code.Length * 3) + globals.Length <= limit || Encoding.UTF8.GetByteCount(code) + (long)globals.Length <= limit) return null;
        return new ExecutionError
        {
            Code = ErrorCode.ValidationError,
            Name = ErrorCode.ValidationError.ToCode(),
            Message = $"the code and its globals are larger than {limit} bytes (MaxMessageBytes): docs/errors/VALIDATION_ERROR.md",
        };
    }
}
