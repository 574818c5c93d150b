using Enclave.Audit;
using Enclave.Durable;
using Enclave.Explaining;
using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Recording;
using Enclave.Runs;
using Enclave.Telemetry;

namespace Enclave;

/// <summary>The path of a run to its first step: options, id, audit, measurement, recording. <see cref="RunSteps"/> has the rest.</summary>
/// <param name="settings">The host's options.</param>
/// <param name="records">Names, measures and audits the runs.</param>
/// <param name="recorder">Records runs.</param>
/// <param name="unstarted">Ends runs that never become a job.</param>
/// <param name="steps">The steps of a run; null if no script can run on this machine.</param>
/// <param name="unavailable">Why no script can run; null if scripts can run.</param>
internal sealed class RunPipeline(
    ResolvedOptions settings, RunRecords records, RunRecorder recorder, UnstartedRuns unstarted, RunSteps? steps, ExecutionError? unavailable)
{
    /// <summary>Notified of every run, for tests that need to know which script a worker got.</summary>
    public IRunObserver? Watcher { get; set; }

    /// <summary>Checks the options of a run, and takes its tools.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or a tool needs something that the host does not have.</exception>
    public void Check(RunOptions? options)
    {
        if (options is not null) OptionsCheck.Check(options, settings.Sizes);
        if (options?.Globals is { } given) settings.Libraries.CheckGlobals(given);
        if (options?.Conversation is not null && settings.Options.DoubleVm is not null)
            throw new ArgumentException("Conversation is set: a host with a second isolate (EnclaveOptions.DoubleVm) keeps no values of conversations.");
        if (ToolCollection.Of(options) is { } tools) OptionsCheck.Take(tools, settings.Options);
    }

    /// <summary>Runs one program.</summary>
    /// <param name="code">The program.</param>
    /// <param name="options">Settings of this run that differ from the host's options; null for none.</param>
    /// <param name="hooks">Its observers, and its own tools.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public Task<ExecutionResult> RunAsync(string code, RunOptions? options, RunHooks hooks, CancellationToken cancellationToken)
    {
        Check(options);
        if (Watcher is not null) hooks = hooks with { Observers = [.. hooks.Observers, Watcher] };
        RequestedRun asked = records.Begin(code, options, settings.GlobalsOf(options), settings.GlobalNamesOf(options), hooks, AuditedRunKind.Run);
        // A run that is cancelled before it begins does not count as a run, and nothing is measured.
        return records.Telemetry.IsWatched && !cancellationToken.IsCancellationRequested
            ? WatchedAsync(asked, cancellationToken)
            : RecordOrBeginAsync(asked, cancellationToken);
    }

    /// <summary>Runs a recording again with its own globals, limits, time and randomness. Its tools are answered from the recording.</summary>
    public Task<ReplayReport> ReplayAsync(ExecutionRecording recording, CancellationToken cancellationToken) =>
        ReplayAsync(recording, trace: null, cancellationToken);

    /// <summary>The same for a program that reports its steps.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="trace">Makes the program, and follows it; null for the program that was recorded.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public async Task<ReplayReport> ReplayAsync(ExecutionRecording recording, RunTrace? trace, CancellationToken cancellationToken)
    {
        OptionsCheck.Check(recording.Options, settings.Sizes);
        // The recorded globals include the recorded host's, so this host's own are left out.
        settings.Libraries.CheckSame(recording.Libraries);
        if (recording.Options.Globals is { } given) settings.Libraries.CheckGlobals(given);
        byte[] globals = GlobalsEncoder.EncodeKept(recording.Options.Globals);
        var determinism = new ReplayedDeterminism(recording, trace);
        string[] names = [.. recording.Options.Globals?.Keys ?? [], .. ConversationNames(recording.Options)];
        RunOptions options = recording.Options with { Preset = recording.Preset };
        if (trace is not null) options = RunTrace.Widen(options, recording.Result.Error?.Code);
        RequestedRun asked = records.Begin(recording.Code, options, globals, names, RunHooks.None, AuditedRunKind.Replay);
        asked = asked with { Determinism = determinism, Rewrite = trace is null ? null : trace.Rewrite };
        ExecutionResult result = await BeginAsync(asked, cancellationToken).ConfigureAwait(false);
        return new ReplayReport { Result = result, Difference = determinism.Conclude(result), Warnings = [.. recorder.Warnings(recording)] };
    }

    /// <summary>Runs a part of a durable run.</summary>
    /// <param name="code">Its program.</param>
    /// <param name="options">Its options as it was started.</param>
    /// <param name="globals">Its globals as it was started, in encoded form.</param>
    /// <param name="determinism">Its part in the journal.</param>
    /// <param name="hooks">Its observers.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public Task<ExecutionResult> RunDurableAsync(
        string code, RunOptions options, ReadOnlyMemory<byte> globals, JournaledDeterminism determinism, RunHooks hooks, CancellationToken cancellationToken)
    {
        Check(options);
        if (Watcher is not null) hooks = hooks with { Observers = [.. hooks.Observers, Watcher] };
        Dictionary<string, object?> given = GlobalsEncoder.Decode(globals);
        // The first part of a script that starts over asks for its state as the later parts do.
        if (code.Contains(ScriptWait.StartOver, StringComparison.Ordinal) && given.TryAdd(ScriptWait.Args, ScriptValue.Undefined))
            globals = GlobalsEncoder.EncodeKept(given);
        string[] names = [.. given.Keys, .. ScriptWait.Globals, .. ConversationNames(options)];
        AuditedRunKind kind = determinism.IsRehearsal ? AuditedRunKind.Replay : AuditedRunKind.Run;
        RequestedRun asked = records.Begin(code, options, globals.ToArray(), names, hooks, kind) with { Determinism = determinism };
        return records.Telemetry.IsWatched ? WatchedAsync(asked, cancellationToken) : BeginAsync(asked, cancellationToken);
    }

    private static IReadOnlyList<string> ConversationNames(RunOptions run) => run.Conversation is null ? [] : ConversationTools.Globals;

    /// <summary>Async, so that the run's activity is current only inside.</summary>
    private async Task<ExecutionResult> WatchedAsync(RequestedRun asked, CancellationToken cancellationToken)
    {
        using RunTelemetry telemetry = records.Telemetry.Begin(asked.RunId, asked.Options, cancellationToken);
        return telemetry.Answered(await RecordOrBeginAsync(asked with { Telemetry = telemetry }, cancellationToken).ConfigureAwait(false));
    }

    private Task<ExecutionResult> RecordOrBeginAsync(RequestedRun asked, CancellationToken cancellationToken) =>
        recorder.Records(asked)
            ? recorder.RecordAsync(asked, (recorded) => BeginAsync(recorded, cancellationToken))
            : BeginAsync(asked, cancellationToken);

    private Task<ExecutionResult> BeginAsync(RequestedRun asked, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return unstarted.Cancelled(asked, cancellationToken);
        if (records.Audit is { RefusesRuns: true } audit) return unstarted.RefusedByAudit(asked, audit);
        return steps is null ? unstarted.Refused(asked, unavailable!) : steps.RunAsync(asked, cancellationToken);
    }
}
