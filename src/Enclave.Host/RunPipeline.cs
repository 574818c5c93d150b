using Enclave.Audit;
using Enclave.Runs;
using Enclave.Telemetry;

namespace Enclave;

/// <summary>The path of a run to its first step: options, id, audit, measurement, observation by features. <see cref="RunSteps"/> has the rest.</summary>
/// <param name="host">The host, with its settings and records.</param>
/// <param name="unstarted">Ends runs that never become a job.</param>
/// <param name="steps">The steps of a run; null if no script can run on this machine.</param>
/// <param name="unavailable">Why no script can run; null if scripts can run.</param>
internal sealed class RunPipeline(HostParts host, UnstartedRuns unstarted, RunSteps? steps, ExecutionError? unavailable)
{
    private readonly ResolvedOptions _settings = host.Settings;
    private readonly RunRecords _records = host.Records;

    /// <summary>The host's gate; null without one.</summary>
    public GatedRuns? Gated { get; } = host.Settings.Options.Gate is { } gate ? new GatedRuns(gate, host.Settings, host.Records.Ids) : null;

    /// <summary>Notified of every run, for tests that need to know which script a worker got.</summary>
    public IRunObserver? Watcher { get; set; }

    /// <summary>Checks the options of a run, and takes its tools.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or a tool needs something that the host does not have.</exception>
    public void Check(RunOptions? options)
    {
        if (options is not null) OptionsCheck.Check(options, _settings.Sizes);
        if (options?.Globals is { } given) _settings.Libraries.CheckGlobals(given);
        if (options?.Conversation is not null && _settings.Options.DoubleVm is not null)
            throw new ArgumentException("Conversation is set: a host with a second isolate (EnclaveOptions.DoubleVm) keeps no values of conversations.");
        if (ToolCollection.Of(options) is { } tools) OptionsCheck.Take(tools, _settings.Options);
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
        Task<ExecutionResult> run = Gated is null
            ? BeginAsync(code, options, hooks, pass: null, cancellationToken)
            : PassAsync(Gated, code, options, hooks, cancellationToken);
        return options?.SavedScript is { } script ? NamedAsync(run, script) : run;
    }

    /// <summary>A run of a saved script says which one it was.</summary>
    private static async Task<ExecutionResult> NamedAsync(Task<ExecutionResult> run, string script) =>
        await run.ConfigureAwait(false) with { Script = script };

    private Task<ExecutionResult> BeginAsync(string code, RunOptions? options, RunHooks hooks, RunPass? pass, CancellationToken cancellationToken)
    {
        RequestedRun asked = _records.Begin(code, options, _settings.GlobalsOf(options), _settings.GlobalNamesOf(options), hooks, AuditedRunKind.Run);
        if (pass is not null) asked = asked with { Pass = pass };
        // A run that is cancelled before it begins is neither counted nor measured.
        return _records.Telemetry.IsWatched && !cancellationToken.IsCancellationRequested
            ? WatchedAsync(asked, cancellationToken)
            : ObserveAsync(asked, cancellationToken);
    }

    /// <summary>Runs a program that a feature starts.</summary>
    public Task<ExecutionResult> RunAsync(FeatureRun run, CancellationToken cancellationToken)
    {
        RunHooks hooks = Watcher is null ? run.Hooks : run.Hooks with { Observers = [.. run.Hooks.Observers, Watcher] };
        // A rehearsal calls nothing, and does not count as a run of a tenant.
        Task<ExecutionResult> begun = Gated is null || run.Kind == AuditedRunKind.Replay
            ? BeginAsync(run, run.Options, hooks, pass: null, cancellationToken)
            : Gated.RunAsync(run.Options, hooks, (pass, watched, token) => BeginAsync(run, pass.Options, watched, pass, token), cancellationToken);
        return run.Options.SavedScript is { } script ? NamedAsync(begun, script) : begun;
    }

    private Task<ExecutionResult> BeginAsync(FeatureRun run, RunOptions options, RunHooks hooks, RunPass? pass, CancellationToken cancellationToken)
    {
        RequestedRun asked = _records.Begin(run.Code, options, run.Globals, run.GlobalNames, hooks, run.Kind) with
        {
            Determinism = run.Determinism,
            Rewrite = run.Rewrite,
            Pass = pass,
        };
        if (_records.Telemetry.IsWatched && run.Determinism is null or { IsMeasured: true }) return WatchedAsync(asked, cancellationToken);
        // A recording is of the caller's program, not of another that a feature made of it.
        return run is { Determinism: null, Rewrite: null } ? ObserveAsync(asked, cancellationToken) : BeginAsync(asked, cancellationToken);
    }

    /// <summary>A method of its own: a run without a gate does not pay for the lambda.</summary>
    private Task<ExecutionResult> PassAsync(GatedRuns gated, string code, RunOptions? options, RunHooks hooks, CancellationToken cancellationToken) =>
        gated.RunAsync(options, hooks, (pass, watched, token) => BeginAsync(code, pass.Options, watched, pass, token), cancellationToken);

    /// <summary>Async, so that the run's activity is current only inside.</summary>
    private async Task<ExecutionResult> WatchedAsync(RequestedRun asked, CancellationToken cancellationToken)
    {
        using RunTelemetry telemetry = _records.Telemetry.Begin(asked.RunId, asked.Options, cancellationToken);
        return telemetry.Answered(await ObserveAsync(asked with { Telemetry = telemetry }, cancellationToken).ConfigureAwait(false));
    }

    private Task<ExecutionResult> ObserveAsync(RequestedRun asked, CancellationToken cancellationToken)
    {
        IReadOnlyList<IRunFeature> observers = RunFeatures.ObserversOf(host, asked);
        return observers.Count == 0 ? BeginAsync(asked, cancellationToken) : ObserveAsync(observers, asked, cancellationToken);
    }

    private Task<ExecutionResult> ObserveAsync(IReadOnlyList<IRunFeature> observers, RequestedRun asked, CancellationToken cancellationToken)
    {
        foreach (IRunFeature feature in observers)
        {
            if (feature.Observe(host, asked, (observed) => BeginAsync(observed, cancellationToken)) is { } observed) return observed;
        }

        return BeginAsync(asked, cancellationToken);
    }

    private Task<ExecutionResult> BeginAsync(RequestedRun asked, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return unstarted.Cancelled(asked, cancellationToken);
        if (asked.Pass is { Refusal: { } refusal, Waited: var waited }) return unstarted.Refused(asked, refusal, waited);
        if (_records.Audit is { RefusesRuns: true } audit) return unstarted.RefusedByAudit(asked, audit);
        return steps is null ? unstarted.Refused(asked, unavailable!) : steps.RunAsync(asked, cancellationToken);
    }
}
