using Enclave.Audit;
using Enclave.Durable;
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
    /// <summary>The host's gate; null without one.</summary>
    public GatedRuns? Gated { get; } = settings.Options.Gate is { } gate ? new GatedRuns(gate, settings, records.Ids) : null;

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
        return Gated is null
            ? BeginAsync(code, options, hooks, pass: null, cancellationToken)
            : Gated.RunAsync(options, hooks, (pass, watched, token) => BeginAsync(code, pass.Options, watched, pass, token), cancellationToken);
    }

    private Task<ExecutionResult> BeginAsync(string code, RunOptions? options, RunHooks hooks, RunPass? pass, CancellationToken cancellationToken)
    {
        RequestedRun asked = records.Begin(code, options, settings.GlobalsOf(options), settings.GlobalNamesOf(options), hooks, AuditedRunKind.Run);
        asked = asked with { Pass = pass };
        // A run that is cancelled before it begins does not count as a run, and nothing is measured.
        return records.Telemetry.IsWatched && !cancellationToken.IsCancellationRequested
            ? WatchedAsync(asked, cancellationToken)
            : RecordOrBeginAsync(asked, cancellationToken);
    }

    /// <summary>Runs a recording again with its own globals, limits, time and randomness. Its tools are answered from the recording.</summary>
    public async Task<ReplayReport> ReplayAsync(ExecutionRecording recording, CancellationToken cancellationToken)
    {
        OptionsCheck.Check(recording.Options, settings.Sizes);
        // The recorded globals include the recorded host's, so this host's own are left out.
        settings.Libraries.CheckSame(recording.Libraries);
        if (recording.Options.Globals is { } given) settings.Libraries.CheckGlobals(given);
        byte[] globals = GlobalsEncoder.EncodeKept(recording.Options.Globals);
        var determinism = new ReplayedDeterminism(recording);
        string[] names = [.. recording.Options.Globals?.Keys ?? [], .. ConversationNames(recording.Options)];
        RunOptions options = recording.Options with { Preset = recording.Preset };
        RequestedRun asked = records.Begin(recording.Code, options, globals, names, RunHooks.None, AuditedRunKind.Replay);
        ExecutionResult result = await BeginAsync(asked with { Determinism = determinism }, cancellationToken).ConfigureAwait(false);
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
        // A rehearsal calls nothing, and is nobody's run.
        return Gated is null || determinism.IsRehearsal
            ? Begin(options, hooks, null, cancellationToken)
            : Gated.RunAsync(options, hooks, (pass, watched, token) => Begin(pass.Options, watched, pass, token), cancellationToken);

        Task<ExecutionResult> Begin(RunOptions run, RunHooks watched, RunPass? pass, CancellationToken token)
        {
            RequestedRun asked = records.Begin(code, run, globals.ToArray(), names, watched, kind) with { Determinism = determinism, Pass = pass };
            return records.Telemetry.IsWatched ? WatchedAsync(asked, token) : BeginAsync(asked, token);
        }
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
        if (asked.Pass is { Refusal: { } refusal, Waited: var waited }) return unstarted.Refused(asked, refusal, waited);
        if (records.Audit is { RefusesRuns: true } audit) return unstarted.RefusedByAudit(asked, audit);
        return steps is null ? unstarted.Refused(asked, unavailable!) : steps.RunAsync(asked, cancellationToken);
    }
}
